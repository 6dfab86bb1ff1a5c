"""Problems as pages say them: in words for somebody who has pages and no command, and without places of programs."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from service.errors import Problem

NO_POLICY = "no-policy"
_INSTEAD = MappingProxyType(
    {
        NO_POLICY: "Choose your school's policy on the page Settings: its rules decide who is due what.",
        "unknown-policy": "Your school's policy is not here any more. Choose another one on the page Settings.",
        "unknown-shape": "We do not know which program wrote this file. Export the table as CSV or Excel instead.",
        "nul-byte": "This file is damaged here. Export it again.",
        "unknown-encoding": "The letters of this file cannot be read. Export it again, as an Excel file (.xlsx).",
    }
)
"""Sentences in the place of those that name commands, files of the server or requests, by the problem's code."""


def for_page(problem: Problem) -> Problem:
    """A problem as a page says it."""
    detail = _INSTEAD.get(problem.code, problem.detail).replace("2026-11-20", "20/11/2026")
    return replace(problem, detail=detail, pointer="")

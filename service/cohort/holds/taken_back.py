"""Rows of a history that may say that something was not sent or was taken back, and that count all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.cohort.sheet import Sheet
from service.errors import Problem

_TAKEN_BACK = re.compile(
    r"\b(withdrawn|withdrew|cancel\w*|rescinded|revoked|retracted|void(ed)?|disregard|draft(ed)?|"
    r"(not|never) (yet )?(been )?(sent|posted|issued|printed)|unsent|un ?issued|in error|by mistake|"
    r"return(ed)? to sender|undelivered|not delivered)\b",
    re.I,
)
_SIGNS = re.compile(r"[\W_]+")
_READ_IT = (
    "This may say that it was not sent, or was taken back, and it was counted. Delete the row if nobody got it; else "
    "delete these words."
)
_SAYS_SO_ITSELF = "withdrawn"
"""Part of the name of an event that is that something was withdrawn."""


def find_taken_back(sheet: Sheet) -> Iterator[tuple[str, Problem]]:
    """The pupils with such a row, and what to do about it."""
    places = sheet.headings.places
    named = [places[word] for word in ("event", "on", "recipient", "by") if word in places]
    passed_over = {*named, sheet.key_place}
    for number, row in sheet.rows():
        if _SAYS_SO_ITSELF in sheet.cell(row, "event").casefold():
            continue
        for place in _places_that_say_so(row, passed_over):
            heading = sheet.headings.cells[place].strip() if place < len(sheet.headings.cells) else ""
            yield sheet.key_of(row), sheet.problem("taken-back", _READ_IT, number, heading)


def _places_that_say_so(row: Sequence[str], passed_over: set[int | None]) -> Iterator[int]:
    for place, cell in enumerate(row):
        if cell and place not in passed_over and _TAKEN_BACK.search(_SIGNS.sub(" ", cell)):
            yield place

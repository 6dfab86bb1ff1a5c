"""Marks that an export writes in words: "Present", "Illness (not medical or dental appointment)"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from service.attendance.codes import CODES, ReadCode

_NO_LETTERS = re.compile(r"[^a-z]+")
_WITH_WORDS = re.compile(r"([A-Za-z]\d?|[/\\])\s*[-\N{EN DASH}:(]\s*\w[^/\\]*")
"""A code with words or minutes behind it: I - Illness, L (12)."""
_PRESENT = frozenset(("present", "presentam", "presentpm", "attended", "attending"))


@lru_cache(maxsize=1)
def shipped_words() -> Mapping[str, Sequence[str]]:
    """The words for each code, as mark_words.toml lists them."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    listed = {_fold(words): code for code, many in shipped_words().items() for words in many}
    return {_fold(code.meaning): code.code for code in CODES.values()} | listed


def _fold(text: str) -> str:
    return _NO_LETTERS.sub("", text.casefold())


def code_before_words(text: str) -> str:
    """The code that stands before words or minutes: I of "I - Illness", L of "L (12)"; "" where there are none."""
    found = _WITH_WORDS.fullmatch(text)
    return found[1] if found else ""


@lru_cache(maxsize=2048)
def read_word(text: str, half: int) -> ReadCode | None:
    """The code that words mean, for the morning (half 0) or the afternoon; None for words that nobody knows."""
    folded = _fold(text)
    if folded in _PRESENT:
        return ReadCode(CODES["/\\"[half]].byte, "")
    code = _codes().get(folded)
    return ReadCode(CODES[code].byte, "") if code else None

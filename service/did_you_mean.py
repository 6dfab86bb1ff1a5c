"""The known word that a misspelt one was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST_WORD = 100
"""Characters of a word that may be another one misspelt; comparing longer ones takes seconds and gigabytes."""


SURE = 0.75
"""How near a word must be where another one would be wrong about a child: a register's code, a letter that was sent."""


def did_you_mean(word: str, known: Iterable[str], least: float = 0.6) -> str:
    """' Did you mean "…"?' for a misspelt word, or nothing when no known word is near enough, from 0 to 1."""
    if len(word) > _LONGEST_WORD:
        return ""
    short = [one for one in known if len(one) <= _LONGEST_WORD]
    near = difflib.get_close_matches(word, short, n=1, cutoff=least)
    if not near or (least >= SURE and _digits(near[0]) != _digits(word)):
        return ""
    return f' Did you mean "{near[0]}"?'


def _digits(word: str) -> str:
    """The digits of a word: another number is no misspelling."""
    return "".join(filter(str.isdigit, word))

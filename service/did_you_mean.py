"""The known word that a misspelt one was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST_WORD = 100
"""Characters of a word that may be another one misspelt; comparing longer ones takes seconds and gigabytes."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """' Did you mean "…"?' for a misspelt word, or nothing when no known word is near."""
    if len(word) > _LONGEST_WORD:
        return ""
    short = [one for one in known if len(one) <= _LONGEST_WORD]
    near = difflib.get_close_matches(word, short, n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""

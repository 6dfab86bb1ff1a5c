"""Headings that are misspelt: which word they probably mean, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import NamedTuple

SURE = 0.93
"""A likeness from here on is a slip of a letter or two in a long heading; it is used, and said."""
LIKELY = 0.75
"""A likeness from here on is worth a question."""
_SHORTEST = 8
_CLOSE_SECOND = 0.05
_SLIP = 0.8
_SHORTEST_WORD = 5
_WORDS = re.compile(r"[a-z]+|\d+")
_DIGITS = re.compile(r"\d+")


class NearHeading(NamedTuple):
    """What a misspelt heading probably means: the word, the heading that it resembles, and whether that is sure."""

    word: str
    known: str
    is_sure: bool


def find_near(
    heading: str, folded: str, names: Mapping[str, tuple[str, str]], taken: Collection[str]
) -> NearHeading | None:
    """The word that a heading resembles most; `names` maps folded headings to word and heading as written.

    Only a slip of the pen counts: each word of the heading must be nearly a word of the known one. A short heading,
    other digits, two likely words, or a word that another column holds already are never sure.
    """
    digits = _DIGITS.findall(folded)
    candidates = [name for name in names if _DIGITS.findall(name) == digits]
    close = get_close_matches(folded, candidates, n=4, cutoff=LIKELY)
    if not close or len(folded) < 4 or ("%" in folded) != ("%" in close[0]):
        return None
    word, known = names[close[0]]
    if not _is_a_slip(heading, known):
        return None
    first = _likeness(folded, close[0])
    others = [_likeness(folded, name) for name in close[1:] if names[name][0] != word]
    is_sure = (
        first >= SURE
        and len(folded) >= _SHORTEST
        and word not in taken
        and all(other < first - _CLOSE_SECOND for other in others)
    )
    return NearHeading(word, known, is_sure)


def _is_a_slip(heading: str, known: str) -> bool:
    """Whether two headings have the same words but for letters: "House Name" is no slip of "Chosen Name"."""
    one, other = (_WORDS.findall(text.casefold()) for text in (heading, known))
    if len(one) != len(other):
        return _likeness("".join(one), "".join(other)) >= SURE
    return all(
        a == b or (len(a) >= _SHORTEST_WORD and _likeness(a, b) >= _SLIP) for a, b in zip(one, other, strict=True)
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()

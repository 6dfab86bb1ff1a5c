"""The sentence that somebody adds to one letter: read as one line of plain text, and which way its script runs."""

from __future__ import annotations

import unicodedata

from service.attendance.reading.value_kinds import find_text_fault

LONGEST_SENTENCE = 300
"""Characters: three lines and a half, with which nearly every letter still ends on its page."""


def read_sentence(text: str) -> str:
    """The sentence on one line: line breaks and tabs become spaces; "" where there is none."""
    return " ".join(text.split())


def find_sentence_fault(sentence: str) -> str:
    """Why a sentence, read to one line, cannot stand in a letter; "" where it can."""
    if fault := find_text_fault(sentence):
        return str(fault)
    if len(sentence) > LONGEST_SENTENCE:
        return (
            f"Shorten the personal sentence: it has {len(sentence)} characters, and a letter takes {LONGEST_SENTENCE}."
        )
    return ""


def runs_from_right(sentence: str) -> bool:
    """Whether its first letter is of a script that runs from right to left."""
    kinds = (unicodedata.bidirectional(character) for character in sentence)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)

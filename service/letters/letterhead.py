"""A letterhead that is half known: an address without its beginning or its postcode, or TBC in a word's place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.attendance.school import SCHOOL_ADDRESS, School
from service.errors import Problem

_STOPGAP = re.compile(
    r"tb[ac]|n/?a|none|unknown|not known|to be confirmed|todo|x{2,}|[.?…-]+|[\[<{].*[\]>}]|your school.*", re.I
)
_ENDS = (SCHOOL_ADDRESS[0], "school_postcode")


def find_half_letterhead(school: School) -> Iterator[Problem]:
    """What the letterhead lacks, or has only a stopgap for."""
    if any(school.word(word) for word in (*SCHOOL_ADDRESS, "school_postcode")):
        for word in _ENDS:
            if not school.word(word):
                sentence = f"Add the {_say(word)}: half of an address is no letterhead."
                yield Problem("half-letterhead", sentence, "/school")
    for word, value in school.words.items():
        if word != "logo" and _STOPGAP.fullmatch(value.strip()):
            sentence = f"Write the {_say(word)}, or leave it out: {value.strip()} is none."
            yield Problem("half-letterhead", sentence, "/school")


def _say(word: str) -> str:
    return (
        word.replace("_", " ")
        .replace("school address", "school's address")
        .replace("school postcode", "school's postcode")
    )

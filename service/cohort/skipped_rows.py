"""Rows of a table that are about nobody: totals, averages, rows of a group, and remarks below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from service.cohort.columns.headings import Headings
from service.cohort.keys import NAME_KEY

_TOTAL = re.compile(
    r"(grand |sub-?|column |overall |school |group )?(totals?|averages?|mean|overall|sum)(?![\w-]).*", re.I
)
_GROUP_ROW = re.compile(
    r"(?:(?:year|yr|y|form|class|tutor group|reg group|house)[\s-]*)?(?:\d{1,2}[a-z]?|r|reception|nursery)?"
    r"[\s:-]*(?:totals?|averages?|mean|overall)?|(?:whole|entire) school|all (?:years|pupils|students|groups)",
    re.I,
)
"""What a row about a group is called, between the rows of pupils: Year 8, Y8 total, 9 Average, Whole School."""
_OF_WHOM = (
    "upn", "pupil_reference", "full_name", "last_name", "first_name", "registration_group", "date_of_birth",
)  # fmt: skip
_BARE_TOTAL = re.compile(r"(grand |sub-?|overall )?(totals?|averages?|mean|overall|sum)( for .*)?[\s:]*", re.I)


def is_total(row: Sequence[str], headings: Headings, key_of: Callable[[Sequence[str]], str]) -> bool:
    """Whether a row holds totals: its first filled cell says so, and no identifier stands beside it."""
    place, first = next(((place, cell.strip()) for place, cell in enumerate(row) if cell.strip()), (0, ""))
    if _GROUP_ROW.fullmatch(first) and _is_group(row, place, first, headings):
        return True
    if not _TOTAL.fullmatch(first):
        return False
    key = key_of(row)
    return not key or key.startswith(NAME_KEY) or bool(key == first.upper() and _BARE_TOTAL.fullmatch(first))


def _is_group(row: Sequence[str], place: int, first: str, headings: Headings) -> bool:
    """Whether a row is about a group: its name stands where a pupil's would, with nothing that a pupil has."""
    columns = {headings.places[word] for word in _OF_WHOM if word in headings.places}
    if not headings.has_names or place not in columns or not re.search("[a-z]", first, re.I):
        return False
    return not any(row[other].strip() for other in columns if other != place and other < len(row))


def is_footnote(row: Sequence[str], headings: Headings) -> bool:
    """Whether a row is a remark below the table: one cell of several words, where pupils have more."""
    if len(row) - row.count("") != 1 or headings.known < 2:
        return False
    return " " in next(cell for cell in row if cell).strip()

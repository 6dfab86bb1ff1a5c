"""Headings of a week's grid (Mon AM, Monday PM, or Mon with both halves in one cell), and one pupil's certificate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from service.cohort.columns.aliases import Aliases, fold_heading

_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri)(?:day|s|sday|nesday|r|rs|ursday|rsday)?[\s.,:_-]*(am|pm)?", re.I)
_WEEKDAYS = "mon tue wed thu fri".split()
_FEWEST = 4


class WeekColumn(NamedTuple):
    """A column of a week's grid: its place, its weekday from 0, and 0 for the morning, 1 for the afternoon, None for
    both in one cell."""

    place: int
    weekday: int
    half: int | None


def read_week_column(heading: str, place: int) -> WeekColumn | None:
    """The weekday and half that a heading means; None when it means none."""
    found = _WEEKDAY.fullmatch(heading.strip())
    if not found:
        return None
    half = int(found[2].upper() == "PM") if found[2] else None
    return WeekColumn(place, _WEEKDAYS.index(found[1].lower()), half)


def find_certificate(rows: Sequence[Sequence[str]], aliases: Aliases) -> int:
    """The number of the row that heads one pupil's certificate: a week, the weekdays, and nobody's name; else 0."""
    for number, row in enumerate(rows, 1):
        words = {aliases.words.get(fold_heading(cell), "") for cell in row}
        days = sum(read_week_column(cell, 0) is not None for cell in row)
        if "week" in words and days >= _FEWEST and not words & {"upn", "pupil_reference", "full_name", "last_name"}:
            return number
    return 0

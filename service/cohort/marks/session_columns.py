"""Headings of wide marks -> the session that a column holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from service.attendance.calendar import SchoolCalendar, school_year_of
from service.attendance.reading.value_kinds import read_day

_HALF = re.compile(r"(?:(AM|PM)[\s:,/_-]*(.+)|(.+?)[\s:,/_(-]*(AM|PM)\)?)", re.I)
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[\s.,]+", re.I)
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s/.-]+([a-z]{3,9})\.?(?:[\s/.,-]+(\d{4}|\d{2}))?", re.I)
_DAY_AND_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_NAMES = "january february march april may june july august september october november december".split()
_WEEKDAYS = "mon tue wed thu fri sat sun".split()


_LONGEST = 100
"""Characters: the search for AM or PM takes the square of them."""


class SessionColumn(NamedTuple):
    """A column of wide marks: its place, its day, and 0 for the morning or 1 for the afternoon.

    Where the heading names no year, `day` is None and `without_year` is the day, the month and the weekday (or None).
    """

    place: int
    day: date | None
    half: int
    without_year: tuple[int, int, int | None] = (0, 0, None)

    def days_within(self, calendar: SchoolCalendar, on: date | None = None) -> list[date]:
        """The days that the heading can mean within the terms of a calendar; without one, and with a weekday that fits,
        the day in the school year of the decision."""
        if self.day:
            return [self.day]
        day, month, weekday = self.without_year
        if not calendar.is_known and on and weekday is not None:
            first = school_year_of(on)
            named = _day_of(first.year + (month < first.month), month, day)
            return [named] if named and named.weekday() == weekday else []
        found = (_day_of(year, month, day) for year in _years_of(calendar))
        return [day for day in found if day and calendar.covers(day) and weekday in (None, day.weekday())]


def read_session_column(heading: str, place: int) -> SessionColumn | None:
    """The session that a heading means, such as "02/09/2026 AM" or "Mon 02 Sep PM"; None when it means none."""
    found = _HALF.fullmatch(heading.strip()) if len(heading) <= _LONGEST else None
    if not found:
        return None
    half = int((found[1] or found[4]).upper() == "PM")
    rest = (found[2] or found[3]).strip(" :,()-")
    named = _WEEKDAY.match(rest)
    weekday = _WEEKDAYS.index(named[1].lower()) if named else None
    text = rest[named.end() :] if named else rest
    day = read_day(text, british=True) or _read_named(text)
    if isinstance(day, date):
        return SessionColumn(place, day, half)
    parts = day or _read_day_and_month(text)
    return SessionColumn(place, None, half, (*parts, weekday)) if parts else None


def _read_named(text: str) -> date | tuple[int, int] | None:
    """2 Sep 2026 is a day, 2 Sep a day and a month."""
    found = _NAMED.fullmatch(text)
    if not found:
        return None
    name = found[2].lower()
    if name not in _MONTH_NAMES and name not in (*_MONTHS, "sept"):
        return None
    month = _MONTHS.index(name[:3]) + 1
    if not found[3]:
        return _known_day(int(found[1]), month)
    return _day_of(int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3]), month, int(found[1]))


def _read_day_and_month(text: str) -> tuple[int, int] | None:
    found = _DAY_AND_MONTH.fullmatch(text)
    return _known_day(int(found[1]), int(found[2])) if found else None


def _known_day(day: int, month: int) -> tuple[int, int] | None:
    return (day, month) if _day_of(2024, month, day) else None


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _years_of(calendar: SchoolCalendar) -> Sequence[int]:
    terms = calendar.terms
    return range(terms[0].first.year, terms[-1].last.year + 1) if terms else ()


def repeated_sessions(columns: Sequence[SessionColumn]) -> Iterator[int]:
    """The places of columns whose session stands in an earlier column too."""
    seen: set[tuple[object, ...]] = set()
    for column in columns:
        session = column[1:]
        if session in seen:
            yield column.place
        seen.add(session)

"""The register as forms show it: weeks of marks, and the days of an absence that is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from service.attendance.calendar import SchoolCalendar, monday_of, school_year_of
from service.attendance.codes import ABSENT, CODES, NOT_COUNTED, Kind
from service.attendance.register import Mark, Register
from service.decisions.thresholds import Threshold

_MOST_WEEKS = 60
_CLOSED = CODES["#"].code


@dataclass(frozen=True, slots=True)
class Day:
    """One day's codes as the register has them, "" where there is none or the school was closed."""

    day: date
    codes: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Week:
    """A school week: its Monday, the five days from it, and the sessions missed in it."""

    monday: date
    days: tuple[Day, ...]
    missed: int


def list_weeks(register: Register, calendar: SchoolCalendar, on: date) -> list[Week]:
    """The weeks in session of the school year up to a day, from the first one with a mark, in order.

    A week is in session when the calendar says so or a mark stands in it that is neither administrative nor missing.
    """
    by_week: dict[date, list[Mark]] = {}
    for mark in register.marks_between(school_year_of(on), on):
        by_week.setdefault(monday_of(mark.day), []).append(mark)
    mondays = {monday for monday, marks in by_week.items() if any(map(_is_in_session, marks))}
    if mondays:
        begun = min(mondays)
        mondays |= {monday for monday in calendar.school_weeks(on, _MOST_WEEKS) if monday >= begun}
    return [_week(monday, by_week.get(monday, [])) for monday in sorted(mondays)]


def _is_in_session(mark: Mark) -> bool:
    return CODES[mark.code].kind not in (Kind.ADMINISTRATIVE, Kind.MISSING)


def _week(monday: date, marks: Sequence[Mark]) -> Week:
    days = tuple(_day(monday + timedelta(days=n), marks) for n in range(5))
    return Week(monday, days, sum(CODES[mark.code].byte in ABSENT for mark in marks))


def _day(day: date, marks: Sequence[Mark]) -> Day:
    codes = {mark.session: mark.code for mark in marks if mark.day == day and mark.code != _CLOSED}
    return Day(day, (codes.get("AM", ""), codes.get("PM", "")))


def list_sickness(register: Register, on: date, threshold: Threshold | None) -> list[date]:
    """The school days that a sickness return reports, in order.

    All days of illness in the school year where there are enough for a return, else those of the absence that still
    goes on.
    """
    days = illness_days(register, on)
    return days if threshold and threshold.is_reached(len(days)) else _illness_run(register, on)


def illness_days(register: Register, on: date) -> list[date]:
    """The days with code I in the school year up to a day, in order."""
    marks = register.marks_between(school_year_of(on), on)
    return list(dict.fromkeys(mark.day for mark in marks if mark.code == "I"))


def _illness_run(register: Register, on: date) -> list[date]:
    """The run of school days with illness that ends with the last day having a possible session."""
    ill = set(illness_days(register, on))
    marks = register.marks_between(school_year_of(on), on)
    possible = dict.fromkeys(mark.day for mark in marks if CODES[mark.code].byte not in NOT_COUNTED)
    return list(takewhile(ill.__contains__, reversed(possible)))[::-1]


def list_days(register: Register, days: Sequence[date]) -> list[Day]:
    """These days with their codes."""
    return [_day(day, list(register.marks_between(day, day))) for day in days]

"""The last ten school weeks, the last fifteen school days: where they begin, with holidays left out."""

from __future__ import annotations

from datetime import date, timedelta

from service.attendance.calendar import SchoolCalendar, monday_of
from service.attendance.register import Register

_DAY = timedelta(days=1)


def first_of_school_weeks(number: int, on: date, calendar: SchoolCalendar, register: Register | None) -> date:
    """The Monday of the nth school week back; beyond the calendar, weeks in which the pupil could attend."""
    weeks = calendar.school_weeks(on, number)
    if register and (len(weeks) < number or not calendar.covers(on)):
        own = register.weeks_with_sessions(register.start, on)
        weeks = sorted({*weeks, *(week for week in own if not weeks or not weeks[0] <= week <= weeks[-1])})
    return weeks[-number:][0] if weeks else monday_of(on) - timedelta(weeks=number - 1)


def first_of_school_days(number: int, on: date, calendar: SchoolCalendar) -> date:
    """The nth school day back, `on` included when the school is open on it."""
    day = on
    counted = int(calendar.is_open(day))
    while counted < number and day > on - timedelta(days=3 * number + 120):
        day -= _DAY
        counted += calendar.is_open(day)
    return day

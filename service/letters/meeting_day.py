"""Whether people can come to a meeting on the day that a letter names."""

from __future__ import annotations

from datetime import date

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.value_kinds import read_day
from service.decisions.wording import say_day


def unfit_meeting_day(meeting_date: str, on: date, calendar: SchoolCalendar) -> str:
    """What to do about the day of a meeting that a letter of `on` invites to; "" where nothing is wrong with it.

    A day beyond the calendar is taken as it is, and so are words that are no date.
    """
    day = read_day(meeting_date, british=True)
    if day is None:
        return ""
    if day <= on:
        return f"Choose a later day for the meeting: it is not after the date of the letter, {say_day(on)}."
    if day < calendar.arrival_of(on):
        return "Choose a later day for the meeting: the letter arrives after it."
    if calendar.covers(day) and not calendar.is_open(day):
        return "Choose a school day for the meeting: the school is closed on that day."
    return ""

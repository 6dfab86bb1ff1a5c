"""Whether so many sessions can have been possible in a summary's period."""

from __future__ import annotations

from datetime import date, timedelta

from service.attendance.calendar import school_year_of
from service.attendance.record import Summary
from service.errors import Problem

_FRIDAY = 4


def find_too_many(summary: Summary, on: date) -> Problem | None:
    """A problem where more sessions were possible than the weekdays of the period have."""
    first = summary.period_start or school_year_of(on)
    last = min(summary.period_end or on, on)
    possible = summary.figures.get("sessions_possible")
    days = sum((first + timedelta(days=n)).weekday() <= _FRIDAY for n in range((last - first).days + 1))
    if possible is None or possible <= 2 * days or first < school_year_of(on):
        return None
    sentence = (
        f"{possible} possible sessions do not fit {first:%d/%m/%Y} to {last:%d/%m/%Y}, which have at most {2 * days}. "
        "Export the figures of this school year, and say from which day to which they are."
    )
    return Problem("too-many-sessions", sentence, "/sessions_possible")

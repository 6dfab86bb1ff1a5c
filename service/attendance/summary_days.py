"""Whether the figures of a summary can be of the days that they are said to be of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.attendance.calendar import school_year_of
from service.attendance.record import Summary
from service.errors import Problem

_FRIDAY = 4
WHAT_TO_DO = "Export the figures of this school year."


def find_other_days(summary: Summary, on: date) -> Iterator[Problem]:
    """What is wrong with the days of a summary, where a decision of a day is asked for."""
    yield from (problem for problem in (_find_too_many(summary, on), _find_earlier(summary, on)) if problem)


def _find_too_many(summary: Summary, on: date) -> Problem | None:
    """A problem where more sessions were possible than the weekdays of the period have."""
    first = summary.period_start or school_year_of(on)
    last = min(summary.period_end or on, on)
    possible = summary.figures.get("sessions_possible")
    days = _count_weekdays(first, last)
    if possible is None or possible <= 2 * days or first < school_year_of(on):
        return None
    sentence = (
        f"{possible} possible sessions do not fit {first:%d/%m/%Y} to {last:%d/%m/%Y}, which have at most {2 * days}. "
        "Export the figures of this school year, and say from which day to which they are."
    )
    return Problem("too-many-sessions", sentence, "/sessions_possible")


def _count_weekdays(first: date, last: date) -> int:
    weeks, rest = divmod(max(0, (last - first).days + 1), 7)
    return 5 * weeks + sum((first.weekday() + n) % 7 <= _FRIDAY for n in range(rest))


def _find_earlier(summary: Summary, on: date) -> Problem | None:
    """A problem where the period ended before this school year."""
    first, last = summary.period_start, summary.period_end
    if last is None or last >= school_year_of(on):
        return None
    days = f"{first:%d/%m/%Y} to {last:%d/%m/%Y}" if first else f"the days up to {last:%d/%m/%Y}"
    return Problem("earlier-year", f"These figures are for {days}. {WHAT_TO_DO}", "/period_end")

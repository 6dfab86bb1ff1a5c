"""A summary beside marks: whether both say the same, but for the sessions after the last mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from service.attendance.calendar import SchoolCalendar, school_year_of
from service.attendance.counting_marks import count_sessions
from service.attendance.record import Summary
from service.attendance.register import Register
from service.errors import Problem

_WHAT_TO_DO = "Find out which is right."
_COMPARED = ("possible", "attended", "authorised", "unauthorised")


def find_disagreements(register: Register, summary: Summary, calendar: SchoolCalendar, on: date) -> Iterator[Problem]:
    """A hold for each figure of a summary that the marks contradict, with both figures."""
    first = summary.period_start or school_year_of(on)
    last = min(summary.period_end or on, on)
    counts = count_sessions(register.between(first, last))
    after = max(register.last + timedelta(days=1), first)
    more = 2 * calendar.count_open_days(after, last) if after <= last else 0
    for word in _COMPARED:
        given, counted = summary.figures.get(f"sessions_{word}"), int(getattr(counts, word))
        if given is not None and not counted <= given <= counted + more:
            sentence = (
                f"The summary has {given} sessions {word}, the marks have {counted}"
                f"{f' and at most {more} more after the last mark' if more else ''}. {_WHAT_TO_DO}"
            )
            yield Problem("summary-disagrees", sentence, f"/sessions_{word}")


def say_disagreements(found: Iterable[Problem]) -> str:
    """All of them in one piece, for a pupil of whom the marks alone may ask for no letter; "" where there are none."""
    told = " ".join(problem.detail.removesuffix(f" {_WHAT_TO_DO}") for problem in found)
    return f"{told} {_WHAT_TO_DO}" if told else ""

"""Lists of absences without the sessions that were attended: no percentage can be worked out from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from service.attendance.calendar import school_year_of
from service.attendance.codes import CODES
from service.attendance.counting_marks import count_sessions
from service.attendance.record import Exact, Summary
from service.attendance.register import Register

_PRESENT = (CODES["/"].byte, CODES["\\"].byte)
_WEEK = 14
"""The places of a week in a register."""
_COUNTED = {
    "sessions_unexplained": "N",
    "sessions_illness": "I",
    "sessions_medical": "M",
    "sessions_holiday": "G",
    "sessions_late_after_close": "U",
}


def has_only_absences(registers: Iterable[bytes | bytearray]) -> bool:
    """Whether nobody has a mark for being present, though the marks lie more than a week apart."""
    first, last = None, 0
    for marks in registers:
        if any(code in marks for code in _PRESENT):
            return False
        if filled := len(marks.rstrip(b"\0")):
            empty = len(marks) - len(marks.lstrip(b"\0"))
            first, last = empty if first is None else min(first, empty), max(last, filled)
    return first is not None and last - first > _WEEK


def summary_of_absences(register: Register, on: date | None) -> Summary:
    """What a list of absences says of this school year: how many sessions of which kind, and nothing of the others."""
    first = school_year_of(on) if on else register.start
    last = on or register.last
    marks = register.between(first, last)
    counts = count_sessions(marks)
    figures: dict[str, Exact] = {word: marks.count(CODES[code].byte) for word, code in _COUNTED.items()}
    figures |= {"sessions_authorised": counts.authorised, "sessions_unauthorised": counts.unauthorised}
    unexplained = [mark.day for mark in register.marks_between(first, last) if mark.code == "N"]
    return Summary(figures, unexplained_since=unexplained[0] if unexplained else None)


def with_absences(told: Summary | None, counted: Summary) -> Summary:
    """What a list of absences says, with what was told besides; a report with its own possible sessions says it all."""
    if told is None:
        return counted
    if "sessions_possible" in told.figures:
        return told
    since = told.unexplained_since or counted.unexplained_since
    return replace(told, figures={**counted.figures, **told.figures}, unexplained_since=since)

"""Absences as a letter lists them."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from service.attendance.codes import CODES, NOT_COUNTED
from service.attendance.register import Mark, Register
from service.decisions.facts import Facts
from service.decisions.unexplained import outstanding_sessions
from service.decisions.windows.window import Span
from service.decisions.wording import say_day

KINDS = {
    "I": "Illness",
    "M": "Medical or dental appointment",
    "G": "Holiday without leave",
    "N": "Reason not yet given",
    "O": "Unauthorised absence",
    "U": "Arrived after the register closed",
}
"""What a letter calls an absence with each of these codes."""
HALVES = ("AM", "PM")
SESSIONS = {"AM": "Morning", "PM": "Afternoon"}


def list_absences(register: Register | None, span: Span, codes: str) -> list[dict[str, str]]:
    """The absences with one of these codes, oldest first; sessions one after another with the same code are one row.

    Each row has dates ("5 to 7 October 2026"), sessions (digits) and kind; none where only a summary is known.
    """
    if register is None:
        return []
    marks = [mark for mark in register.marks_between(span.first, span.last) if CODES[mark.code].byte not in NOT_COUNTED]
    runs = (list(run) for code, run in groupby(marks, key=lambda mark: mark.code) if code in codes)
    return [_row(run) for run in runs]


def _row(run: list[Mark]) -> dict[str, str]:
    first, last = run[0].day, run[-1].day
    return {"dates": say_days(first, last), "sessions": str(len(run)), "kind": KINDS[run[0].code]}


def say_days(first: date, last: date) -> str:
    """5 October 2026; 5 to 7 October 2026; 30 September to 2 October 2026."""
    if first == last:
        return say_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {say_day(last)}"
    opening = say_day(first) if first.year != last.year else f"{first.day} {first:%B}"
    return f"{opening} to {say_day(last)}"


def list_unexplained(facts: Facts) -> list[dict[str, str]]:
    """The sessions marked N that still have no reason, oldest first; sessions one after another are one row.

    Each row has dates ("Monday 9 November 2026", "3 to 14 September 2026") and sessions ("Morning", "14 sessions").
    """
    missed = {(day, HALVES[half]) for day, half in outstanding_sessions(facts)}
    if facts.record.register is None or not missed:
        return []
    marks = facts.record.register.marks_between(min(missed)[0], max(missed)[0])
    counted = [mark for mark in marks if CODES[mark.code].byte not in NOT_COUNTED]
    runs = groupby(counted, key=lambda mark: (mark.day, mark.session) in missed)
    return [_unexplained_row(list(run)) for is_missed, run in runs if is_missed]


def _unexplained_row(run: list[Mark]) -> dict[str, str]:
    first, last = run[0], run[-1]
    dates = f"{first.day:%A} {say_day(first.day)}" if first.day == last.day else say_days(first.day, last.day)
    sessions = "All day" if first.day == last.day else f"{len(run)} sessions"
    return {"dates": dates, "sessions": SESSIONS[first.session] if len(run) == 1 else sessions}

"""The figures of a register worked out slowly and plainly, mark by mark, from lists of (day, session, code)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction

Mark = tuple[date, str, str]

ATTENDED = ["/", "\\", "L", "K", "V", "P", "W", "B", "J"]
AUTHORISED = ["C", "C1", "C2", "E", "I", "J1", "M", "R", "S", "T", "H", "F"]
UNAUTHORISED = ["G", "N", "O", "U"]
NOT_POSSIBLE = ["D", "Q", "X", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Z", "#", "Y", "-", "!", "@"]
ALL_CODES = [*ATTENDED, *AUTHORISED, *UNAUTHORISED, *NOT_POSSIBLE]


def between(marks: Iterable[Mark], first: date, last: date) -> list[Mark]:
    """The marks of some days, in the order of the register."""
    return sorted(mark for mark in marks if first <= mark[0] <= last)


def count(marks: list[Mark], codes: list[str]) -> int:
    """How many sessions have one of these codes."""
    return len([code for _, _, code in marks if code in codes])


def absent(marks: list[Mark]) -> int:
    """How many sessions were missed."""
    return count(marks, AUTHORISED) + count(marks, UNAUTHORISED)


def possible(marks: list[Mark]) -> int:
    """How many sessions could have been attended."""
    return count(marks, ATTENDED) + absent(marks)


def share(part: int, whole: int) -> Fraction:
    """A part of a whole in per cent; nothing of nothing is none."""
    return Fraction(100 * part, whole) if whole else Fraction(0)


def attendance(marks: list[Mark]) -> Fraction | None:
    """The attendance percentage; None without a possible session."""
    return share(count(marks, ATTENDED), possible(marks)) if possible(marks) else None


def spells(marks: list[Mark]) -> list[list[str]]:
    """The codes of each run of absence that no attended session interrupts."""
    found: list[list[str]] = [[]]
    for _, _, code in marks:
        if code in ATTENDED:
            found.append([])
        elif code in AUTHORISED or code in UNAUTHORISED:
            found[-1].append(code)
    return [run for run in found if run]


def days_with(marks: list[Mark], code: str) -> int:
    """On how many days a code stands at least once."""
    return len({day for day, _, found in marks if found == code})


def monday(day: date) -> date:
    """The Monday of a day's week."""
    while day.weekday():
        day -= timedelta(days=1)
    return day


def broken_weeks(marks: list[Mark]) -> int:
    """In how many weeks a session was missed."""
    return len({monday(day) for day, _, code in marks if code in AUTHORISED or code in UNAUTHORISED})


def weeks_with_sessions(marks: list[Mark]) -> list[date]:
    """The Mondays of the weeks in which a session could have been attended."""
    return sorted({monday(mark[0]) for mark in marks if possible([mark])})


def unauthorised_run(marks: list[Mark], on: date) -> list[date]:
    """The days at the end, each with possible sessions, all of which are unauthorised."""
    run: list[date] = []
    for day in sorted({day for day, _, _ in marks if day <= on}, reverse=True):
        own = [mark for mark in marks if mark[0] == day]
        if not possible(own):
            continue
        if count(own, UNAUTHORISED) < possible(own):
            break
        run.insert(0, day)
    return run


SLOW: Mapping[str, Callable[[list[Mark]], Fraction | int | None]] = {
    "sessions_possible": possible,
    "sessions_attended": lambda marks: count(marks, ATTENDED),
    "sessions_absent": absent,
    "sessions_authorised": lambda marks: count(marks, AUTHORISED),
    "sessions_unauthorised": lambda marks: count(marks, UNAUTHORISED),
    "sessions_unauthorised_not_holiday": lambda marks: count(marks, ["N", "O", "U"]),
    "sessions_late": lambda marks: count(marks, ["L"]),
    "sessions_late_after_close": lambda marks: count(marks, ["U"]),
    "sessions_unexplained": lambda marks: count(marks, ["N"]),
    "sessions_illness": lambda marks: count(marks, ["I"]),
    "sessions_medical": lambda marks: count(marks, ["M"]),
    "sessions_holiday": lambda marks: count(marks, ["G"]),
    "sessions_illness_or_medical": lambda marks: count(marks, ["I", "M"]),
    "sessions_absent_for_other_reasons": lambda marks: absent(marks) - count(marks, ["I", "M"]),
    "absence_spells": lambda marks: len(spells(marks)),
    "illness_or_medical_spells": lambda marks: len([run for run in spells(marks) if "I" in run or "M" in run]),
    "longest_absence": lambda marks: max([len(run) for run in spells(marks)], default=0),
    "illness_days": lambda marks: days_with(marks, "I"),
    "illness_or_medical_days": lambda marks: len({day for day, _, code in marks if code in ("I", "M")}),
    "attendance_percentage": attendance,
    "illness_or_medical_share": lambda marks: share(count(marks, ["I", "M"]), absent(marks)),
    "lateness_share": lambda marks: share(count(marks, ["L", "U"]), absent(marks) + count(marks, ["L"])),
    "broken_weeks": broken_weeks,
}
"""Every figure that follows from the marks of a window alone."""

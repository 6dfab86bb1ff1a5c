"""The named figures that a rule may ask about, counted from marks or taken from a summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from service.attendance.codes import CODES
from service.attendance.counting_marks import (
    count_days_with,
    count_sessions,
    count_spells,
    count_spells_with,
    longest_absence,
)
from service.attendance.record import Exact
from service.attendance.words import SUMMARY_FIGURES

_I, _M = CODES["I"].byte, CODES["M"].byte
_M_AS_I = bytes.maketrans(bytes((_M,)), bytes((_I,)))
_LATE, _LATE_AFTER, _N, _G = (CODES[code].byte for code in "LUNG")


class Figure(NamedTuple):
    """An exact figure: `part` alone is a count, or a percentage as given; a counted one is `part` of `whole`."""

    part: Exact
    whole: Exact | None = None

    @property
    def value(self) -> Exact:
        """The number that limits are compared with."""
        return self.part if self.whole is None else Fraction(100 * self.part, self.whole or 1)


def _ill(marks: bytes) -> int:
    return marks.count(_I) + marks.count(_M)


def _attendance(marks: bytes) -> Figure | None:
    counts = count_sessions(marks)
    return Figure(counts.attended, counts.possible) if counts.possible else None


def _illness_share(marks: bytes) -> Figure:
    return Figure(_ill(marks), count_sessions(marks).absent)


def _lateness_share(marks: bytes) -> Figure:
    late = marks.count(_LATE)
    return Figure(late + marks.count(_LATE_AFTER), count_sessions(marks).absent + late)


FROM_MARKS: Mapping[str, Callable[[bytes], Figure | None]] = {
    "sessions_possible": lambda marks: Figure(count_sessions(marks).possible),
    "sessions_attended": lambda marks: Figure(count_sessions(marks).attended),
    "sessions_absent": lambda marks: Figure(count_sessions(marks).absent),
    "sessions_authorised": lambda marks: Figure(count_sessions(marks).authorised),
    "sessions_unauthorised": lambda marks: Figure(count_sessions(marks).unauthorised),
    "sessions_unauthorised_not_holiday": lambda marks: Figure(count_sessions(marks).unauthorised - marks.count(_G)),
    "sessions_late": lambda marks: Figure(marks.count(_LATE)),
    "sessions_late_after_close": lambda marks: Figure(marks.count(_LATE_AFTER)),
    "sessions_unexplained": lambda marks: Figure(marks.count(_N)),
    "sessions_illness": lambda marks: Figure(marks.count(_I)),
    "sessions_medical": lambda marks: Figure(marks.count(_M)),
    "sessions_holiday": lambda marks: Figure(marks.count(_G)),
    "sessions_illness_or_medical": lambda marks: Figure(_ill(marks)),
    "sessions_absent_for_other_reasons": lambda marks: Figure(count_sessions(marks).absent - _ill(marks)),
    "absence_spells": lambda marks: Figure(count_spells(marks)),
    "illness_or_medical_spells": lambda marks: Figure(count_spells_with(marks, bytes((_I, _M)))),
    "longest_absence": lambda marks: Figure(longest_absence(marks)),
    "illness_days": lambda marks: Figure(count_days_with(marks, _I)),
    "illness_or_medical_days": lambda marks: Figure(count_days_with(marks.translate(_M_AS_I), _I)),
    "attendance_percentage": _attendance,
    "illness_or_medical_share": _illness_share,
    "lateness_share": _lateness_share,
}
"""Figures of the marks of a window alone."""

CONTINUING = frozenset(("broken_weeks", "weeks_in_session", "broken_weeks_share", "unauthorised_run_days"))
"""Figures that need the calendar, or the whole register, besides."""

FIGURES = frozenset(FROM_MARKS) | CONTINUING
PERCENTAGES = frozenset(("attendance_percentage", "illness_or_medical_share", "lateness_share", "broken_weeks_share"))

Given = Mapping[str, Exact]


def from_summary(word: str, suffix: str, given: Given) -> Figure | None:
    """A figure from the words of a summary, worked out from others where it was not given itself; None when unknown.

    `suffix` is the window's part of the word: "", "_last_10_weeks", "_since_last_letter".
    """

    def known(name: str) -> Exact | None:
        return given.get(name + suffix)

    if word in _WORKED_OUT:
        return _WORKED_OUT[word](known)
    value = known(word)
    return None if value is None else Figure(value)


Known = Callable[[str], Exact | None]


def possible_in(known: Known) -> Exact | None:
    """The possible sessions of a report, given or added up."""
    parts = [known(f"sessions_{word}") for word in ("attended", "authorised", "unauthorised")]
    return _first(known("sessions_possible"), _sum(*parts))


def absent_in(known: Known) -> Exact | None:
    """The sessions absent of a report, added up or what is left of the possible ones."""
    both = _sum(known("sessions_authorised"), known("sessions_unauthorised"))
    return _first(both, _minus(known("sessions_possible"), known("sessions_attended")))


def attended_in(known: Known) -> Exact | None:
    """The sessions attended of a report, given or what is left of the possible ones."""
    absent = _sum(known("sessions_authorised"), known("sessions_unauthorised"))
    return _first(known("sessions_attended"), _minus(known("sessions_possible"), absent))


def _percentage(known: Known) -> Figure | None:
    attended, possible = attended_in(known), possible_in(known)
    if attended is not None and possible is not None:
        return Figure(attended, possible) if possible else None
    given = known("attendance_percentage")
    return None if given is None else Figure(given)


def _ill_known(known: Known) -> Exact | None:
    return _sum(known("sessions_illness"), known("sessions_medical"))


def _share(part: Exact | None, whole: Exact | None) -> Figure | None:
    return None if part is None or whole is None else Figure(part, whole)


def _broken_share(known: Known) -> Figure | None:
    weeks = known("weeks_in_session")
    return _share(known("broken_weeks"), weeks) if weeks else None


_WORKED_OUT: Mapping[str, Callable[[Known], Figure | None]] = {
    "sessions_possible": lambda known: _count(possible_in(known)),
    "sessions_attended": lambda known: _count(attended_in(known)),
    "sessions_absent": lambda known: _count(absent_in(known)),
    "sessions_unauthorised_not_holiday": lambda known: _count(
        _minus(known("sessions_unauthorised"), known("sessions_holiday"))
    ),
    "sessions_illness_or_medical": lambda known: _count(_ill_known(known)),
    "sessions_absent_for_other_reasons": lambda known: _count(_minus(absent_in(known), _ill_known(known))),
    "attendance_percentage": _percentage,
    "illness_or_medical_share": lambda known: _share(_ill_known(known), absent_in(known)),
    "lateness_share": lambda known: _share(
        _sum(known("sessions_late"), known("sessions_late_after_close")), _sum(absent_in(known), known("sessions_late"))
    ),
    "broken_weeks_share": _broken_share,
}


_ABSENCE, _ILLNESS = ("sessions_authorised", "sessions_unauthorised"), ("sessions_illness", "sessions_medical")
_WORKED_OUT_FROM: Mapping[str, tuple[str, ...]] = {
    "sessions_absent": _ABSENCE,
    "sessions_unauthorised_not_holiday": ("sessions_unauthorised", "sessions_holiday"),
    "sessions_illness_or_medical": _ILLNESS,
    "sessions_absent_for_other_reasons": (*_ABSENCE, *_ILLNESS),
    "illness_or_medical_share": (*_ABSENCE, *_ILLNESS),
    "lateness_share": (*_ABSENCE, "sessions_late", "sessions_late_after_close"),
    "broken_weeks_share": ("broken_weeks", "weeks_in_session"),
}


def missing_words(word: str, suffix: str = "", given: Given = MappingProxyType({})) -> tuple[str, ...]:
    """The words that would have to be given for a figure; "marks" for one that no summary can hold."""
    if word in SUMMARY_FIGURES:
        return (word + suffix,)
    parts = _WORKED_OUT_FROM.get(word, ())
    if set(_ABSENCE) <= set(parts) and absent_in(lambda name: given.get(name + suffix)) is not None:
        parts = tuple(part for part in parts if part not in _ABSENCE)
    return tuple(part + suffix for part in parts if part + suffix not in given) or ("marks",)


def _count(number: Exact | None) -> Figure | None:
    return None if number is None else Figure(number)


def _sum(*numbers: Exact | None) -> Exact | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _minus(whole: Exact | None, part: Exact | None) -> Exact | None:
    return None if whole is None or part is None else whole - part


def _first(*numbers: Exact | None) -> Exact | None:
    return next((number for number in numbers if number is not None), None)


def count_codes(marks: bytes, codes: bytes) -> Figure:
    """The sessions that have one of these codes."""
    return Figure(sum(map(marks.count, codes)))

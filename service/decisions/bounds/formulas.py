"""The figures that rules ask about, each between the bounds that the counts of its window set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from service.attendance.record import Exact
from service.decisions.bounds.counts import Counts, share_of
from service.decisions.bounds.interval import ANY_COUNT, ANY_PERCENTAGE, Interval
from service.decisions.figures import PERCENTAGES

SESSIONS_A_WEEK = 10


def bound_figure(word: str, counts: Counts, weeks: int, is_whole: bool) -> Interval:
    """A figure's bounds, from the counts of its window; `weeks` are the most that the window holds.

    `is_whole` says that the counts are the report's own and not cut to other days.
    """
    if "sessions_possible" in counts and word in _FORMULAS:
        return _FORMULAS[word](counts, weeks)
    if word == "unauthorised_run_days" and "sessions_possible" in counts:
        return _run_days(counts, is_whole)
    return counts.get(word, ANY_PERCENTAGE if word in PERCENTAGES else ANY_COUNT)


def _ill(counts: Counts, _: int = 0) -> Interval:
    ill, medical = counts["sessions_illness"], counts["sessions_medical"]
    return Interval(ill.low + medical.low, min(ill.high + medical.high, counts["sessions_authorised"].high))


def _other(counts: Counts, _: int = 0) -> Interval:
    absent, ill, unauthorised = counts["sessions_absent"], _ill(counts), counts["sessions_unauthorised"]
    least = max(absent.low - ill.high, unauthorised.low)
    return Interval(least, max(least, absent.high - ill.low))


def _not_holiday(counts: Counts, _: int = 0) -> Interval:
    unauthorised, holiday = counts["sessions_unauthorised"], counts["sessions_holiday"]
    known = counts["sessions_unexplained"].low + counts["sessions_late_after_close"].low
    least = max(0, known, unauthorised.low - holiday.high)
    return Interval(least, max(least, unauthorised.high - holiday.low))


def _spells(counts: Counts, _: int = 0) -> Interval:
    absent = counts["sessions_absent"]
    bounds = Interval(min(1, absent.low), min(absent.high, counts["sessions_attended"].high + 1))
    return bounds.within(counts.get("absence_spells", bounds))


def _ill_spells(counts: Counts, _: int = 0) -> Interval:
    ill = _ill(counts)
    return Interval(min(1, ill.low), max(min(1, ill.low), min(ill.high, _spells(counts).high)))


def _longest(counts: Counts, _: int = 0) -> Interval:
    return Interval(min(1, counts["sessions_absent"].low), counts["sessions_absent"].high)


def _days(sessions: Interval) -> Interval:
    return Interval(_up(sessions.low, 2), sessions.high)


def _weeks(counts: Counts, weeks: int) -> Interval:
    bounds = Interval(min(weeks, _up(counts["sessions_possible"].low, SESSIONS_A_WEEK)), weeks)
    return counts.get("weeks_in_session", bounds)


def _broken(counts: Counts, weeks: int) -> Interval:
    absent = counts["sessions_absent"]
    most = min(absent.high, _weeks(counts, weeks).high)
    bounds = Interval(min(most, _up(absent.low, SESSIONS_A_WEEK)), most)
    return bounds.within(counts.get("broken_weeks", bounds))


def _attendance(counts: Counts, _: int = 0) -> Interval:
    attended, absent = counts["sessions_attended"], counts["sessions_absent"]
    if counts["sessions_possible"].low <= 0:
        return ANY_PERCENTAGE
    return Interval(share_of(attended.low, absent.high), share_of(attended.high, absent.low))


def _ill_share(counts: Counts, _: int = 0) -> Interval:
    ill, other = _ill(counts), _other(counts)
    return Interval(share_of(ill.low, other.high), share_of(ill.high, other.low))


def _late_share(counts: Counts, _: int = 0) -> Interval:
    late, after, absent = (counts[word] for word in ("sessions_late", "sessions_late_after_close", "sessions_absent"))
    if not absent.high + late.high:
        return Interval(0, 0)
    least = _percentage(late.low + after.low, absent.high + late.low)
    most_after = min(after.high, absent.high)
    return Interval(least, _percentage(late.high + most_after, max(absent.low, most_after) + late.high))


def _broken_share(counts: Counts, weeks: int) -> Interval:
    broken, in_session = _broken(counts, weeks), _weeks(counts, weeks)
    if in_session.low <= 0:
        return ANY_PERCENTAGE
    return Interval(_percentage(broken.low, in_session.high), min(100, _percentage(broken.high, in_session.low)))


def _run_days(counts: Counts, is_whole: bool) -> Interval:
    """A run of days with nothing but unauthorised absence ends where a session was attended or authorised."""
    has_other = counts["sessions_attended"].low + counts["sessions_authorised"].low > 0
    return Interval(0, counts["sessions_unauthorised"].high) if is_whole and has_other else ANY_COUNT


def _percentage(part: Exact, whole: Exact) -> Exact:
    return Fraction(100 * part, whole) if whole else 0


def _up(number: Exact, parts: int) -> int:
    """How many parts of that size a number fills, the last of them perhaps not full."""
    return -int(-number // parts)


_FORMULAS: Mapping[str, Callable[[Counts, int], Interval]] = {
    "sessions_illness_or_medical": _ill,
    "sessions_absent_for_other_reasons": _other,
    "sessions_unauthorised_not_holiday": _not_holiday,
    "absence_spells": _spells,
    "illness_or_medical_spells": _ill_spells,
    "longest_absence": _longest,
    "illness_days": lambda counts, _: _days(counts["sessions_illness"]),
    "illness_or_medical_days": lambda counts, _: _days(_ill(counts)),
    "weeks_in_session": _weeks,
    "broken_weeks": _broken,
    "attendance_percentage": _attendance,
    "illness_or_medical_share": _ill_share,
    "lateness_share": _late_share,
    "broken_weeks_share": _broken_share,
}

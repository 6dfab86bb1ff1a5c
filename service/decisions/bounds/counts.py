"""The counts of a summary's own days, each between bounds: what is not given is limited by what is."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from service.attendance.record import Exact
from service.decisions.bounds.interval import ANY_COUNT, Interval
from service.decisions.figures import Given, absent_in, attended_in, possible_in

UNAUTHORISED_PARTS = ("sessions_unexplained", "sessions_holiday", "sessions_late_after_close")
AUTHORISED_PARTS = ("sessions_illness", "sessions_medical")
RUNS = ("absence_spells", "broken_weeks", "weeks_in_session")
"""Figures that a summary may give and that do not add up over days."""

Counts = Mapping[str, Interval]
_ANY = ("sessions_possible", "sessions_attended", "sessions_late")
_MISSED = ("sessions_authorised", "sessions_unauthorised", *AUTHORISED_PARTS, *UNAUTHORISED_PARTS)


def counts_of_percentage(missed: Interval) -> Counts:
    """The counts of a report that gives only a percentage: at most so many sessions were missed, for any reason."""
    unknown = {word: Interval(0, missed.high) for word in _MISSED}
    return {**dict.fromkeys(_ANY, ANY_COUNT), "sessions_absent": missed, **unknown}


def counts_of(given: Given) -> Counts | None:
    """Every count of a report between its bounds; None for a report without a count of sessions."""
    if not any(word.startswith("sessions_") for word in given):
        return {word: _exact(given[word]) for word in RUNS if word in given} or None
    found = _whole_counts(given)
    for part in AUTHORISED_PARTS:
        found[part] = _part(part, AUTHORISED_PARTS, found["sessions_authorised"], given)
    for part in UNAUTHORISED_PARTS:
        found[part] = _part(part, UNAUTHORISED_PARTS, found["sessions_unauthorised"], given)
    found["sessions_late"] = _known(given, "sessions_late") or Interval(0, found["sessions_attended"].high)
    found.update({word: _exact(given[word]) for word in RUNS if word in given})
    return found


def _whole_counts(given: Given) -> dict[str, Interval]:
    """The sessions possible, attended, absent, authorised and unauthorised."""
    known = given.get
    ill, none = _sum_given(given, AUTHORISED_PARTS), _sum_given(given, UNAUTHORISED_PARTS)
    authorised, unauthorised, absent = known("sessions_authorised"), known("sessions_unauthorised"), absent_in(known)
    if absent is not None and unauthorised is not None:
        authorised = absent - unauthorised
    elif absent is not None and authorised is not None:
        unauthorised = absent - authorised
    least_authorised = ill if authorised is None else authorised
    least_unauthorised = none if unauthorised is None else unauthorised
    possible = _or(possible_in(known), Interval(known("sessions_attended", 0), ANY_COUNT.high))
    most_absent = possible.high - known("sessions_attended", 0)
    missed = _or(absent, Interval(least_authorised + least_unauthorised, most_absent))
    return {
        "sessions_possible": possible,
        "sessions_attended": _or(attended_in(known), Interval(0, possible.high - missed.low)),
        "sessions_absent": missed,
        "sessions_authorised": _or(authorised, Interval(ill, missed.high - least_unauthorised)),
        "sessions_unauthorised": _or(unauthorised, Interval(none, missed.high - least_authorised)),
    }


def _part(part: str, parts: tuple[str, ...], whole: Interval, given: Given) -> Interval:
    """A part of a whole: at most what its other parts leave."""
    others = sum(given.get(other, 0) for other in parts if other != part)
    return _known(given, part) or Interval(0, max(0, whole.high - others))


def _sum_given(given: Given, words: tuple[str, ...]) -> Exact:
    return sum(given.get(word, 0) for word in words)


def _known(given: Given, word: str) -> Interval | None:
    return _exact(given[word]) if word in given else None


def _exact(number: Exact) -> Interval:
    return Interval(number, number)


def _or(number: Exact | None, otherwise: Interval) -> Interval:
    """The number alone, or the bounds where it is not known (never upside down, whatever a report says)."""
    if number is not None:
        return _exact(number)
    return Interval(min(otherwise), max(otherwise))


def share_of(part: Exact, rest: Exact) -> Exact:
    """A part of a part and its rest, in per cent; nothing of nothing is none."""
    return Fraction(100 * part, part + rest) if part + rest else 0

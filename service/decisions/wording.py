"""The words of reasons: dates, counts and percentages as one reads them aloud."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date

from service.attendance.record import Exact

LEFT_TO_RIGHT = "\u200e"
COMPARISONS = {"below": "below", "at_most": "at most", "at_least": "at least", "above": "above"}

PHRASES = {
    "sessions_possible": ("possible session", "possible sessions"),
    "sessions_attended": ("session attended", "sessions attended"),
    "sessions_absent": ("session absent", "sessions absent"),
    "sessions_authorised": ("authorised session of absence", "authorised sessions of absence"),
    "sessions_unauthorised": ("unauthorised session", "unauthorised sessions"),
    "sessions_unauthorised_not_holiday": (
        "unauthorised session other than holiday",
        "unauthorised sessions other than holiday",
    ),
    "sessions_late": ("late mark", "late marks"),
    "sessions_late_after_close": ("arrival after the register closed", "arrivals after the register closed"),
    "sessions_unexplained": ("session without a reason", "sessions without a reason"),
    "sessions_illness": ("session of illness", "sessions of illness"),
    "sessions_medical": ("session of medical appointments", "sessions of medical appointments"),
    "sessions_holiday": ("session of holiday without leave", "sessions of holiday without leave"),
    "sessions_illness_or_medical": (
        "session of illness or medical appointments",
        "sessions of illness or medical appointments",
    ),
    "sessions_absent_for_other_reasons": (
        "session absent for reasons other than illness or appointments",
        "sessions absent for reasons other than illness or appointments",
    ),
    "absence_spells": ("separate spell of absence", "separate spells of absence"),
    "illness_or_medical_spells": (
        "separate spell of absence with illness or medical appointments",
        "separate spells of absence with illness or medical appointments",
    ),
    "longest_absence": ("absent session in a row", "absent sessions in a row"),
    "broken_weeks": ("broken week", "broken weeks"),
    "weeks_in_session": ("week in session", "weeks in session"),
    "illness_days": ("school day with illness", "school days with illness"),
    "illness_or_medical_days": (
        "school day with illness or medical appointments",
        "school days with illness or medical appointments",
    ),
    "unauthorised_run_days": (
        "school day in a row with only unauthorised absence",
        "school days in a row with only unauthorised absence",
    ),
    "sessions_unexplained_outstanding": (
        "session still without a reason",
        "sessions still without a reason",
    ),
    "penalty_notices_to_one_parent": ("penalty notice to one parent", "penalty notices to one parent"),
    "sessions_with_codes": ("session with code", "sessions with code"),
}
"""How a sentence counts each figure: one of them, several of them."""

SHARES = {
    "attendance_percentage": ("Attendance was", "sessions"),
    "illness_or_medical_share": ("Illness and medical appointments were", "absent sessions"),
    "lateness_share": ("Lateness was", "marks of concern"),
    "broken_weeks_share": ("Broken weeks were", "weeks in session"),
}
"""How a sentence opens for each percentage, and of what it is one."""


MONTHS = tuple("January February March April May June July August September October November December".split())
"""In English whatever the machine speaks."""


def say_day(day: date) -> str:
    """20 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_span(first: date, last: date) -> str:
    """6 October to 20 November 2026; one day alone for a span of a day."""
    if first >= last:
        return say_day(last)
    opening = f"{first.day} {MONTHS[first.month - 1]}" if first.year == last.year else say_day(first)
    return f"{opening} to {say_day(last)}"


def say_list(words: Sequence[str], joint: str = "and") -> str:
    """a, b and c."""
    return f"{', '.join(words[:-1])} {joint} {words[-1]}" if len(words) > 1 else "".join(words)


def say_name(name: str) -> str | None:
    """A name for the middle of a sentence; one written from right to left does not turn round what follows it."""
    name = name.strip()
    is_from_the_right = not name.isascii() and any(unicodedata.bidirectional(one) in ("R", "AL") for one in name)
    return (name + LEFT_TO_RIGHT if is_from_the_right else name) or None


def say_number(number: Exact) -> str:
    """A limit as it is written: 95, 92.5, 33 1/3."""
    if number.denominator == 1:
        return str(number.numerator)
    if 10**6 % number.denominator == 0:
        return f"{float(number):g}"
    whole, rest = divmod(number.numerator, number.denominator)
    return f"{whole or ''} {rest}/{number.denominator}".strip()


def round_percentage(exact: Exact, limit: Exact | None = None, places: int = 2) -> str:
    """A percentage to so many places without trailing zeros, and to more where they would put it across the limit.

    Without a limit, whole per cents are the limit: 94.996 is never shown as 95.
    """
    if exact == limit and 10**12 % exact.denominator:  # a third: no number of places shows it exactly
        return _say_shifted(_round(exact, 10**places), places)
    for number in range(places, 30):
        shown = _round(exact, 10**number)
        if _stands_where(shown, 10**number, exact, limit):
            return _say_shifted(shown, number)
    raise ArithmeticError("A percentage of counted sessions has fewer places than this.")


def _stands_where(shown: int, scale: int, exact: Exact, limit: Exact | None) -> bool:
    """Whether shown / scale stands on the same side of the limit as the exact number, in whole numbers throughout."""
    if limit is None:
        return bool(shown % scale) or shown * exact.denominator == exact.numerator * scale
    side = shown * limit.denominator - limit.numerator * scale
    exact_side = exact.numerator * limit.denominator - limit.numerator * exact.denominator
    return (side < 0) == (exact_side < 0) and (side > 0) == (exact_side > 0)


def _say_shifted(number: int, places: int) -> str:
    """A whole number of hundredths (thousandths, …) as a decimal, without trailing zeros."""
    whole, rest = divmod(number, 10**places)
    return f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")


def _round(exact: Exact, scale: int) -> int:
    """The nearest whole number of 1 / scale, halves up."""
    return (2 * exact.numerator * scale + exact.denominator) // (2 * exact.denominator)

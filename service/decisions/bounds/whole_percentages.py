"""A percentage without decimals: what it was before somebody rounded it or cut it off."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from service.attendance.record import Exact
from service.decisions.bounds.interval import NEXT, Interval

_HALF = Fraction(1, 2)
_PLACES = 6
"""A percentage with more decimals than this is taken for exact."""


def may_be_rounded(percentage: Exact) -> bool:
    """Whether a percentage may have lost its decimals; nothing and all are taken as they are."""
    return percentage.denominator == 1 and 0 < percentage < 100


def before_rounding(percentage: Exact, possible: Interval | None = None) -> Interval:
    """What a whole percentage may have been: some systems round to the nearest, others cut the decimals off.

    Where the possible sessions are known, only whole sessions of them count.
    """
    least, most = percentage - _HALF, percentage + 1 - NEXT
    if possible and possible.is_exact and possible.low > 0:
        sessions = possible.low
        low, high = ceil(least * sessions / 100), floor(most * sessions / 100)
        if low <= high:
            return Interval(Fraction(100 * low, sessions), Fraction(100 * high, sessions))
    return Interval(least, most)


def most_missed(percentage: Exact, possible: int) -> Interval:
    """How many sessions were missed where only a percentage is known and how many sessions there can have been."""
    places = next((n for n in range(_PLACES) if 10**n % percentage.denominator == 0), None)
    least = percentage if places is None else percentage - Fraction(1, 2 * 10**places)
    most = floor((100 - least) * possible / 100)
    return Interval(min(1, most) if percentage < 100 else 0, most)

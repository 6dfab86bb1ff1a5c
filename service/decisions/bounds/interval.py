"""A figure that is not known exactly: every value from a lowest to a highest one."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from service.attendance.record import Exact

MOST = 100_000
"""More sessions than a record can hold: the highest value of a count about which nothing is known."""
NEXT = Fraction(1, 10**9)
"""Less than two percentages of counted sessions can differ by."""


class Interval(NamedTuple):
    """The lowest and the highest value, both possible."""

    low: Exact
    high: Exact

    @property
    def is_exact(self) -> bool:
        """Whether only one value is possible."""
        return self.low == self.high

    def within(self, other: Interval) -> Interval:
        """What both allow; this one alone where they contradict each other."""
        both = Interval(max(self.low, other.low), min(self.high, other.high))
        return both if both.low <= both.high else self


ANY_COUNT = Interval(0, MOST)
ANY_PERCENTAGE = Interval(0, 100)

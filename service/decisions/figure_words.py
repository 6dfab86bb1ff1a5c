"""Figures, their bounds and their limits as the words of a reason."""

from __future__ import annotations

from collections.abc import Mapping

from service.attendance.record import Exact
from service.decisions.bounds.interval import ANY_PERCENTAGE, NEXT
from service.decisions.bounds.reports import Bounds
from service.decisions.conditions import Limit
from service.decisions.facts import Found
from service.decisions.figures import PERCENTAGES, Figure
from service.decisions.wording import PHRASES, SHARES, round_percentage, say_number

_NO_BOUND = 10_000
"""Sessions: less than this is no bound of any school's."""


def is_bounded(found: Found) -> bool:
    """Whether anything is known about a figure that is not known exactly."""
    if found.bounds is None or found.bounds.interval == ANY_PERCENTAGE:
        return False
    low, high = found.bounds.interval
    return low > 0 or high < _NO_BOUND


def say_bounds(word: str, found: Found, limits: tuple[Limit, ...]) -> str:
    """Between what a figure lies: "At most 2 separate spells of absence", "Attendance was at least 97.1 %"."""
    if found.bounds is None or not is_bounded(found):
        return _say_unknown(word)
    low, high = found.bounds.interval
    is_share = word in SHARES
    if found.bounds.given is not None:
        return _say_whole(word, found.bounds, limits)
    least, most = (_say_bound(word, number, limits) for number in (low, high))
    is_open = high >= (100 if is_share else _NO_BOUND)
    amount = f"at most {most}" if low <= 0 else f"between {least} and {most}"
    amount = f"at least {least}" if is_open else amount
    if is_share:
        return f"{SHARES[word][0]} {amount} %"
    return capital(f"{amount} {PHRASES[word][(low if is_open else high) != 1]}")


def _say_whole(word: str, bounds: Bounds, limits: tuple[Limit, ...]) -> str:
    """A percentage that was given without decimals, and what it may have been where that matters."""
    (low, high), shown = bounds.interval, f"{SHARES[word][0]} {bounds.given} %"
    if all(limit.read(bounds.interval) is not None for limit in limits):
        return shown
    below = high + NEXT
    most = f"below {below}" if below.denominator == 1 else _say_bound(word, high, limits)
    return f"{shown} without decimals, so from {_say_bound(word, low, limits)} to {most} %"


def _say_bound(word: str, number: Exact, limits: tuple[Limit, ...]) -> str:
    return str(say_value(word, Figure(number), limits))


def _say_unknown(word: str) -> str:
    if word not in SHARES:
        return f"It is not known how many {PHRASES[word][1]} there were"
    return SHARES[word][0].replace(" were", " are").replace(" was", " is") + " not known"


def say_value(word: str, figure: Figure | None, limits: tuple[Limit, ...] = ()) -> int | float | None:
    """A figure as it is shown: a count, or a percentage that never stands on the other side of the limit crossed."""
    if figure is None:
        return None
    if word not in PERCENTAGES:
        return int(figure.part)
    texts = [round_percentage(figure.value, limit.number) for limit in limits] or [round_percentage(figure.value)]
    return plain_number(float(max(texts, key=len)))


def say_limits(word: str, limits: tuple[Limit, ...]) -> str:
    """The limits as they stand in brackets: "limit: below 95 %", "limit: 95 % or more and below 97 %"."""
    return "limit: " + " and ".join(_say_limit(word, limit) for limit in limits)


def _say_limit(word: str, limit: Limit) -> str:
    if word in PERCENTAGES:
        return _LIMITS[limit.comparison].format(f"{say_number(limit.number)} %").replace("fewer", "less")
    none = limit.comparison == "at_most" and limit.number == 0
    return "none" if none else _LIMITS[limit.comparison].format(say_number(limit.number))


_LIMITS: Mapping[str, str] = {
    "below": "below {}",
    "at_most": "{} or fewer",
    "at_least": "{} or more",
    "above": "more than {}",
}


def count_words(word: str, number: int) -> str:
    """A count with what it counts: "1 unauthorised session", "no broken weeks"."""
    return f"{number or 'no'} {PHRASES[word][number != 1]}"


def plain_number(number: float) -> int | float:
    """A number without a decimal point where it needs none."""
    return int(number) if number == int(number) else number


def capital(text: str) -> str:
    """The same with its first letter large."""
    return text[:1].upper() + text[1:]

"""A school's calendar: on which days it is open, in school days, school weeks and half terms."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A line of a calendar: a term, or days inside a term on which the school is closed; both days included."""

    first: date
    last: date
    is_term: bool
    name: str = ""


DAYS_IN_POST = 2
"""The weekdays that a letter takes to arrive, where a school does not say otherwise: second class post."""


@dataclass(frozen=True)
class SchoolCalendar:
    """The days a school is open; without entries every weekday counts, and `is_known` says that it was assumed.

    `days_in_post` are the weekdays after which the school's letters are taken to have arrived.
    """

    entries: tuple[CalendarEntry, ...] = ()
    days_in_post: int = DAYS_IN_POST

    @property
    def is_known(self) -> bool:
        """Whether anybody gave a calendar."""
        return any(entry.is_term for entry in self.entries)

    @cached_property
    def open_days(self) -> list[int]:
        """The ordinals of all days within the terms on which the school is open, in order."""
        days: set[int] = set()
        for term in self.terms:
            days.update(day for day in range(term.first.toordinal(), term.last.toordinal() + 1) if _is_weekday(day))
        for closed in self.entries:
            if not closed.is_term:
                days.difference_update(range(closed.first.toordinal(), closed.last.toordinal() + 1))
        return sorted(days)

    @cached_property
    def terms(self) -> tuple[CalendarEntry, ...]:
        """The terms, in order."""
        return tuple(sorted((entry for entry in self.entries if entry.is_term), key=lambda entry: entry.first))

    def covers(self, day: date) -> bool:
        """Whether the calendar says anything about that day, holidays between its terms included."""
        return self.is_known and self.terms[0].first <= day <= self.terms[-1].last

    def is_open(self, day: date) -> bool:
        """Whether the school is open that day; a weekday where the calendar says nothing."""
        if not self.covers(day):
            return day.weekday() < 5
        place = bisect_left(self.open_days, day.toordinal())
        return place < len(self.open_days) and self.open_days[place] == day.toordinal()

    def count_open_days(self, first: date, last: date) -> int:
        """The number of school days from the first day to the last, both included."""
        return sum(self.is_open(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def school_day_after(self, day: date, number: int) -> date:
        """The nth school day after a day; 0 gives the day itself."""
        while number > 0:
            day += timedelta(days=1)
            number -= self.is_open(day)
        return day

    def school_day_before(self, day: date) -> date:
        """The last school day before a day."""
        day -= timedelta(days=1)
        while not self.is_open(day):
            day -= timedelta(days=1)
        return day

    def arrival_of(self, sent: date) -> date:
        """The day on which a letter of that date is taken to arrive."""
        day = sent
        for _ in range(self.days_in_post):
            day += timedelta(days=3 if day.weekday() == 4 else 2 if day.weekday() == 5 else 1)
        return day

    def school_weeks(self, on: date, number: int) -> list[date]:
        """The Mondays of the last n weeks with a school day, the week of `on` included, in order.

        Only weeks that the calendar covers; fewer than n when it does not reach back so far.
        """
        return list(_mondays_before(self._open_mondays, monday_of(on), number))

    @cached_property
    def _open_mondays(self) -> tuple[int, ...]:
        return tuple(sorted({day - (day - 1) % 7 for day in self.open_days}))

    def term_of(self, day: date) -> CalendarEntry | None:
        """The term that holds a day, or the one before it."""
        return _latest(self.terms, day)

    def half_term_of(self, day: date) -> CalendarEntry | None:
        """The half term that holds a day, or the one before it: a term as cut by closures of a school week or more."""
        return _latest(self._half_terms, day)

    def half_term_after(self, day: date, number: int) -> date:
        """The first school day of the nth half term that begins after a day; 0 gives the day itself.

        Where the calendar does not reach, a half term is taken for seven weeks.
        """
        following = [half.first for half in self._half_terms if half.first > day][:number]
        last = following[-1] if following else day
        return last + timedelta(weeks=7 * (number - len(following)))

    @cached_property
    def _half_terms(self) -> tuple[CalendarEntry, ...]:
        return tuple(half for term in self.terms for half in self._halves(term))

    def _halves(self, term: CalendarEntry) -> Iterable[CalendarEntry]:
        first = bisect_left(self.open_days, term.first.toordinal())
        days = self.open_days[first : bisect_right(self.open_days, term.last.toordinal())]
        if not days:
            return
        start = days[0]
        for day, following in pairwise(days):
            if following - day > 7:
                yield CalendarEntry(date.fromordinal(start), date.fromordinal(day), True, term.name)
                start = following
        yield CalendarEntry(date.fromordinal(start), date.fromordinal(days[-1]), True, term.name)


@lru_cache(maxsize=64)
def reckon_post(calendar: SchoolCalendar, days_in_post: int) -> SchoolCalendar:
    """The calendar with a school's own days in the post; kept, because its days are found once."""
    return calendar if calendar.days_in_post == days_in_post else replace(calendar, days_in_post=days_in_post)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def school_year_of(day: date) -> date:
    """The first day of the school year that holds a day: 1 September."""
    return date(day.year if day.month >= 9 else day.year - 1, 9, 1)


def add_months(day: date, months: int) -> date:
    """The same day of the month n months later, or that month's last day when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    following = date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


@lru_cache(maxsize=64)
def _mondays_before(mondays: tuple[int, ...], monday: date, number: int) -> tuple[date, ...]:
    last = bisect_right(mondays, monday.toordinal())
    return tuple(date.fromordinal(day) for day in mondays[max(0, last - number) : last])


def _latest(spans: Iterable[CalendarEntry], day: date) -> CalendarEntry | None:
    begun = [span for span in spans if span.first <= day]
    return begun[-1] if begun else None


def _is_weekday(ordinal: int) -> bool:
    return (ordinal - 1) % 7 < 5

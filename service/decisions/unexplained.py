"""Sessions marked N that still stand without a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from service.attendance.calendar import SchoolCalendar
from service.attendance.codes import CODES
from service.attendance.record import Event
from service.decisions.bounds.interval import Interval
from service.decisions.bounds.reports import Bounds
from service.decisions.facts import Facts, Found
from service.decisions.figures import Figure
from service.decisions.windows.durations import Duration
from service.decisions.windows.window import SCHOOL_YEAR, Span, Window

_N = CODES["N"].byte
_NO_TIME = Duration()


REPLY_SCHOOL_DAYS = 5
"""A letter leaves this many school days to answer. Source: *Working together to improve school attendance*, code N."""


def silence_counts_from(sent: date, wait: Duration, calendar: SchoolCalendar) -> date:
    """The first day on which a letter that asks for reasons counts as not answered.

    That is once the policy's wait is over, and never before the letter has been there for five school days.
    """
    return max(wait.after(sent, calendar), last_reply_day(sent, calendar) + timedelta(days=1))


def last_reply_day(sent: date, calendar: SchoolCalendar) -> date:
    """The fifth school day after a letter has arrived."""
    return calendar.school_day_after(calendar.arrival_of(sent), REPLY_SCHOOL_DAYS)


@dataclass(frozen=True, slots=True)
class UnexplainedTest:
    """Which marks N without a reason a rule asks about.

    A mark counts once it is `aged` so long. `followed_by`: one of these letters was sent on its day or later, at least
    `followed_for` ago. `not_followed_by`: none of these was.
    """

    aged: Duration = _NO_TIME
    followed_by: tuple[str, ...] = ()
    followed_for: Duration = _NO_TIME
    not_followed_by: tuple[str, ...] = ()

    def counts(self, day: date, facts: Facts) -> bool:
        """Whether a mark N of that day, still without a reason, is one of those asked for."""
        if facts.on < self.aged.after(day, facts.calendar):
            return False
        if self.not_followed_by and self._follows(day, self.not_followed_by, facts):
            return False
        return not self.followed_by or self._follows(day, self.followed_by, facts)

    def _follows(self, day: date, letters: tuple[str, ...], facts: Facts) -> bool:
        return any(event.on >= day for event in self.letters_of(facts, letters))

    def as_asked(self, facts: Facts) -> UnexplainedTest:
        """This test without what makes no difference: a letter that was not sent follows nothing."""
        is_moot = self.not_followed_by and not self.letters_of(facts, self.not_followed_by)
        return replace(self, not_followed_by=(), followed_for=_NO_TIME) if is_moot else self

    def letters_of(self, facts: Facts, letters: tuple[str, ...]) -> list[Event]:
        """The letters that have had as long as the test asks for."""
        return [
            event
            for event in facts.events
            if event.event in letters and facts.on >= self._counts_from(event.on, facts.calendar)
        ]

    def _counts_from(self, sent: date, calendar: SchoolCalendar) -> date:
        is_at_once = self.followed_for == _NO_TIME
        return sent if is_at_once else silence_counts_from(sent, self.followed_for, calendar)


def find_unexplained(facts: Facts, test: UnexplainedTest) -> Found:
    """How many outstanding N marks of this school year pass a test, or the bounds of it and what is missing."""
    span = facts.days_told(facts.spans.of(SCHOOL_YEAR))
    if facts.record.register is not None:
        return Found(Figure(sum(test.counts(day, facts) for day, _ in outstanding_sessions(facts))), span)
    bounds = _bound(facts, test)
    if bounds.is_exact:
        return Found(Figure(bounds.low), span)
    summary = facts.record.summary
    is_counted = summary and "sessions_unexplained" in summary.figures
    has_day = summary and summary.unexplained_since
    missing = "sessions_unexplained" if not is_counted else "marks" if has_day else "unexplained_since"
    return Found(None, span, (missing,), Bounds(bounds))


def outstanding_sessions(facts: Facts) -> Iterator[tuple[date, int]]:
    """The day and half (0 morning, 1 afternoon) of each session marked N that is still without a reason."""
    span = facts.spans.of(SCHOOL_YEAR)
    register = facts.record.register
    if span is None or register is None or facts.record.facts.get("reason_given") is True:
        return
    explained = facts.events.latest(("explanation_given",))
    first = max(span.first, register.start)
    marks = register.between(first, span.last)
    place = marks.find(_N)
    while place >= 0:
        day = first + timedelta(days=place // 2)
        if explained is None or day > explained.on:
            yield day, place % 2
        place = marks.find(_N, place + 1)


def _bound(facts: Facts, test: UnexplainedTest) -> Interval:
    """What a summary's counts, their oldest day and the days of letters can tell."""
    letters = test.letters_of(facts, test.followed_by)
    if facts.record.facts.get("reason_given") is True or (test.followed_by and not letters):
        return Interval(0, 0)
    counted = _outstanding(facts)
    summary = facts.record.summary
    oldest = summary.unexplained_since if summary else None
    if oldest and counted.high and _explained_on(facts) < oldest:
        if counted.is_exact and counted.low == 1:
            return Interval(*2 * [int(test.counts(oldest, facts))])
        if facts.on < test.aged.after(oldest, facts.calendar):
            return Interval(0, 0)
    return _bound_by_letters(facts, test, counted, oldest)


def _bound_by_letters(facts: Facts, test: UnexplainedTest, counted: Interval, oldest: date | None) -> Interval:
    if test.followed_by:
        last = max(event.on for event in test.letters_of(facts, test.followed_by))
        return Interval(0, 0 if oldest and last < oldest else counted.high)
    sent = [event.on for event in test.letters_of(facts, test.not_followed_by)]
    if sent and not (oldest and max(sent) < oldest):
        counted = _after(facts, max(sent), counted)
    return counted if test.aged == _NO_TIME else Interval(0, counted.high)


def _outstanding(facts: Facts) -> Interval:
    """The N marks of the school year that no explanation in the history answers."""
    counted = facts.figure("sessions_unexplained", SCHOOL_YEAR).interval
    explained = facts.events.latest(("explanation_given",))
    return _after(facts, explained.on, counted) if explained else counted


def _after(facts: Facts, day: date, counted: Interval) -> Interval:
    """The N marks after a day, which are among those counted."""
    window = Span(day + timedelta(days=1), facts.on, Window("after"))
    bounds = facts.reports.bound("sessions_unexplained", window).interval if facts.reports.all else counted
    return bounds.within(Interval(0, counted.high))


def _explained_on(facts: Facts) -> date:
    explained = facts.events.latest(("explanation_given",))
    return explained.on if explained else date.min

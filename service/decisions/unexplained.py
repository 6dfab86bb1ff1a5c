"""Sessions marked N that still stand without a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from service.attendance.codes import CODES
from service.decisions.durations import Duration
from service.decisions.facts import Facts
from service.decisions.windows import SCHOOL_YEAR

_N = CODES["N"].byte
_NO_TIME = Duration()


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

    def missing(self, facts: Facts) -> str:
        """The word that would have to be given for the count to be known."""
        summary = facts.record.summary
        return "marks" if summary and "sessions_unexplained" in summary.figures else "sessions_unexplained"

    def counts(self, day: date, facts: Facts) -> bool:
        """Whether a mark N of that day, still without a reason, is one of those asked for."""
        if facts.on < self.aged.after(day, facts.calendar):
            return False
        if self.not_followed_by and self._follows(day, self.not_followed_by, facts):
            return False
        return not self.followed_by or self._follows(day, self.followed_by, facts)

    def _follows(self, day: date, letters: tuple[str, ...], facts: Facts) -> bool:
        return any(
            event.event in letters and event.on >= day and facts.on >= self.followed_for.after(event.on, facts.calendar)
            for event in facts.events
        )


def count_unexplained(facts: Facts, test: UnexplainedTest) -> int | None:
    """How many outstanding N marks of this school year pass a test; None when that cannot be known."""
    if facts.record.register is not None:
        return sum(test.counts(day, facts) for day, _ in outstanding_sessions(facts))
    return _count_in_summary(facts, test)


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


def _count_in_summary(facts: Facts, test: UnexplainedTest) -> int | None:
    """The count that a summary allows; None where it does not say how old marks are, or on which side of a letter."""
    summary = facts.record.summary
    if summary is None or "sessions_unexplained" not in summary.figures:
        return None
    number = int(summary.figures["sessions_unexplained"])
    if number == 0 or facts.answer("reason_given") is True:
        return 0
    letters = test.followed_by or test.not_followed_by
    if not any(event.event in letters for event in facts.events):
        if test.followed_by:
            return 0
        return number if test.aged == _NO_TIME else None
    oldest = summary.unexplained_since
    if oldest is None:
        return None
    if all(event.on < oldest for event in facts.events if event.event in letters):
        return number if test.not_followed_by else 0
    return int(test.counts(oldest, facts)) if number == 1 else None

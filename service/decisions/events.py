"""What happened to one pupil this school year, as rules ask about it: the latest letter, a milestone, an open case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from service.attendance.calendar import school_year_of
from service.attendance.record import Event
from service.decisions.terms import EventTest, Milestone, Terms
from service.decisions.windows.window import LAST_LETTER


class Events:
    """The events of this school year up to a day, in order; `history` holds those of earlier years too."""

    def __init__(self, history: Sequence[Event], on: date, terms: Terms) -> None:
        self.history = history
        self.on = on
        self.terms = terms
        self.year_start = school_year_of(on)
        self._events = [event for event in history if self.year_start <= event.on <= on]
        self._latest = {event.event: event for event in self._events}

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events)

    def show(self, names: Sequence[str]) -> bool:
        """Whether one of these has happened this school year."""
        return any(name in self._latest for name in names)

    def latest(self, names: Sequence[str]) -> Event | None:
        """The latest event of this school year that has one of these names; milestones are names too."""
        if not self._events:
            return None
        found = [event for name in names if (event := self._latest_named(name))]
        return max(found, key=lambda event: event.on, default=None)

    def _latest_named(self, name: str) -> Event | None:
        if name == LAST_LETTER:
            return self.last_letter
        if milestone := self.terms.milestones.get(name):
            return self.find_milestone(milestone)
        return self._latest.get(name)

    def find_milestone(self, milestone: Milestone) -> Event | None:
        """The event at which a milestone was reached, None when it was not."""
        found = [event for test in milestone.tests for event in self._matching(test)]
        pick = min if milestone.earliest else max
        return pick(found, key=lambda event: event.on, default=None)

    def _matching(self, test: EventTest) -> Iterable[Event]:
        earliest = self.year_start
        if test.after:
            earlier = [event.on for event in self._matching(test.after)]
            if not earlier:
                return ()
            earliest = max(earlier)
        return (
            event
            for event in self._events
            if event.event in test.names
            and event.on >= earliest
            and (not test.outcomes or event.outcome in test.outcomes)
        )

    @property
    def last_letter(self) -> Event | None:
        """The last letter of the ladder this school year; where none was sent, the last contact with the parent."""
        letters = [event for event in self._events if event.event in self.terms.ladder]
        if letters:
            return letters[-1]
        return self._latest.get("parent_contact")

    @property
    def has_open_case(self) -> bool:
        """Whether a letter, contact or other event of the policy has happened this school year."""
        return any(event.event in self.terms.case_events for event in self._events)

    def latest_ever(self, names: Sequence[str]) -> Event | None:
        """The latest event of any year that has one of these names."""
        found = [event for event in self.history if event.event in names and event.on <= self.on]
        return found[-1] if found else None

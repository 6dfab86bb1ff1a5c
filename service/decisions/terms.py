"""What a policy means by its words: its ladder of letters, levels, reviews and milestones, on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.attendance.record import Exact
from service.decisions.windows.durations import Duration


@dataclass(frozen=True, slots=True)
class EventTest:
    """Which events count: one of these names, with one of these outcomes (any when empty), and after another event."""

    names: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    after: EventTest | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A moment of a case: the latest (or earliest) event that passes one of the tests."""

    name: str
    tests: tuple[EventTest, ...]
    title: str
    earliest: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do other than a letter: its title, what to do, and the events that record it as done."""

    name: str
    title: str
    to_do: str
    done_by: tuple[str, ...]
    is_enforcement: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """The one table of what is done by what, shared by all policies."""

    actions: Mapping[str, Step]
    enforcement_letters: frozenset[str]
    answered_by: Mapping[str, tuple[str, ...]]
    lead_professional_flags: tuple[str, ...]
    must_be_known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The general part of a policy, as it stands on a day."""

    since: date
    stages: tuple[str, ...]
    expected_level: Exact
    expected_level_reference: str
    minimum_sessions: int
    reviews: Mapping[str, Duration]
    unexplained_letter: str
    unexplained_wait: Duration
    documents: Mapping[str, tuple[str, ...]]
    stage_of_event: Mapping[str, str]
    ladder: frozenset[str]
    case_events: frozenset[str]
    milestones: Mapping[str, Milestone]
    labels: Mapping[str, str]
    answered_by: Mapping[str, tuple[str, ...]]

    def stage_lower(self, stage: str) -> str:
        """The stage below one, never below the first; 3A falls to 2, 3B to 3A."""
        return self.stages[max(0, self.stages.index(stage) - 1)]

    def highest(self, stages: list[str]) -> str:
        """The highest of some stages."""
        return max(stages, key=self.stages.index)

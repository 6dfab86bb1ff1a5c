"""Conditions of rules, ready to be read against a pupil: each answers true, false or unknown, and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from service.attendance.record import Event, Exact
from service.attendance.words import FACTS, FLAGS
from service.decisions.durations import Duration
from service.decisions.facts import Facts, Found
from service.decisions.figures import Figure
from service.decisions.terms import EventTest
from service.decisions.unexplained import UnexplainedTest, count_unexplained
from service.decisions.windows import SCHOOL_YEAR, Window

Truth = bool | None


@dataclass(frozen=True, slots=True)
class Limit:
    """What a figure is compared with; a band has two of them."""

    comparison: str
    number: Exact

    def holds(self, value: Exact) -> bool:
        """Whether a value stands on the right side, compared exactly."""
        if self.comparison == "below":
            return value < self.number
        if self.comparison == "above":
            return value > self.number
        return value >= self.number if self.comparison == "at_least" else value <= self.number


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition as it was found: whether it held, and what it was found from."""

    condition: Leaf
    truth: Truth
    held: Truth
    found: Found | None = None
    event: Event | None = None
    day: date | None = None
    note: str = ""
    unauthorised: Figure | None = None

    @property
    def unknown_flag(self) -> str:
        """The flag that was asked about and that nobody answered; it was taken as no."""
        leaf = self.condition
        return leaf.word if self.note and isinstance(leaf, FactIs) and leaf.word in FLAGS else ""


class Condition(Protocol):
    """Anything that can be read against a pupil."""

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        """Whether it holds; what was found goes to `findings`, with `wanted` False inside a "none"."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds when every condition holds; stops at the first that fails."""

    parts: tuple[Condition, ...]

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        result: Truth = True
        for part in self.parts:
            truth = part.read(facts, findings, wanted)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when one condition holds; all are read, so that a reason names every one that held."""

    parts: tuple[Condition, ...]

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        own: list[Finding] = []
        truths = [part.read(facts, own, wanted) for part in self.parts]
        result = True if True in truths else None if None in truths else False
        if result is True:
            own = [finding for finding in own if finding.held is not None]
        findings.extend(own)
        return result


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its condition does not."""

    part: Condition

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        truth = self.part.read(facts, findings, not wanted)
        return None if truth is None else not truth


def _note(
    findings: list[Finding],
    leaf: Leaf,
    truth: Truth,
    wanted: bool,
    found: Found | None = None,
    event: Event | None = None,
    day: date | None = None,
    note: str = "",
    unauthorised: Figure | None = None,
) -> Truth:
    held = None if truth is None else truth is wanted
    findings.append(Finding(leaf, truth, held, found, event, day, note, unauthorised))
    return truth


@dataclass(frozen=True, slots=True)
class FigureIs:
    """A figure over a window stands within its limits."""

    word: str
    window: Window
    limits: tuple[Limit, ...]
    codes: tuple[str, ...] = ()
    code_bytes: bytes = b""
    waits_for_minimum: bool = False

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        found = facts.figure(self.word, self.window, self.code_bytes)
        if found.span is None:
            return _note(findings, self, False, wanted, found)
        if self.waits_for_minimum:
            possible = facts.figure("sessions_possible", self.window).figure
            if possible is not None and 0 < possible.part < facts.terms.minimum_sessions:
                note = f"only {possible.part} possible sessions; percentages wait for {facts.terms.minimum_sessions}"
                return _note(findings, self, False, wanted, found, note=note)
        if found.figure is None:
            return _note(findings, self, None, wanted, found)
        value = found.figure.value
        return _note(findings, self, all(limit.holds(value) for limit in self.limits), wanted, found)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """So many sessions marked N are still without a reason."""

    test: UnexplainedTest
    limits: tuple[Limit, ...]

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        count = count_unexplained(facts, self.test)
        span = facts.spans.of(SCHOOL_YEAR)
        found = Found(
            None if count is None else Figure(count), span, (self.test.missing(facts),) if count is None else ()
        )
        truth = None if count is None else all(limit.holds(count) for limit in self.limits)
        return _note(findings, self, truth, wanted, found)


@dataclass(frozen=True, slots=True)
class EventIs:
    """One of these events has happened; with outcomes, the latest of them ended in one of those.

    Since another event means on its day or later.
    """

    test: EventTest
    window: Window
    names: str

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        span = facts.spans.of(self.window)
        if span is None:
            return _note(findings, self, False, wanted, Found(None, None))
        first = span.anchor.on if span.anchor else span.first
        event = self._find(facts, first)
        truth = event is not None and (not self.test.outcomes or event.outcome in self.test.outcomes)
        return _note(findings, self, truth, wanted, Found(None, span), event)

    def _find(self, facts: Facts, first: date) -> Event | None:
        if self.window.kind not in ("last", "run"):
            event = facts.events.latest(self.test.names)
            return event if event and event.on >= first else None
        history = [event for event in facts.record.history if first <= event.on <= facts.on]
        return next((event for event in reversed(history) if event.event in self.test.names), None)


@dataclass(frozen=True, slots=True)
class FactIs:
    """A yes-or-no fact has the wanted answer; `if_unknown` is what counts when nobody gave it."""

    word: str
    answer: bool
    if_unknown: Truth = None

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        known = facts.answer(self.word)
        if known is not None:
            return _note(findings, self, known is self.answer, wanted)
        if self.word in FLAGS:
            return _note(findings, self, not self.answer, wanted, note="unknown")
        truth = None if self.if_unknown is None else self.if_unknown is self.answer
        return _note(findings, self, truth, wanted, note="unknown")

    @property
    def sentences(self) -> tuple[str, str, str]:
        """The sentences for yes, no and unknown."""
        word = FACTS[self.word]
        return word.yes, word.no, word.unknown


@dataclass(frozen=True, slots=True)
class TimePassed:
    """So much time has passed since an event: the last day of it counts as passed."""

    duration: Duration
    since: tuple[str, ...]

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        event = facts.events.latest(self.since)
        if event is None:
            return _note(findings, self, False, wanted)
        day = self.duration.after(event.on, facts.calendar)
        return _note(findings, self, facts.on >= day, wanted, event=event, day=day)


@dataclass(frozen=True, slots=True)
class Improved:
    """Attendance has improved since the last letter, or since another event."""

    window: Window

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        truth = facts.has_improved(self.window)
        found = facts.figure("attendance_percentage", self.window)
        unauthorised = facts.figure("sessions_unauthorised", self.window).figure
        return _note(findings, self, truth, wanted, found, unauthorised=unauthorised)


@dataclass(frozen=True, slots=True)
class CaseOpen:
    """A letter, contact or other event of the policy has happened this school year."""

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        return _note(findings, self, facts.events.has_open_case, wanted)


Leaf = FigureIs | Unexplained | EventIs | FactIs | TimePassed | Improved | CaseOpen


def list_leaves(condition: Condition) -> Sequence[Leaf]:
    """Every condition that asks something itself, in order."""
    if isinstance(condition, AllOf | AnyOf):
        return [leaf for part in condition.parts for leaf in list_leaves(part)]
    if isinstance(condition, Not):
        return list_leaves(condition.part)
    return [condition]  # type: ignore[list-item]  # every other condition is a leaf

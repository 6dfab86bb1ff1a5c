"""Conditions of rules, ready to be read against a pupil: each answers true, false or open, and says why."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Any, NamedTuple, Protocol

from service.attendance.record import Event, Exact
from service.attendance.words import FACTS, FLAGS
from service.decisions.bounds.interval import NEXT, Interval
from service.decisions.facts import IMPROVEMENT, Facts, Found, key_of
from service.decisions.figures import PERCENTAGES
from service.decisions.terms import EventTest
from service.decisions.unexplained import UnexplainedTest, find_unexplained
from service.decisions.windows.durations import Duration
from service.decisions.windows.window import Window

Truth = bool | None


class Question(NamedTuple):
    """What keeps a condition open: the value, its two parts of which each settles the condition, and how to give it."""

    key: Hashable
    parts: tuple[Any, Any]
    missing: tuple[str, ...]


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

    def read(self, interval: Interval) -> Truth:
        """Whether every value of an interval holds; None when some do and some do not."""
        low, high = self.holds(interval.low), self.holds(interval.high)
        return low if low is high else None


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
    unauthorised: Found | None = None
    question: Question | None = None
    is_supposed: bool = False

    @property
    def shown(self) -> Truth:
        """Whether it held, as far as that is known: what was only supposed is not."""
        return None if self.is_supposed else self.held

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
    """Holds when every condition holds; stops at the first that fails, and what was open before it does not matter."""

    parts: tuple[Condition, ...]

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        result: Truth = True
        own: list[Finding] = []
        for part in self.parts:
            truth = part.read(facts, own, wanted)
            if truth is False:
                findings.extend(_without_open(own))
                return False
            if truth is None:
                result = None
        findings.extend(own)
        return result


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when one condition holds; all are read, so that a reason names every one that held."""

    parts: tuple[Condition, ...]

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        own: list[Finding] = []
        truths = [part.read(facts, own, wanted) for part in self.parts]
        result = True if True in truths else None if None in truths else False
        findings.extend(_without_open(own) if result is True else own)
        return result


def _without_open(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.held is not None]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its condition does not."""

    part: Condition

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        truth = self.part.read(facts, findings, not wanted)
        return None if truth is None else not truth


def _note(findings: list[Finding], leaf: Leaf, truth: Truth, wanted: bool, **found: Any) -> Truth:
    findings.append(Finding(leaf, truth, None if truth is None else truth is wanted, **found))
    return truth


def _ask(word: str, found: Found, number: Exact) -> Question:
    """What to ask about an open figure whose values part at a number."""
    low, high = found.interval
    below = number - (NEXT if word in PERCENTAGES else 1)
    return Question(key_of(word, found), (Interval(low, below), Interval(number, high)), found.missing)


def _part_at(limits: Sequence[Limit], interval: Interval, is_percentage: bool) -> Exact:
    """The number at which the values of an interval part, by the first limit that keeps it open."""
    limit = next(limit for limit in limits if limit.read(interval) is None)
    is_lower_end = limit.comparison in ("below", "at_least")
    if is_percentage:
        return limit.number if is_lower_end else limit.number + NEXT
    return ceil(limit.number) if is_lower_end else floor(limit.number) + 1


def _read_limits(limits: Sequence[Limit], interval: Interval) -> Truth:
    truths = [limit.read(interval) for limit in limits]
    return False if False in truths else None if None in truths else True


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
            return _note(findings, self, False, wanted, found=found)
        if self.waits_for_minimum and (enough := facts.has_enough_sessions(self.window, found)) is not True:
            return self._read_few(facts, findings, wanted, found, enough)
        if found.figure is not None:
            value = found.figure.value
            return _note(findings, self, all(limit.holds(value) for limit in self.limits), wanted, found=found)
        return self._read_open(facts, findings, wanted, found)

    def _read_few(
        self, facts: Facts, findings: list[Finding], wanted: bool, found: Found, enough: Found | bool
    ) -> Truth:
        least = facts.terms.minimum_sessions
        possible = facts.figure("sessions_possible", self.window)
        is_supposed = possible.supposed is not None
        if isinstance(enough, Found):
            question = _ask("sessions_possible", enough, least)
            return _note(findings, self, None, wanted, found=found, question=question)
        number = possible.interval.high
        few = f"at most {number}" if possible.figure is None else f"only {number}" if number else "no"
        note = f"{few} possible sessions; percentages wait for {least}"
        return _note(findings, self, False, wanted, found=found, note=note, is_supposed=is_supposed)

    def _read_open(self, facts: Facts, findings: list[Finding], wanted: bool, found: Found) -> Truth:
        """A figure of which only the bounds are known."""
        truth = _read_limits(self.limits, found.interval)
        if truth is not None:
            return _note(findings, self, truth, wanted, found=found, is_supposed=found.supposed is not None)
        if name := facts.assumptions.passed_over(self.word):
            facts.used_assumptions.add(name)
            return _note(findings, self, False, wanted, found=found, note="passed over, as the school decided")
        word = f"{self.word} {self.codes}" if self.codes else self.word
        question = _ask(word, found, _part_at(self.limits, found.interval, self.word in PERCENTAGES))
        return _note(findings, self, None, wanted, found=found, question=question)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """So many sessions marked N are still without a reason."""

    test: UnexplainedTest
    limits: tuple[Limit, ...]

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        found, key = find_unexplained(facts, self.test), self.test.as_asked(facts)
        supposed: Interval | None = facts.supposed.get(key) if facts.supposed else None
        if supposed is not None and found.figure is None:
            found = found._replace(supposed=supposed)
        truth = _read_limits(self.limits, found.interval)
        if truth is not None:
            return _note(findings, self, truth, wanted, found=found, is_supposed=found.supposed is not None)
        if name := facts.assumptions.passed_over("sessions_unexplained"):
            facts.used_assumptions.add(name)
            return _note(findings, self, False, wanted, found=found, note="passed over, as the school decided")
        number = _part_at(self.limits, found.interval, False)
        question = _ask("", found, number)._replace(key=key)
        return _note(findings, self, None, wanted, found=found, question=question)


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
            return _note(findings, self, False, wanted, found=Found(None, None))
        first = span.anchor.on if span.anchor else span.first
        event = self._find(facts, first)
        truth = event is not None and (not self.test.outcomes or event.outcome in self.test.outcomes)
        return _note(findings, self, truth, wanted, found=Found(None, span), event=event)

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
        if self.if_unknown is not None:
            return _note(findings, self, self.if_unknown is self.answer, wanted, note="unknown")
        supposed: Truth = facts.supposed.get(self.word) if facts.supposed else None
        if supposed is not None:
            return _note(findings, self, supposed is self.answer, wanted, note="unknown", is_supposed=True)
        question = Question(self.word, (False, True), (self.word,))
        return _note(findings, self, None, wanted, note="unknown", question=question)

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
        day = self.duration.after_event(event, facts.calendar)
        return _note(findings, self, facts.on >= day, wanted, event=event, day=day)


@dataclass(frozen=True, slots=True)
class Improved:
    """Attendance has improved since the last letter, or since another event."""

    window: Window

    def read(self, facts: Facts, findings: list[Finding], wanted: bool = True) -> Truth:
        truth, word, number = facts.read_improvement(self.window)
        found, unauthorised, possible = (facts.figure(word, self.window) for word in IMPROVEMENT)
        return _note(
            findings,
            self,
            truth,
            wanted,
            found=found,
            unauthorised=unauthorised,
            question=_ask(word, facts.figure(word, self.window), number) if word else None,
            is_supposed=any(item.supposed for item in (found, unauthorised, possible)),
        )


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

"""A policy: its dated rules, and what of them is in force on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from service.decisions.conditions import AllOf, Condition, EventIs, TimePassed, list_leaves
from service.decisions.terms import Milestone, Steps, Terms
from service.decisions.windows.durations import Duration
from service.decisions.wording import say_day
from service.errors import Problem, RulesError


@dataclass(frozen=True, slots=True)
class Review:
    """When to look again: so long after the day of the decision, or after an event."""

    duration: Duration
    since: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extra:
    """What a rule adds when a further condition holds."""

    when: Condition
    actions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which a letter is worded, and when."""

    name: str
    when: Condition
    needs_no_meeting: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A rule's content from a day on, with the paragraph it comes from."""

    first: date
    last: date | None
    reference: str
    when: Condition
    review: Review | None = None
    documents: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    variants: tuple[Variant, ...] = ()

    def is_in_force(self, day: date) -> bool:
        """Whether this version applies to a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a policy: the stage, what it leads to, and its versions."""

    id: str
    stage: str
    outcome: str
    letter: str
    actions: tuple[str, ...]
    label: str
    versions: tuple[Version, ...]
    reads_unexplained: bool = False
    does_not_wait: bool = False
    again: bool = False
    overrides_improved: bool = False
    offered_when_open: bool = False
    invites: bool = False


@dataclass(frozen=True, slots=True)
class ActiveRule:
    """A rule with the version that is in force."""

    rule: Rule
    version: Version

    @property
    def is_read_first(self) -> bool:
        """Whether it is read before the review day is looked at."""
        return self.rule.reads_unexplained or self.rule.does_not_wait

    @property
    def is_read_last(self) -> bool:
        """Whether it is read once the last letter was reviewed and did not help."""
        return not self.is_read_first and not self.rule.overrides_improved


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """The general part of a policy from a day on."""

    first: date
    last: date | None
    terms: Terms

    def is_in_force(self, day: date) -> bool:
        """Whether this version applies to a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class PolicyOn:
    """What a policy says on one day."""

    name: str
    version: date
    terms: Terms
    rules: tuple[ActiveRule, ...]
    returns: tuple[ActiveRule, ...]
    steps: Steps
    letter_reviews: Mapping[str, Duration]


@dataclass(frozen=True)
class Policy:
    """A policy with all its versions."""

    name: str
    title: str
    source: str
    terms: tuple[TermsVersion, ...]
    rules: tuple[Rule, ...]
    returns: tuple[Rule, ...]
    steps: Steps
    events: frozenset[str]
    milestones: Mapping[str, Milestone]
    _kept: dict[date, PolicyOn | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def letter_names(self) -> dict[str, str]:
        """The letters by what the policy calls them, in small letters: {"school letter 1": "letter_1"}."""
        labels = {label: letter for version in self.terms for letter, label in version.terms.labels.items()}
        return {label.lower(): letter for label, letter in labels.items()}

    @property
    def begins(self) -> date:
        """The first day on which the policy says anything."""
        return min(version.first for version in self.terms)

    def on(self, day: date) -> PolicyOn | None:
        """The rules in force on a day; None before the policy begins."""
        if day not in self._kept:
            self._kept[day] = self._find(day)
        return self._kept[day]

    def in_force(self, day: date) -> PolicyOn:
        """The rules in force on a day. Raises RulesError before the policy begins."""
        active = self.on(day)
        if active is None:
            sentence = f"The policy {self.name} says nothing on {say_day(day)}; it begins on {say_day(self.begins)}."
            raise RulesError(Problem("policy-not-in-force", sentence))
        return active

    def _find(self, day: date) -> PolicyOn | None:
        terms = next((version for version in self.terms if version.is_in_force(day)), None)
        if terms is None:
            return None
        rules, returns = _in_force(self.rules, day), _in_force(self.returns, day)
        version = max(terms.first, *(active.version.first for active in rules), terms.first)
        reviews = _letter_reviews(self.rules, day)
        return PolicyOn(self.name, version, terms.terms, rules, returns, self.steps, reviews)


def _in_force(rules: tuple[Rule, ...], day: date) -> tuple[ActiveRule, ...]:
    return tuple(
        ActiveRule(rule, version)
        for rule in rules
        if (version := next((version for version in rule.versions if version.is_in_force(day)), None))
    )


def _letter_reviews(rules: tuple[Rule, ...], day: date) -> dict[str, Duration]:
    """Each letter's own review, by the version that began last."""
    reviews = {}
    for rule in rules:
        begun = [version for version in rule.versions if version.first <= day]
        if rule.letter and begun and (review := begun[-1].review) and not review.since:
            reviews[rule.letter] = review.duration
    return reviews


def events_named(rules: tuple[Rule, ...]) -> frozenset[str]:
    """Every event that the rules ask about."""
    names: set[str] = set()
    for leaf in list_leaves(AllOf(tuple(version.when for rule in rules for version in rule.versions))):
        if isinstance(leaf, EventIs):
            names.update(leaf.test.names)
        elif isinstance(leaf, TimePassed):
            names.update(leaf.since)
    return frozenset(names)


ALWAYS: Condition = AllOf(())
"""The condition of a variant that stands last."""

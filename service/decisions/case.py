"""Where a pupil's case stands under a policy: the stage reached, the review day, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date

from service.attendance.age import is_of_compulsory_school_age
from service.attendance.record import Event
from service.attendance.words import MEETING_NEEDED
from service.decisions.conditions import Finding, Improved
from service.decisions.facts import Facts
from service.decisions.policy import ActiveRule, PolicyOn, Variant
from service.decisions.review_day import review_of_last_letter, review_of_rule
from service.decisions.windows.window import LAST_LETTER, Window

SINCE_LAST_LETTER = Window("since", after=(LAST_LETTER,))


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a rule's letter or action comes to on a day: its wording, the review day, and what an invitation lacks.

    `missing_meeting` names facts of the meeting; it is empty for a letter that invites to none. `findings` are the
    variants'.
    """

    variant: str
    review_on: date | None
    missing_meeting: tuple[str, ...]
    findings: tuple[Finding, ...]


class Case:
    """A pupil's case: its last letter, when that is to be reviewed, and the stages behind and ahead of it."""

    def __init__(self, facts: Facts, policy: PolicyOn) -> None:
        self.facts = facts
        self.policy = policy
        self.terms = policy.terms
        self.last_letter: Event | None = facts.events.last_letter
        self.review_day = review_of_last_letter(policy, facts)
        self.stage_sent = self._find_stage_sent()
        born = facts.record.date_of_birth
        self.is_of_age = None if born is None else is_of_compulsory_school_age(born, facts.on)

    @property
    def is_before_review(self) -> bool:
        """Whether the last letter still has time to show its effect."""
        return self.review_day is not None and self.facts.on < self.review_day

    def supposing(self, facts: Facts) -> Case:
        """The same case, looked at with other figures."""
        other = copy(self)
        other.facts = facts
        return other

    @property
    def stage_reached(self) -> str:
        """The highest stage that anything done this school year belongs to; the first real stage of an open case."""
        reached = [stage for event in self.facts.events if (stage := self.terms.stage_of_event.get(event.event))]
        if reached:
            return self.terms.highest(reached)
        return self.terms.stages[1 if self.facts.events.has_open_case and len(self.terms.stages) > 1 else 0]

    def stage_of(self, active: ActiveRule) -> str:
        """A rule's stage; a rule of any stage keeps the one reached."""
        return self.stage_reached if active.rule.stage == "any" else active.rule.stage

    def is_below(self, active: ActiveRule) -> bool:
        """Whether a rule belongs to a stage that the letters sent have left behind, unless the case has improved."""
        stage, stages = active.rule.stage, self.terms.stages
        if self.stage_sent is None or stage == "any" or active.rule.reads_unexplained:
            return False
        return stages.index(stage) < stages.index(self.stage_sent)

    @property
    def improved_by_review(self) -> Improved | None:
        """The condition under which stages that were left behind count again: improved by a review day that is past."""
        if self.last_letter is None or self.review_day is None or self.facts.on < self.review_day:
            return None
        days = (self.review_day - self.last_letter.on).days
        return Improved(Window("first", days, "days", after=(LAST_LETTER,)))

    def is_enforcement(self, active: ActiveRule) -> bool:
        """Whether a rule is a step of enforcement, open only for pupils of compulsory school age."""
        steps = self.policy.steps
        if active.rule.letter in steps.enforcement_letters:
            return True
        return any(steps.actions[action].is_enforcement for action in active.rule.actions)

    def unanswered_flags(self, active: ActiveRule) -> tuple[str, ...]:
        """The questions about protection that have to be answered before a step of enforcement is taken."""
        if not self.is_enforcement(active):
            return ()
        return tuple(flag for flag in self.policy.steps.must_be_known if self.facts.answer(flag) is None)

    def actions_left(self, actions: Iterable[str]) -> tuple[str, ...]:
        """The actions that were not done since the last letter (this school year, where none was sent)."""
        since = self.last_letter.on if self.last_letter else self.facts.events.year_start
        recent = {event.event for event in self.facts.events if event.on >= since}
        return tuple(action for action in actions if recent.isdisjoint(self.policy.steps.actions[action].done_by))

    def particulars_of(self, active: ActiveRule) -> Particulars:
        """What a rule's letter or action comes to on this day, whether the rule holds or a person chose its letter."""
        findings: list[Finding] = []
        variants = active.version.variants
        variant = next((item for item in variants if item.when.read(self.facts, findings)), None)
        return Particulars(
            variant=variant.name if variant else "",
            review_on=review_of_rule(active, self.stage_of(active), self.terms, self.facts),
            missing_meeting=self._missing_meeting(active, variant),
            findings=tuple(findings),
        )

    def _missing_meeting(self, active: ActiveRule, variant: Variant | None) -> tuple[str, ...]:
        if not active.rule.invites or (variant and variant.needs_no_meeting):
            return ()
        return tuple(word for word in MEETING_NEEDED if word not in self.facts.record.meeting)

    def _find_stage_sent(self) -> str | None:
        """The highest stage of the letters sent."""
        letters = [event.event for event in self.facts.events if event.event in self.terms.ladder]
        stages = [self.terms.stage_of_event[letter] for letter in letters if letter in self.terms.stage_of_event]
        return self.terms.highest(stages) if stages else None

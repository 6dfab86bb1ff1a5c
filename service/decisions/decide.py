"""Reads a policy against one pupil, in the order that every policy keeps.

1. Rules on N marks and rules that do not wait. 2. Before the review day of the last letter: monitor.
3. Improved: none, one stage lower; a rule that overrides this is read first. 4. The other rules; the first that holds,
or that something unknown keeps open, decides. 5. No rule holds: monitor an open case, or none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from service.attendance.calendar import SchoolCalendar
from service.attendance.record import AttendanceRecord
from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions
from service.decisions.branches import Answer, find_answer
from service.decisions.case import SINCE_LAST_LETTER, Case
from service.decisions.conclusion import Conclusion, Open, Suggestion
from service.decisions.conditions import Finding, Improved, Limit, Truth, Unexplained
from service.decisions.decision import Decision
from service.decisions.facts import Facts
from service.decisions.policy import ActiveRule, Policy, PolicyOn
from service.decisions.reasons import ReasonWriter
from service.decisions.unexplained import UnexplainedTest, silence_counts_from
from service.decisions.wording import say_day, say_list

_OUTSTANDING = Unexplained(UnexplainedTest(), (Limit("at_least", 1),))


class Decided(NamedTuple):
    """A decision, and the facts that it was read from: letters and forms go on counting in them."""

    decision: Decision
    facts: Facts


def decide(
    record: AttendanceRecord,
    policy: Policy,
    on: date,
    calendar: SchoolCalendar,
    assumptions: Assumptions = NOTHING_ASSUMED,
) -> Decision:
    """What the policy suggests for a pupil on a day, with every reason.

    `assumptions` are a school's own answers for what its reports leave open; they are used only where a decision needs
    them. Raises RulesError when the policy does not apply to that day.
    """
    return decide_with_facts(record, policy, on, calendar, assumptions).decision


def decide_with_facts(
    record: AttendanceRecord,
    policy: Policy,
    on: date,
    calendar: SchoolCalendar,
    assumptions: Assumptions = NOTHING_ASSUMED,
) -> Decided:
    """The decision for a pupil on a day with its facts, for whoever writes the letters and forms.

    Raises RulesError when the policy does not apply to that day.
    """
    active = policy.in_force(on)
    facts = Facts(record, on, calendar, active.terms)
    return Decided(_decide(facts, active, assumptions), facts)


def _decide(facts: Facts, policy: PolicyOn, assumptions: Assumptions) -> Decision:
    answer = _answer(facts, policy)
    decision = answer.conclude()
    if not assumptions or not (answer.missing or decision.not_assessed):
        return decision
    assumed = facts.assuming(assumptions)
    found = _answer_assuming(assumed, answer, policy).conclude()
    return found if assumed.used_assumptions else decision


def _answer_assuming(assumed: Facts, answer: Answer, policy: PolicyOn) -> Answer:
    """The answer under a school's own answers; only the returns are read anew where the rules need none of them."""
    if answer.missing:
        return _answer(assumed, policy)
    return answer._replace(conclusion=answer.conclusion.copy(Case(assumed, policy)))


def _answer(facts: Facts, policy: PolicyOn) -> Answer:
    case = Case(facts, policy)

    def walk(supposed: Facts) -> tuple[Suggestion | Open, Conclusion]:
        own = Walk(case if supposed is facts else case.supposing(supposed))
        return own.decide(), own.conclusion

    return find_answer(facts, walk)


class Walk:
    """One pupil against one policy: walks the rules and keeps what was found on the way."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.facts = case.facts
        self.policy = case.policy
        self.terms = case.terms
        self.on = case.facts.on
        self.conclusion = Conclusion(case)

    def decide(self) -> Suggestion | Open:
        """What the first step that has an answer suggests, or where something unknown keeps the rules open."""
        return (
            self._read_rules(active for active in self.policy.rules if active.is_read_first)
            or self._before_review()
            or self._when_improved()
            or self._read_rules(active for active in self.policy.rules if active.is_read_last)
            or self._when_nothing_holds()
        )

    def _before_review(self) -> Suggestion | None:
        last, day = self.case.last_letter, self.case.review_day
        if last is None or day is None or not self.case.is_before_review:
            return None
        name = ReasonWriter(self.terms).name(last.event)
        sentence = f"{name[:1].upper()}{name[1:]} of {say_day(last.on)} is to be reviewed on {say_day(day)}."
        self.conclusion.say("review_day", sentence)
        return Suggestion("monitor", self.case.stage_reached, "review_day", review_on=day)

    def _when_improved(self) -> Suggestion | Open | None:
        if self.case.last_letter is None:
            return None
        overriding = [active for active in self.policy.rules if active.rule.overrides_improved]
        if own := self._read_rules(overriding):
            return own
        improved, findings = self.conclusion.read(Improved(SINCE_LAST_LETTER))
        self.conclusion.keep("improved", self.terms.expected_level_reference, findings)
        if improved is None:
            return self.conclusion.open("improved", self.case.stage_reached, findings)
        stage = self.terms.stage_lower(self.case.stage_reached)
        return Suggestion("none", stage, "improved") if improved else None

    def _when_nothing_holds(self) -> Suggestion | Open:
        if waiting := self._waiting_for_reasons():
            return waiting
        if not self.facts.events.has_open_case:
            is_known = self.facts.record.history_known
            before = "Nothing was sent or done" if is_known else "It is not known whether anything was sent or done"
            sentence = f"The policy asks for nothing at present. {before} about attendance this school year."
            self.conclusion.say("no_rule", sentence)
            return Suggestion("none", self.terms.stages[0], "no_rule")
        self.conclusion.say(
            "no_rule", "Something was sent or done this school year, and the policy asks for no more at present."
        )
        stage = self.case.stage_reached
        review = self.terms.reviews.get(stage)
        day = review.after(self.on, self.facts.calendar) if review else None
        return Suggestion("monitor", stage, "no_rule", review_on=day)

    def _waiting_for_reasons(self) -> Suggestion | Open | None:
        """The decision to wait for an answer, where only a letter about missing reasons was sent; else None."""
        letter = self.facts.events.latest((self.terms.unexplained_letter,))
        if letter is None or self.case.last_letter is not None:
            return None
        outstanding, findings = self.conclusion.read(_OUTSTANDING)
        if outstanding is None:
            return self.conclusion.open("unexplained", self.case.stage_reached, findings)
        if not outstanding:
            return None
        day = silence_counts_from(letter.on, self.terms.unexplained_wait, self.facts.calendar)
        if day <= self.on:
            day = self.terms.unexplained_wait.after(self.on, self.facts.calendar)
        name = ReasonWriter(self.terms).name(letter.event)
        text = f"{name} of {say_day(letter.on)} asks for reasons that are still outstanding."
        self.conclusion.say("unexplained", text)
        return Suggestion("monitor", self.case.stage_reached, "unexplained", review_on=day)

    def _read_rules(self, rules: Iterable[ActiveRule]) -> Suggestion | Open | None:
        for active in rules:
            if not self._is_passed_over(active) and (found := self._read_rule(active)):
                return found
        return None

    def _read_rule(self, active: ActiveRule) -> Suggestion | Open | None:
        is_behind = not active.rule.overrides_improved and self.case.is_below(active)
        truth, findings = self.conclusion.read(active.version.when)
        if is_behind and truth is not False:
            return self._read_behind(active, truth, findings)
        self.conclusion.keep(active.rule.id, active.version.reference, findings)
        return self._lead(active, truth, findings)

    def _read_behind(self, active: ActiveRule, truth: Truth, findings: list[Finding]) -> Suggestion | Open | None:
        """A rule of a stage that the letters sent have left behind: it counts again once the case has improved."""
        assert self.case.improved_by_review is not None  # noqa: S101  # looked at before
        improved, first = self.conclusion.read(self.case.improved_by_review)
        if improved is False:
            return None
        self.conclusion.keep(
            active.rule.id, active.version.reference, [*(first if improved is None else ()), *findings]
        )
        if improved is None:
            return self.conclusion.open(active.rule.id, self.case.stage_of(active), first)
        return self._lead(active, truth, findings)

    def _lead(self, active: ActiveRule, truth: Truth, findings: list[Finding]) -> Suggestion | Open | None:
        """What a rule leads to; an open choice of words is offered beside what a later rule brings."""
        if truth:
            return self.conclusion.of_rule(active)
        if truth is None and active.rule.offered_when_open:
            self.conclusion.choices[active.rule.letter] = active.rule.label
            return None
        if truth is None:
            return self.conclusion.open(active.rule.id, self.case.stage_of(active), findings)
        return None

    def _is_passed_over(self, active: ActiveRule) -> bool:
        """Whether a rule is not read at all; the reason is kept where a person would ask for it."""
        rule, reference = active.rule, active.version.reference
        if not rule.overrides_improved and self.case.is_below(active) and self.case.improved_by_review is None:
            return True
        if rule.letter and not rule.again and (sent := self.facts.events.latest((rule.letter,))):
            text = f"{rule.label} was sent on {say_day(sent.on)} this school year."
            self.conclusion.say(rule.id, text, reference, held=False)
            return True
        if rule.outcome == "action" and not rule.again and not self.case.actions_left(rule.actions):
            titles = say_list([self.policy.steps.actions[action].title for action in rule.actions])
            self.conclusion.say(rule.id, f"{titles}: done since the last letter.", reference, held=False)
            return True
        if self.case.is_of_age is False and self.case.is_enforcement(active):
            text = f"Not of compulsory school age on {say_day(self.on)}, so no enforcement step is open."
            self.conclusion.say(rule.id, text, "Education Act 1996, section 8", held=False)
            return True
        return False

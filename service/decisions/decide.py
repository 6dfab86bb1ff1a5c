"""Reads a policy against one pupil, in the order that every policy keeps.

1. Rules on N marks and rules that do not wait. 2. Before the review day of the last letter: monitor.
3. Improved: none, one stage lower. 4. The other rules; the first that holds, or that only an unknown judgement keeps
open, decides. 5. No rule holds: monitor an open case, or none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from service.attendance.calendar import SchoolCalendar
from service.attendance.record import AttendanceRecord
from service.attendance.words import JUDGEMENTS
from service.decisions.case import SINCE_LAST_LETTER, Case
from service.decisions.conclusion import Conclusion
from service.decisions.conditions import FactIs, FigureIs, Finding, Improved, Unexplained
from service.decisions.decision import Decision
from service.decisions.facts import Facts
from service.decisions.policy import ActiveRule, Policy, PolicyOn
from service.decisions.reasons import ReasonWriter, say_review
from service.decisions.unexplained import UnexplainedTest, count_unexplained
from service.decisions.windows import Window
from service.decisions.wording import say_day, say_list


class Decided(NamedTuple):
    """A decision, and the facts that it was read from: letters and forms go on counting in them."""

    decision: Decision
    facts: Facts


def decide(record: AttendanceRecord, policy: Policy, on: date, calendar: SchoolCalendar) -> Decision:
    """What the policy suggests for a pupil on a day, with every reason.

    Raises RulesError when the policy does not apply to that day.
    """
    return decide_with_facts(record, policy, on, calendar).decision


def decide_with_facts(record: AttendanceRecord, policy: Policy, on: date, calendar: SchoolCalendar) -> Decided:
    """The decision for a pupil on a day with its facts, for whoever writes the letters and forms.

    Raises RulesError when the policy does not apply to that day.
    """
    active = policy.in_force(on)
    facts = Facts(record, on, calendar, active.terms)
    return Decided(Walk(facts, active).decide(), facts)


class Walk:
    """One pupil against one policy: walks the rules and keeps what was found on the way."""

    def __init__(self, facts: Facts, policy: PolicyOn) -> None:
        self.facts = facts
        self.policy = policy
        self.terms = policy.terms
        self.on = facts.on
        self.case = Case(facts, policy)
        self.conclusion = Conclusion(self.case)
        self.has_improved = False
        self.is_any_rule_assessed = False

    def decide(self) -> Decision:
        """The decision of the first step that has one."""
        return (
            self._read_rules(active for active in self.policy.rules if active.is_read_first)
            or self._before_review()
            or self._when_improved()
            or self._read_rules(active for active in self.policy.rules if not active.is_read_first)
            or self._when_nothing_holds()
        )

    def _before_review(self) -> Decision | None:
        last, day = self.case.last_letter, self.case.review_day
        if last is None or day is None or not self.case.is_before_review:
            return None
        self.conclusion.say("review_day", say_review(last, ReasonWriter(self.terms).name(last.event), day))
        return self.conclusion.monitor("review_day", self.case.stage_reached, day)

    def _when_improved(self) -> Decision | None:
        if self.case.last_letter is None:
            return None
        improved, findings = self.conclusion.read(Improved(SINCE_LAST_LETTER))
        self.conclusion.keep("improved", self.terms.expected_level_reference, findings)
        if improved is None:
            return self.conclusion.undecided("improved", self.case.stage_reached, self._missing_for(findings))
        if not improved:
            return None
        self.has_improved = True
        own = self._read_rules(active for active in self.policy.rules if active.rule.when_improved)
        return own or self.conclusion.none("improved", self.terms.stage_lower(self.case.stage_reached))

    def _when_nothing_holds(self) -> Decision:
        waiting = self._waiting_for_reasons()
        if waiting:
            return waiting
        stage = self.case.stage_reached
        if not self.is_any_rule_assessed and self.conclusion.not_assessed:
            self.conclusion.say("no_rule", "No rule of the policy could be read with the figures that are known.")
            return self.conclusion.undecided("no_rule", stage, tuple(self.conclusion.not_assessed))
        if not self.facts.events.has_open_case:
            self.conclusion.say("no_rule", "No rule of the policy holds, and no case is open this school year.")
            return self.conclusion.none("no_rule", self.terms.stages[0])
        self.conclusion.say("no_rule", "A case is open this school year, and no rule asks for more at the moment.")
        review = self.terms.reviews.get(stage)
        return self.conclusion.monitor("no_rule", stage, review.after(self.on, self.facts.calendar) if review else None)

    def _waiting_for_reasons(self) -> Decision | None:
        """The decision to wait for an answer, where only a letter about missing reasons was sent; else None."""
        letter = self.facts.events.latest((self.terms.unexplained_letter,))
        if letter is None or self.case.last_letter is not None or not count_unexplained(self.facts, UnexplainedTest()):
            return None
        day = self.terms.unexplained_wait.after(letter.on, self.facts.calendar)
        if day <= self.on:
            day = self.terms.unexplained_wait.after(self.on, self.facts.calendar)
        name = ReasonWriter(self.terms).name(letter.event)
        text = f"{name} of {say_day(letter.on)} asks for reasons that are still outstanding."
        self.conclusion.say("unexplained", text)
        return self.conclusion.monitor("unexplained", self.case.stage_reached, day)

    def _read_rules(self, rules: Iterable[ActiveRule]) -> Decision | None:
        for active in rules:
            if self._is_passed_over(active):
                continue
            decision = self._read_rule(active)
            if decision:
                return decision
        return None

    def _read_rule(self, active: ActiveRule) -> Decision | None:
        truth, findings = self.conclusion.read(active.version.when)
        if truth is not None and any(map(_is_known_figure, findings)):
            self.is_any_rule_assessed = True
        self.conclusion.keep(active.rule.id, active.version.reference, findings)
        if truth:
            return self.conclusion.of_rule(active)
        return self._unknown(active, findings) if truth is None else None

    def _unknown(self, active: ActiveRule, findings: list[Finding]) -> Decision | None:
        """Undecided where only judgements are missing, or the case is due for review; else None, the figures noted."""
        missing = self._missing_for(findings)
        figures = [word for word in missing if word not in JUDGEMENTS]
        if not figures or self.case.is_reviewed:
            return self.conclusion.undecided(active.rule.id, self.case.stage_of(active), missing)
        self.conclusion.not_assessed.update(dict.fromkeys(figures))
        return None

    def _missing_for(self, findings: list[Finding]) -> tuple[str, ...]:
        words: dict[str, None] = {}
        for finding in findings:
            if finding.truth is not None:
                continue
            if isinstance(finding.condition, FactIs):
                words[finding.condition.word] = None
            elif isinstance(finding.condition, Improved):
                words.update(dict.fromkeys(self._missing_for_improved(finding.condition.window)))
            elif finding.found:
                words.update(dict.fromkeys(finding.found.missing))
        return tuple(words)

    def _missing_for_improved(self, window: Window) -> Iterable[str]:
        for word in ("sessions_unauthorised", "attendance_percentage"):
            found = self.facts.figure(word, window)
            if found.figure is None:
                yield from found.missing

    def _is_passed_over(self, active: ActiveRule) -> bool:
        """Whether a rule is not read at all; the reason is kept where a person would ask for it."""
        rule, reference = active.rule, active.version.reference
        if not self.has_improved if rule.when_improved else self.case.is_below(active):
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


def _is_known_figure(finding: Finding) -> bool:
    return finding.truth is not None and isinstance(finding.condition, FigureIs | Unexplained | Improved)

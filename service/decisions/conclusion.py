"""Puts a decision together: what the rule brings, the statutory returns, and the cautions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from service.attendance.words import FLAGS
from service.decisions.case import Case
from service.decisions.conditions import Condition, Finding, Truth
from service.decisions.decision import Decision
from service.decisions.policy import ActiveRule
from service.decisions.reasons import Findings, Reason, Told, say_figures


class Conclusion:
    """Collects the reasons and cautions of one decision, and makes the decision of them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.facts = case.facts
        self.policy = case.policy
        self.told: list[Reason | Told] = []
        self.cautions: dict[str, None] = {}
        self.not_assessed: dict[str, None] = {}
        self.unknown_flags: dict[str, None] = {}

    def read(self, condition: Condition) -> tuple[Truth, list[Finding]]:
        """Whether a condition holds, and what was found; flags that nobody answered are kept for a caution."""
        findings: list[Finding] = []
        truth = condition.read(self.facts, findings)
        self._keep_unknown_flags(findings)
        return truth, findings

    def holds(self, condition: Condition) -> bool:
        """Whether a condition holds for certain."""
        return self.read(condition)[0] is True

    def say(self, rule: str, text: str, reference: str = "", held: bool = True) -> None:
        """Keep a reason that is a sentence already."""
        self.told.append(Reason(rule, held, text, reference))

    def keep(self, rule: str, reference: str, findings: Iterable[Finding]) -> None:
        """Keep what was found about the conditions of a rule."""
        self.told.extend((rule, reference, finding) for finding in findings)

    def none(self, rule: str, stage: str) -> Decision:
        """The decision that nothing is due."""
        return self._conclude("none", stage, rule)

    def monitor(self, rule: str, stage: str, review_on: date | None) -> Decision:
        """The decision to wait until the review day."""
        return self._conclude("monitor", stage, rule, review_on=review_on)

    def undecided(self, rule: str, stage: str, missing: Iterable[str]) -> Decision:
        """The decision that more has to be known first: the words that are missing."""
        return self._conclude("undecided", stage, rule, missing=tuple(missing))

    def of_rule(self, active: ActiveRule) -> Decision:
        """The decision that a rule leads to when it holds."""
        rule, version, stage = active.rule, active.version, self.case.stage_of(active)
        actions, documents = list(rule.actions), list(version.documents)
        self.cautions.update(dict.fromkeys(version.cautions))
        for extra in version.extras:
            if self.holds(extra.when):
                actions += extra.actions
                documents += extra.documents
                self.cautions.update({extra.caution: None} if extra.caution else {})
        particulars = self.case.particulars_of(active)
        self._keep_unknown_flags(particulars.findings)
        if self.case.is_enforcement(active):
            self._add_enforcement_cautions()
        left = self.case.actions_left(actions) if rule.letter else tuple(actions)
        return self._conclude(
            rule.outcome,
            stage,
            rule.id,
            letter=rule.letter,
            letter_label=rule.label if rule.letter else "",
            variant=particulars.variant,
            actions=left,
            to_do=tuple(self.policy.steps.actions[action].to_do for action in left),
            documents=documents,
            checklist=version.checklist,
            review_on=particulars.review_on,
            missing=particulars.missing_meeting,
        )

    def _keep_unknown_flags(self, findings: Iterable[Finding]) -> None:
        self.unknown_flags.update({finding.unknown_flag: None for finding in findings if finding.unknown_flag})

    def _add_enforcement_cautions(self) -> None:
        flags = self.policy.steps.lead_professional_flags
        if any(self.facts.answer(flag) for flag in flags):
            self.cautions["Consult the lead professional first."] = None
        unknown = [flag for flag in flags if self.facts.answer(flag) is None]
        self.unknown_flags.update(dict.fromkeys(unknown))

    def _conclude(
        self, outcome: str, stage: str, rule: str, *, documents: Iterable[str] = (), **parts: Any
    ) -> Decision:
        record, terms = self.facts.record, self.case.terms
        returns = self._find_returns()
        self._add_general_cautions()
        return Decision(
            policy=self.policy.name,
            policy_version=self.policy.version,
            on=self.facts.on,
            pupil_reference=record.pupil_reference,
            upn=record.upn,
            stage=stage,
            outcome=outcome,
            rule=rule,
            documents=tuple(dict.fromkeys((*terms.documents.get(stage, ()), *documents))),
            returns=returns,
            cautions=tuple(self.cautions),
            not_assessed=tuple(self.not_assessed),
            counted=say_figures(self.facts),
            findings=Findings(tuple(self.told), terms),
            **parts,
        )

    def _find_returns(self) -> tuple[str, ...]:
        """The statutory returns that are due, with their reasons and cautions; none outside compulsory school age."""
        if self.case.is_of_age is False:
            return ()
        due = []
        for active in self.policy.returns:
            truth, findings = self.read(active.version.when)
            if truth:
                due.append(active.rule.id)
                self.keep(active.rule.id, active.version.reference, findings)
                held = (extra for extra in active.version.extras if self.holds(extra.when))
                self.cautions.update(dict.fromkeys(extra.caution for extra in held))
        return tuple(due)

    def _add_general_cautions(self) -> None:
        if self.case.is_of_age is None:
            self.cautions["The date of birth is not known, so compulsory school age was not checked."] = None
        if not self.facts.calendar.is_known:
            self.cautions["No school calendar was given: every weekday was taken for a school day."] = None
        elif not self.facts.calendar.covers(self.facts.on):
            self.cautions["The calendar does not reach this day: weekdays outside it were taken for school days."] = (
                None
            )
        if flags := self.unknown_flags:
            questions = " ".join(FLAGS[flag].question for flag in flags)
            self.cautions[f"Not known, and taken as no: {questions}"] = None
        self.cautions.update(dict.fromkeys(self.facts.record.warnings))

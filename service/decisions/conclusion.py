"""Puts a decision together: what the rule brings, the statutory returns, and the cautions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from service.attendance.words import FLAGS
from service.decisions.case import Case
from service.decisions.conditions import Condition, Finding, Question, Truth
from service.decisions.decision import Decision
from service.decisions.facts import Facts
from service.decisions.policy import ActiveRule, Extra
from service.decisions.reasons import Findings, Reason, Told, say_figures

HISTORY_NOT_KNOWN = "Check what was sent and done before: no history was given, so nothing earlier was counted."


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the rules lead to, before the returns and cautions of every decision are added.

    Two suggestions are equal when they ask for the same to be done, whichever rule led there.
    """

    outcome: str
    stage: str
    rule: str = field(compare=False)
    letter: str = ""
    letter_label: str = field(default="", compare=False)
    variant: str = ""
    actions: tuple[str, ...] = ()
    to_do: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    review_on: date | None = None
    missing: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


class Open(NamedTuple):
    """Where the rules stop because something is not known: the rule, its stage, and what keeps it open."""

    rule: str
    stage: str
    question: Question


class Conclusion:
    """Collects the reasons and cautions of one decision, and makes the decision of them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.facts: Facts = case.facts
        self.policy = case.policy
        self.told: list[Reason | Told] = []
        self.cautions: dict[str, None] = {}
        self.not_assessed: dict[str, None] = {}
        self.unknown_flags: dict[str, None] = {}
        self.choices: dict[str, str] = {}

    def copy(self, case: Case) -> Conclusion:
        """What was found so far, to be concluded about this case."""
        own = Conclusion(case)
        own.told, own.cautions = list(self.told), dict(self.cautions)
        own.not_assessed, own.unknown_flags = dict(self.not_assessed), dict(self.unknown_flags)
        own.choices = dict(self.choices)
        return own

    def absorb(self, others: Iterable[Conclusion]) -> None:
        """Take over what others found, everything once."""
        for other in others:
            if other is self:
                continue
            known = set(map(_told_key, self.told))
            self.told += [item for item in other.told if _told_key(item) not in known]
            self.cautions.update(other.cautions)
            self.unknown_flags.update(other.unknown_flags)

    def read(self, condition: Condition) -> tuple[Truth, list[Finding]]:
        """Whether a condition holds, and what was found; flags that nobody answered are kept for a caution."""
        findings: list[Finding] = []
        truth = condition.read(self.facts, findings)
        self._keep_unknown_flags(findings)
        return truth, findings

    def say(self, rule: str, text: str, reference: str = "", held: bool = True) -> None:
        """Keep a reason that is a sentence already."""
        self.told.append(Reason(rule, held, text, reference))

    def keep(self, rule: str, reference: str, findings: Iterable[Finding]) -> None:
        """Keep what was found about the conditions of a rule."""
        self.told.extend((rule, reference, finding) for finding in findings)

    def open(self, rule: str, stage: str, findings: Iterable[Finding]) -> Open:
        """Something has to be known first."""
        return Open(rule, stage, next(finding.question for finding in findings if finding.question))

    def of_rule(self, active: ActiveRule) -> Suggestion | Open:
        """What a rule that holds leads to."""
        rule, version, stage = active.rule, active.version, self.case.stage_of(active)
        actions, documents = list(rule.actions), list(version.documents)
        self.cautions.update(dict.fromkeys(version.cautions))
        for extra in version.extras:
            truth, findings = self.read(extra.when)
            if truth is None and (extra.actions or extra.documents):
                self.keep(rule.id, version.reference, findings)
                return self.open(rule.id, stage, findings)
            actions += extra.actions if truth else ()
            documents += extra.documents if truth else ()
            self._add_extra_caution(extra, truth)
        particulars = self.case.particulars_of(active)
        self._keep_unknown_flags(particulars.findings)
        self._add_enforcement_cautions(active)
        left = self.case.actions_left(actions) if rule.letter else tuple(actions)
        return Suggestion(
            rule.outcome,
            stage,
            rule.id,
            letter=rule.letter,
            letter_label=rule.label if rule.letter else "",
            variant=particulars.variant,
            actions=left,
            to_do=tuple(self.policy.steps.actions[action].to_do for action in left),
            documents=tuple(documents),
            checklist=version.checklist,
            review_on=particulars.review_on,
            missing=(*particulars.missing_meeting, *self.case.unanswered_flags(active)),
            choices=tuple(self.choices) if rule.letter else (),
        )

    def _add_extra_caution(self, extra: Extra, truth: Truth) -> None:
        if extra.caution and truth is not False:
            self.cautions[extra.caution if truth else f"Check whether this applies. {extra.caution}"] = None

    def _keep_unknown_flags(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding.unknown_flag:
                self.unknown_flags[finding.unknown_flag] = None

    def _add_enforcement_cautions(self, active: ActiveRule) -> None:
        if not self.case.is_enforcement(active):
            return
        flags = self.policy.steps.lead_professional_flags
        if any(self.facts.answer(flag) for flag in flags):
            self.cautions["Consult the lead professional first."] = None
        self.unknown_flags.update({flag: None for flag in flags if self.facts.answer(flag) is None})

    def finish(self, suggestion: Suggestion) -> Decision:
        """The decision: a suggestion with the returns and cautions that belong to every one."""
        returns = self._find_returns()
        self._add_choices(suggestion)
        self._add_general_cautions(suggestion)
        record, stage = self.facts.record, suggestion.stage
        parts = {word: getattr(suggestion, word) for word in suggestion.__slots__ if word != "documents"}
        return Decision(
            policy=self.policy.name,
            policy_version=self.policy.version,
            on=self.facts.on,
            pupil_reference=record.pupil_reference,
            upn=record.upn,
            documents=tuple(dict.fromkeys((*self.case.terms.documents.get(stage, ()), *suggestion.documents))),
            returns=returns,
            cautions=tuple(self.cautions),
            not_assessed=tuple(self.not_assessed),
            counted=say_figures(self.facts),
            findings=Findings(tuple(self.told), self.case.terms, record.history_known),
            **parts,
        )

    def _find_returns(self) -> tuple[str, ...]:
        """The statutory returns that are due, with their reasons and cautions; none outside compulsory school age."""
        if self.case.is_of_age is False:
            return ()
        return tuple(active.rule.id for active in self.policy.returns if self._is_due(active))

    def _is_due(self, active: ActiveRule) -> bool:
        truth, findings = self.read(active.version.when)
        if truth:
            self.keep(active.rule.id, active.version.reference, findings)
            for extra in active.version.extras:
                self._add_extra_caution(extra, self.read(extra.when)[0])
        if truth is None:
            self._keep_open_return(active, findings)
        return truth is True

    def _keep_open_return(self, active: ActiveRule, findings: list[Finding]) -> None:
        """A return that the figures do not settle is named, and never passed for one that is not due."""
        self.keep(active.rule.id, active.version.reference, findings)
        questions = [finding.question for finding in findings if finding.question]
        self.not_assessed.update({word: None for question in questions for word in question.missing})
        sentence = f"The figures do not show whether this is due; look at the register: {active.rule.label}."
        self.cautions[sentence] = None

    def _add_choices(self, suggestion: Suggestion) -> None:
        labels = [self.case.terms.labels.get(letter, letter) for letter in suggestion.choices]
        for label in labels:
            self.cautions[f"Choose the wording: the {label[:1].lower() + label[1:]} could be sent instead."] = None

    def _add_general_cautions(self, suggestion: Suggestion) -> None:
        self.cautions.update(dict.fromkeys(self._general_cautions(suggestion)))
        self.cautions.update(dict.fromkeys(self.facts.assumptions.say(self.facts.used_assumptions)))
        self.cautions.update(dict.fromkeys(self.facts.record.warnings))

    def _general_cautions(self, suggestion: Suggestion) -> Iterator[str]:
        if suggestion.outcome in ("letter", "action") and not self.facts.record.history_known:
            yield HISTORY_NOT_KNOWN
        if self.case.is_of_age is None:
            yield "Add the date of birth: without it, compulsory school age was not checked."
        if not self.facts.calendar.is_known:
            yield "Add the school's calendar: without it, every weekday was counted as a school day."
        elif not self.facts.calendar.covers(self.facts.on):
            yield "Extend the calendar to this day: every weekday outside it was counted as a school day."
        if flags := [flag for flag in self.unknown_flags if flag not in suggestion.missing]:
            questions = " ".join(FLAGS[flag].question for flag in flags)
            yield f"Answer these if you can; until then the answer is taken as no: {questions}"


def _told_key(item: Reason | Told) -> object:
    return item if isinstance(item, Reason) else (item[0], id(item[2].condition), item[2].shown)

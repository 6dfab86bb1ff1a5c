"""A decision: what is suggested for one pupil, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from service.attendance.words import FLAGS, MEETING
from service.decisions.reasons import Findings, Reason

_PARTS = ("counted", "findings")
"""The fields that the outside sees as figures and reasons."""


@dataclass(frozen=True)
class Decision:
    """What a policy suggests for a pupil on a day; a person decides. A value: nothing done with it changes it.

    `outcome` is letter, action, monitor, none or undecided. `missing` names facts without which nothing was decided,
    or without which the letter or step cannot go ahead; `not_assessed` names figures without which a statutory return
    could not be settled; `choices` are letters of other wordings that could be sent instead.
    """

    policy: str
    policy_version: date
    on: date
    pupil_reference: str
    upn: str
    stage: str
    outcome: str
    rule: str = ""
    letter: str = ""
    letter_label: str = ""
    variant: str = ""
    actions: tuple[str, ...] = ()
    to_do: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    review_on: date | None = None
    missing: tuple[str, ...] = ()
    not_assessed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    counted: tuple[tuple[str, int | float], ...] = ()
    findings: Findings = field(default_factory=Findings, repr=False)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every condition that held or failed, in the order in which they were read."""
        return tuple(dict.fromkeys(self.findings.reasons()))

    @cached_property
    def main_reasons(self) -> tuple[Reason, ...]:
        """The reasons of what was decided, without those of the rules that were passed over."""
        return tuple(dict.fromkeys(reason for reason in self.findings.reasons(self.rule) if reason.held is not False))

    @property
    def due(self) -> str:
        """What it leads to, in a few words: "School Letter 1 + pastoral meeting"."""
        parts = [self.letter_label, *(action.replace("_", " ") for action in self.actions)]
        due = " + ".join(part for part in parts if part)
        waiting = {"none": "nothing", "monitor": "nothing until the review", "undecided": "not decided yet"}
        return due or waiting.get(self.outcome, self.outcome)

    @property
    def figures(self) -> dict[str, int | float]:
        """Every figure that was looked at or given when it was decided, by its flat word."""
        return dict(self.counted)

    @property
    def missing_meeting(self) -> tuple[str, ...]:
        """The facts of the meeting without which the letter that is due cannot invite to it."""
        return tuple(word for word in self.missing if word in MEETING) if self.outcome == "letter" else ()

    @property
    def missing_flags(self) -> tuple[str, ...]:
        """The questions without an answer to which the step that is due cannot go ahead."""
        return tuple(word for word in self.missing if word in FLAGS) if self.outcome != "undecided" else ()

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone, without the words that somebody has asked for."""
        return {word: getattr(self, word) for word in self.__dataclass_fields__}

    def as_json(self) -> dict[str, Any]:
        """The decision as the outside sees it; what is not there is null or an empty list."""
        values = {word: getattr(self, word) for word in self.__dataclass_fields__ if word not in _PARTS}
        for word in ("letter", "letter_label", "variant", "upn", "pupil_reference", "rule"):
            values[word] = values[word] or None
        for word in ("policy_version", "on", "review_on"):
            values[word] = values[word].isoformat() if values[word] else None
        for word in (
            "actions",
            "to_do",
            "documents",
            "returns",
            "cautions",
            "checklist",
            "missing",
            "not_assessed",
            "choices",
        ):
            values[word] = list(values[word])
        values["figures"] = self.figures
        values["reasons"] = [reason.as_json() for reason in self.reasons]
        return values

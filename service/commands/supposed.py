"""What would be due besides what is: once an answer is given for everybody, and once missing reasons were asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from service.attendance.record import Event
from service.decisions.bounds.assumptions import (
    BROKEN_WEEKS,
    HOLIDAYS,
    PASSED_OVER,
    SEPARATE_ABSENCES,
    WITHOUT_REASON,
)
from service.decisions.decision import Decision
from service.pupil import Pupil

_IF: Mapping[str, str] = MappingProxyType(
    {
        WITHOUT_REASON: "if no N marks",
        SEPARATE_ABSENCES: "if in few spells",
        BROKEN_WEEKS: "if few broken weeks",
        HOLIDAYS: "if no holidays",
    }
)
"""What has to be so where something is not counted."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What each answer for everybody would settle, as (what is not counted, what is due); and what comes next."""

    answered: tuple[tuple[str, str], ...] = ()
    following: str = ""

    def likely(self) -> str:
        """What is due to an undecided pupil on a condition: "if no N marks: School Letter 1"; "" where nobody knows."""
        return next((f"{_IF[name]}: {due}" for name, due in self.answered), "")

    def beside(self, due: str) -> str:
        """What is due, with what else is known of it."""
        return f"{due}, then {self.following}" if self.following else self.likely() or due

    def as_json(self) -> dict[str, Any]:
        """The same for programs; nothing where there is nothing to say."""
        answered = {"without_counting": dict(self.answered)} if self.answered else {}
        return answered | ({"due_next": self.following} if self.following else {})

    def remarks(self) -> Iterator[tuple[str, str]]:
        """The same as lines beneath a pupil."""
        for name, due in self.answered:
            yield f"Without counting {name}", due
        if self.following:
            yield "Next", f"{self.following} is due too; a run sends one letter, so it comes in the run after this one."


NOTHING_SUPPOSED = Supposed()


def suppose(pupil: Pupil, decision: Decision) -> Supposed:
    """What would be due to a pupil besides what this decision says."""
    if decision.outcome == "undecided":
        return Supposed(answered=tuple(_once_answered(pupil, decision)))
    if decision.letter and decision.letter == pupil.active_policy().terms.unexplained_letter:
        return Supposed(following=_once_sent(pupil, decision.letter))
    return NOTHING_SUPPOSED


def can_be_left_out(asked: Collection[str]) -> Iterator[str]:
    """What can be passed over that some of these questions are about."""
    for name, words in PASSED_OVER.items():
        if any(word == own or word.startswith(f"{own}_last_") for own in words for word in asked):
            yield name


def _once_answered(pupil: Pupil, decision: Decision) -> Iterator[tuple[str, str]]:
    for name in can_be_left_out(decision.missing):
        assumed = replace(pupil.assumptions, pass_over=pupil.assumptions.pass_over | {name})
        found = replace(pupil, assumptions=assumed).decide()
        if found.outcome != "undecided":
            yield name, found.due


def _once_sent(pupil: Pupil, letter: str) -> str:
    sent = Event(pupil.on, letter)
    found = replace(pupil, record=replace(pupil.record, history=(*pupil.record.history, sent))).decide()
    return found.letter_label if found.letter and found.letter != letter else ""

"""What is due on a day, recomputed from what is remembered: no export is needed for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.decisions.decision import Decision
from service.decisions.policy import Policy
from service.memory.memory import Memory, OpenSchool
from service.memory.remembered import Remembered, remember_all


@dataclass(frozen=True, slots=True)
class Due:
    """A pupil and what is suggested for the day."""

    remembered: Remembered
    decision: Decision

    @property
    def is_due(self) -> bool:
        """Whether somebody has something to do: a letter, an action, an answer, a return, or a review of that day."""
        decision = self.decision
        has_step = decision.outcome in ("letter", "action", "undecided")
        return has_step or bool(decision.returns) or decision.review_on == decision.on


def find_due(memory: Memory, school: OpenSchool, policy: Policy, on: date) -> Iterator[Due]:
    """Every pupil with the day's decision, due or not, in the order in which they became known."""
    for remembered in remember_all(memory, school, policy, on):
        yield Due(remembered, remembered.pupil.decide())

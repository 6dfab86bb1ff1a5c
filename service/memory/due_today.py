"""What is due on a day, recomputed from what is remembered: no export is needed for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.decisions.decision import Decision
from service.errors import AttendanceLettersError, Problem
from service.faults import note_pupil_fault
from service.memory.memory import Memory
from service.memory.remembered import Remembered, remember_all
from service.memory.today import Today


@dataclass(frozen=True, slots=True)
class Due:
    """A pupil and what is suggested for the day; `fault` stands where nothing could be decided."""

    remembered: Remembered
    decision: Decision | None
    fault: Problem | None = None

    @property
    def is_due(self) -> bool:
        """Whether somebody has something to do: a letter, an action, an answer, a return, or a review of that day."""
        decision = self.decision
        if decision is None:
            return True
        has_step = decision.outcome in ("letter", "action", "undecided")
        return has_step or bool(decision.returns) or decision.review_on == decision.on


def find_due(memory: Memory, today: Today) -> Iterator[Due]:
    """Every pupil with the day's decision, due or not, in the order in which they became known."""
    for remembered in remember_all(memory, today):
        try:
            yield Due(remembered, remembered.pupil.decide())
        except (AttendanceLettersError, OSError, MemoryError):  # of the run, and not of this pupil
            raise
        except Exception as error:  # one pupil's fault is no reason to decide about nobody
            yield Due(remembered, None, note_pupil_fault(error))

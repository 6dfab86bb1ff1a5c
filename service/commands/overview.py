"""The first paragraph of a run: what is due, what needs an answer, what is held back, what was not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from service.attendance.record import AttendanceRecord
from service.batches.questions import question_about
from service.cohort.join import Cohort
from service.commands.decision_table import say_due
from service.decisions.decision import Decision
from service.decisions.wording import say_day

_MOST = 5


@dataclass
class Overview:
    """Counts pupils by what became of them; no line names anybody."""

    due: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    nothing: int = 0
    undecided: int = 0
    unusable: int = 0
    held: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)

    @property
    def usable(self) -> int:
        """How many pupils were decided about."""
        return self.due.total() + self.waiting + self.nothing + self.undecided

    def add(self, record: AttendanceRecord, decision: Decision) -> None:
        """Count a pupil."""
        if decision.outcome in ("letter", "action"):
            self.due[say_due(decision)] += 1
        self.waiting += decision.outcome == "monitor"
        self.nothing += decision.outcome == "none"
        self.undecided += decision.outcome == "undecided"
        self.asked.update(decision.missing)
        if record.holds and decision.letter:
            self.held += 1
            self.holds.update({hold.detail: 1 for hold in record.holds})

    def say(self, policy: str, on: date, cohort: Cohort) -> Iterator[str]:
        """The paragraph, worst first."""
        read = self.usable + self.unusable
        yield f"{_pupils(read)}, decided for {say_day(on)} under {policy}:"
        if self.unusable:
            yield f"{self.unusable:>7}  could not be used; the rows are named below"
        if self.held:
            yield f"{self.held:>7}  held back, no letter until somebody has looked:"
            yield from _each(self.holds)
        if self.undecided:
            yield f"{self.undecided:>7}  not decided until there is an answer"
        for due, number in self.due.most_common():
            yield f"{number:>7}  {due}"
        if self.waiting:
            yield f"{self.waiting:>7}  nothing until the review"
        if self.nothing:
            yield f"{self.nothing:>7}  nothing"
        yield from self._say_questions()
        yield from (f"Note: {notice}" for notice in cohort.notices)

    def _say_questions(self) -> Iterator[str]:
        questions = [
            (question, number) for word, number in self.asked.most_common() if (question := question_about(word))
        ]
        if not questions:
            return
        yield "To be answered (--questions FILE.csv writes a list to fill in and put into the folder):"
        yield from _shortened([f"{number:>7}  {question.text}" for question, number in questions])


def _each(counted: Counter[str]) -> Iterator[str]:
    yield from _shortened([f"{number:>14}  {sentence}" for sentence, number in counted.most_common()])


def _shortened(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"         … and {len(lines) - _MOST} more"


def _pupils(number: int) -> str:
    return "1 pupil" if number == 1 else f"{number} pupils"

"""The first paragraph of a run: what is due, what needs an answer, what is held back, what was not understood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from service.attendance.record import AttendanceRecord
from service.batches.questions import question_about
from service.cohort.pupil_row import PupilRow
from service.commands.supposed import NOTHING_SUPPOSED, Supposed, can_be_left_out
from service.decisions.conclusion import HISTORY_NOT_KNOWN
from service.decisions.decision import Decision
from service.decisions.wording import say_day

_MOST = 5
_OF_WEEKS = re.compile(r"_last_\d+_(school_)?weeks$")


@dataclass
class Overview:
    """Counts pupils by what became of them; no line names anybody."""

    due: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    nothing: int = 0
    undecided: int = 0
    unusable: list[PupilRow] = field(default_factory=list)
    held: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    cautions: Counter[str] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)
    answered: Counter[tuple[str, str]] = field(default_factory=Counter)
    likely: Counter[str] = field(default_factory=Counter)
    following: Counter[tuple[str, str]] = field(default_factory=Counter)
    how_to_answer: str = "--questions FILE.csv writes a list to fill in and put into the folder"

    @property
    def usable(self) -> int:
        """How many pupils were decided about."""
        return self.due.total() + self.waiting + self.nothing + self.undecided

    def add(self, record: AttendanceRecord, decision: Decision, supposed: Supposed = NOTHING_SUPPOSED) -> None:
        """Count a pupil."""
        self.answered.update(supposed.answered)
        if likely := supposed.likely():
            self.likely[likely] += 1
        if supposed.following:
            self.following[decision.due, supposed.following] += 1
        if decision.outcome in ("letter", "action"):
            self.due[decision.due] += 1
        self.waiting += decision.outcome == "monitor"
        self.nothing += decision.outcome == "none"
        self.undecided += decision.outcome == "undecided"
        self.asked.update(decision.missing)
        self.cautions.update(decision.cautions)
        if record.holds and decision.letter:
            self.held += 1
            self.holds.update({hold.detail: 1 for hold in record.holds})

    def join(self, following: Overview) -> None:
        """Count the pupils who follow."""
        for word in ("due", "asked", "cautions", "holds", "answered", "likely", "following"):
            getattr(self, word).update(getattr(following, word))
        for word in ("waiting", "nothing", "undecided", "held"):
            setattr(self, word, getattr(self, word) + getattr(following, word))
        self.unusable += following.unusable

    @property
    def for_everybody(self) -> tuple[str, ...]:
        """The cautions that hold of all pupils, which are said once above them."""
        if self.usable < 2:
            return ()
        return tuple(caution for caution, number in self.cautions.items() if number == self.usable)

    @property
    def said_once(self) -> frozenset[str]:
        """The cautions that need not stand at each pupil: the paragraph says them."""
        return frozenset((*self.for_everybody, HISTORY_NOT_KNOWN))

    def say(self, policy: str, on: date, notes: Iterable[str]) -> Iterator[str]:
        """The paragraph, worst first; `notes` are what became of the rows, and what was noticed on the way."""
        unusable = len(self.unusable)
        yield f"{_pupils(self.usable + unusable)}, decided for {say_day(on)} under {policy}:"
        if unusable:
            yield f"{unusable:>7}  could not be used; the rows are named below"
        if self.held:
            yield f"{self.held:>7}  held back, no letter until somebody has looked:"
            yield from _each(self.holds)
        if self.undecided:
            yield f"{self.undecided:>7}  not decided until there is an answer"
            yield from _each(self.likely)
        for due, number in self.due.most_common():
            yield f"{number:>7}  {due}"
            yield from self._say_following(due)
        if self.waiting:
            yield f"{self.waiting:>7}  nothing until the review"
        if self.nothing:
            yield f"{self.nothing:>7}  nothing"
        yield from self._say_questions()
        yield from notes
        yield from (f"Note: {caution}" for caution in self.for_everybody)

    def _say_questions(self) -> Iterator[str]:
        questions = [
            (question, number) for word, number in self.asked.most_common() if (question := question_about(word))
        ]
        if not questions:
            return
        yield f"Please answer these; {self.how_to_answer}:"
        yield from _shortened([f"{number:>7}  {question.text}" for question, number in questions])
        yield from self._say_one_answer()

    def _say_one_answer(self) -> Iterator[str]:
        """What one answer for everybody would settle."""
        if any(_OF_WEEKS.search(word) for word in self.asked):
            yield (
                "If the report is of those weeks already, say --period-is-window; else put a second report of them "
                "into the folder."
            )
        for name in can_be_left_out(self.asked):
            option = name.replace(" ", "-")
            settled = [f"{number} {due}" for (left, due), number in self.answered.most_common() if left == name]
            then = f"; then: {', '.join(settled)}" if settled else ""
            yield f"To decide without counting {name}, say --leave-out {option}{then}."

    def _say_following(self, due: str) -> Iterator[str]:
        for (first, then), number in self.following.most_common():
            if first == due:
                are = "is" if number == 1 else "are"
                yield f"{number:>14}  of them {are} due {then} next, in the run after this one"


def _each(counted: Counter[str]) -> Iterator[str]:
    yield from _shortened([f"{number:>14}  {sentence}" for sentence, number in counted.most_common()])


def _shortened(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"         … and {len(lines) - _MOST} more"


def _pupils(number: int) -> str:
    return "1 pupil" if number == 1 else f"{number} pupils"

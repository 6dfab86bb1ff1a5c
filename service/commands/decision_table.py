"""Decisions as lines on a terminal, the pupils who need most first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from service.attendance.record import AttendanceRecord
from service.commands.supposed import NOTHING_SUPPOSED, Supposed
from service.decisions.decision import Decision
from service.decisions.reasons import Reason
from service.decisions.wording import say_day

HEADINGS = ("Row", "Group", "Pupil", "Stage", "What is due", "Review")
WIDTHS = (6, 6, 26, 5, 38, 17)
_INDENT = " " * 15
_NARROWEST = 60
_FIRST = ("letter", "action", "undecided", "monitor", "none")
"""The order of outcomes: what has to be done, what needs an answer, what can wait."""


class Line(NamedTuple):
    """What the table says about a pupil: the cells after the row's number, then what is said beneath them."""

    number: int
    cells: tuple[str, ...]
    urgency: tuple[int, int, float]
    is_due_nothing: bool
    reasons: tuple[str, ...]
    remarks: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]
    checklist: str

    def is_shown(self, said: frozenset[str]) -> bool:
        """Whether there is something to do or to know about the pupil, besides what is said of everybody."""
        return not self.is_due_nothing or bool(set(self.cautions) - said)

    def say(self, width: int, said: frozenset[str]) -> Iterator[str]:
        """What is due, then each reason with its source, then what to know."""
        yield _columns((str(self.number), *self.cells))
        if not self.is_shown(said):
            return
        for reason in self.reasons:
            yield from _wrap(reason, width)
        notes = (("Note", caution) for caution in self.cautions if caution not in said)
        for label, words in (*self.remarks, *notes, *((("Checklist", self.checklist),) if self.checklist else ())):
            yield from _wrap(f"{label}: {words}", width)


@dataclass
class DecisionTable:
    """The lines about each pupil, to be shown worst first; pupils due nothing only with `shows_all` or a caution."""

    width: int
    shows_all: bool
    _pupils: list[Line] = field(default_factory=list)

    def add(
        self, number: int, record: AttendanceRecord, decision: Decision, supposed: Supposed = NOTHING_SUPPOSED
    ) -> None:
        """Keep what is said about a pupil, and what would be due besides."""
        line = _read_line(number, record, decision, supposed.beside(decision.due))
        self._pupils.append(line._replace(remarks=(*line.remarks, *supposed.remarks())))

    def join(self, following: DecisionTable, before: int) -> None:
        """Keep what is said about the pupils who follow so many."""
        self._pupils += (line._replace(number=line.number + before) for line in following._pupils)

    def say(self, said: frozenset[str] = frozenset()) -> Iterator[str]:
        """The headings and every pupil's lines, worst first; nothing where there is nobody to show.

        The cautions in `said` stand above the table for everybody, and are not said again.
        """
        shown = [line for line in self._pupils if self.shows_all or line.is_shown(said)]
        if shown:
            yield _columns(HEADINGS)
        for line in sorted(shown, key=lambda line: line.urgency):
            yield from line.say(self.width, said)
        if left := len(self._pupils) - len(shown):
            pupils = "1 pupil is" if left == 1 else f"{left} pupils are"
            yield f"{pupils} due nothing and not shown; --all shows them too."


def _read_line(number: int, record: AttendanceRecord, decision: Decision, due: str) -> Line:
    name = f"{record.last_name}, {record.first_name}".strip(", ") or record.key
    review = say_day(decision.review_on) if decision.review_on else ""
    is_due_nothing = decision.outcome == "none" and not decision.returns
    is_said = not is_due_nothing or bool(decision.cautions)
    return Line(
        number,
        (record.registration_group, name, decision.stage, due, review),
        _urgency(decision),
        is_due_nothing,
        tuple(_with_source(reason) for reason in decision.main_reasons) if is_said else (),
        tuple(_remarks(record, decision)),
        decision.cautions,
        "; ".join(decision.checklist),
    )


def _urgency(decision: Decision) -> tuple[int, int, float]:
    """The outcome, then the higher stage, then the lower attendance."""
    stage = int(decision.stage[:1] or 0)
    return _FIRST.index(decision.outcome), -stage, decision.figures.get("attendance_percentage", 100.0)


def _with_source(reason: Reason) -> str:
    return reason.text + (f" [{reason.reference}]" if reason.reference else "")


def _remarks(record: AttendanceRecord, decision: Decision) -> Iterator[tuple[str, str]]:
    if decision.letter:
        yield from (("Held back", str(hold) if hold.file else hold.detail) for hold in record.holds)
    for label, words in (
        ("Needed first", decision.missing),
        ("Not assessed", decision.not_assessed),
        ("Returns", decision.returns),
    ):
        if words:
            yield label, ", ".join(word.replace("_", " ") for word in words)
    for sentence in decision.to_do:
        yield "To do", sentence


def _columns(cells: Sequence[str]) -> str:
    fitted = (
        cell if len(cell) <= width else f"{cell[: width - 1]}…" for cell, width in zip(cells, WIDTHS, strict=True)
    )
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(fitted, WIDTHS, strict=True)).rstrip()


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, _NARROWEST), initial_indent=f"{_INDENT}- ", subsequent_indent=f"{_INDENT}  ")

"""Decisions as lines on a terminal, the pupils who need most first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from service.attendance.record import AttendanceRecord
from service.cohort.pupil_row import PupilRow
from service.decisions.decision import Decision
from service.decisions.wording import say_day

HEADINGS = ("Row", "Group", "Pupil", "Stage", "What is due", "Review")
WIDTHS = (6, 6, 26, 5, 34, 17)
_INDENT = " " * 15
_NARROWEST = 60
_FIRST = ("letter", "action", "undecided", "monitor", "none")
"""The order of outcomes: what has to be done, what needs an answer, what can wait."""


@dataclass
class DecisionTable:
    """The lines about each pupil, to be shown worst first; pupils due nothing only with `shows_all` or a caution."""

    width: int
    shows_all: bool
    _pupils: list[tuple[PupilRow, AttendanceRecord, Decision]] = field(default_factory=list)

    def add(self, row: PupilRow, record: AttendanceRecord, decision: Decision) -> None:
        """Keep what is said about a pupil."""
        self._pupils.append((row, record, decision))

    def say(self, said: frozenset[str] = frozenset()) -> Iterator[str]:
        """The headings and every pupil's lines, worst first; nothing where there is nobody to show.

        The cautions in `said` stand above the table for everybody, and are not said again.
        """
        shown = [item for item in self._pupils if self.shows_all or is_shown(item[2], said)]
        if shown:
            yield say_headings()
        for row, record, decision in sorted(shown, key=lambda item: _urgency(item[2])):
            yield from say_decision(row, record, decision, self.width, said)
        if left := len(self._pupils) - len(shown):
            pupils = "1 pupil is" if left == 1 else f"{left} pupils are"
            yield f"{pupils} due nothing and not shown; --all shows them too."


def is_shown(decision: Decision, said: frozenset[str] = frozenset()) -> bool:
    """Whether there is something to do or to know about a pupil, besides what is said of everybody."""
    return decision.outcome != "none" or bool(set(decision.cautions) - said or decision.returns)


def _urgency(decision: Decision) -> tuple[int, int, float]:
    """The outcome, then the higher stage, then the lower attendance."""
    stage = int(decision.stage[:1] or 0)
    return _FIRST.index(decision.outcome), -stage, decision.figures.get("attendance_percentage", 100.0)


def say_headings() -> str:
    """The table's headings."""
    return _columns(HEADINGS)


def say_decision(
    row: PupilRow, record: AttendanceRecord, decision: Decision, width: int, said: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The lines about one pupil: what is due, then each reason with its source, then what to know."""
    name = f"{record.last_name}, {record.first_name}".strip(", ") or record.key
    review = say_day(decision.review_on) if decision.review_on else ""
    yield _columns((str(row.number), record.registration_group, name, decision.stage, decision.due, review))
    if not is_shown(decision, said):
        return
    for reason in decision.main_reasons:
        source = f" [{reason.reference}]" if reason.reference else ""
        yield from _wrap(reason.text + source, width)
    for label, words in _remarks(decision, said):
        yield from _wrap(f"{label}: {words}", width)


def _remarks(decision: Decision, said: frozenset[str]) -> Iterator[tuple[str, str]]:
    for label, words in (
        ("Needed first", decision.missing),
        ("Not assessed", decision.not_assessed),
        ("Returns", decision.returns),
    ):
        if words:
            yield label, ", ".join(word.replace("_", " ") for word in words)
    for sentence in decision.to_do:
        yield "To do", sentence
    for caution in decision.cautions:
        if caution not in said:
            yield "Note", caution
    if decision.checklist:
        yield "Checklist", "; ".join(decision.checklist)


def _columns(cells: Sequence[str]) -> str:
    fitted = (
        cell if len(cell) <= width else f"{cell[: width - 1]}…" for cell, width in zip(cells, WIDTHS, strict=True)
    )
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(fitted, WIDTHS, strict=True)).rstrip()


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, _NARROWEST), initial_indent=f"{_INDENT}- ", subsequent_indent=f"{_INDENT}  ")

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
    not_shown: int = 0
    _lines: list[tuple[tuple[int, int, float, int], str]] = field(default_factory=list)

    def add(self, row: PupilRow, record: AttendanceRecord, decision: Decision) -> None:
        """Keep what is said about a pupil."""
        if not (self.shows_all or is_shown(decision)):
            self.not_shown += 1
            return
        lines = "\n".join(say_decision(row, record, decision, self.width))
        self._lines.append(((*_urgency(decision), len(self._lines)), lines))

    def say(self) -> Iterator[str]:
        """The headings and every pupil's lines, worst first; nothing where there is nobody to show."""
        if self._lines:
            yield say_headings()
            yield from (lines for _, lines in sorted(self._lines))
        if self.not_shown:
            pupils = "1 pupil is" if self.not_shown == 1 else f"{self.not_shown} pupils are"
            yield f"{pupils} due nothing and not shown; --all shows them too."


def is_shown(decision: Decision) -> bool:
    """Whether there is something to do or to know about a pupil."""
    return decision.outcome != "none" or bool(decision.cautions or decision.returns)


def _urgency(decision: Decision) -> tuple[int, int, float]:
    """The outcome, then the higher stage, then the lower attendance."""
    stage = int(decision.stage[:1] or 0)
    return _FIRST.index(decision.outcome), -stage, decision.figures.get("attendance_percentage", 100.0)


def say_headings() -> str:
    """The table's headings."""
    return _columns(HEADINGS)


def say_decision(row: PupilRow, record: AttendanceRecord, decision: Decision, width: int) -> Iterator[str]:
    """The lines about one pupil: what is due, then each reason with its source, then what to know."""
    name = f"{record.last_name}, {record.first_name}".strip(", ") or record.key
    review = say_day(decision.review_on) if decision.review_on else ""
    yield _columns((str(row.number), record.registration_group, name, decision.stage, say_due(decision), review))
    if not is_shown(decision):
        return
    for reason in decision.main_reasons:
        source = f" [{reason.reference}]" if reason.reference else ""
        yield from _wrap(reason.text + source, width)
    for label, words in _remarks(decision):
        yield from _wrap(f"{label}: {words}", width)
    for hold in record.holds:
        yield from _wrap(f"Held back: {hold.detail}", width)


def say_due(decision: Decision) -> str:
    """What a decision leads to, in a few words."""
    parts = [decision.letter_label, *(action.replace("_", " ") for action in decision.actions)]
    due = " + ".join(part for part in parts if part)
    return due or {"none": "nothing", "monitor": "nothing until the review"}.get(decision.outcome, decision.outcome)


def _remarks(decision: Decision) -> Iterator[tuple[str, str]]:
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

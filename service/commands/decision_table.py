"""Decisions as lines on a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from service.attendance.record import AttendanceRecord
from service.cohort.pupil_row import PupilRow
from service.decisions.decision import Decision
from service.decisions.wording import say_day

HEADINGS = ("Row", "Group", "Pupil", "Stage", "What is due", "Review")
WIDTHS = (6, 6, 26, 5, 34, 17)
_INDENT = " " * 15
_NARROWEST = 60


def say_headings() -> str:
    """The table's headings."""
    return _columns(HEADINGS)


def say_decision(row: PupilRow, record: AttendanceRecord, decision: Decision, width: int) -> Iterator[str]:
    """The lines about one pupil: what is due, then each reason with its source, then what to mind."""
    name = f"{record.last_name}, {record.first_name}".strip(", ") or record.key
    review = say_day(decision.review_on) if decision.review_on else ""
    yield _columns((str(row.number), record.registration_group, name, decision.stage, say_due(decision), review))
    if decision.outcome == "none" and not decision.returns:
        return
    for reason in decision.main_reasons:
        source = f" [{reason.reference}]" if reason.reference else ""
        yield from _wrap(reason.text + source, width)
    for hold in record.holds if decision.letter else ():
        yield from _wrap(f"Held back: {hold}", width)
    for label, words in _remarks(decision):
        yield from _wrap(f"{label}: {words}", width)


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


def say_totals(decisions: Counter[str], unusable: int) -> Iterator[str]:
    """How many pupils are due what, the most frequent first."""
    total = sum(decisions.values()) + unusable
    yield f"{total} {'pupil' if total == 1 else 'pupils'}"
    for due, number in decisions.most_common():
        yield f"{number:>7}  {due}"
    if unusable:
        yield f"{unusable:>7}  could not be used; see above"


def _columns(cells: Sequence[str]) -> str:
    fitted = (
        cell if len(cell) <= width else f"{cell[: width - 1]}…" for cell, width in zip(cells, WIDTHS, strict=True)
    )
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(fitted, WIDTHS, strict=True)).rstrip()


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, _NARROWEST), initial_indent=f"{_INDENT}- ", subsequent_indent=f"{_INDENT}  ")

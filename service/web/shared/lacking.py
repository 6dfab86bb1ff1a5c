"""What a decision waits for that no person can answer on a page: figures that the export does not have."""

from __future__ import annotations

from service.attendance.words import FACTS, MEETING
from service.cohort.columns.column_words import say_column_word
from service.decisions.decision import Decision
from service.memory.due_today import Due

MARKS = "marks"


def say_lacking(decision: Decision | None) -> str:
    """What to export as well, where only that settles what is due; "" where nothing is lacking."""
    words = [word for word in decision.missing if word not in FACTS and word not in MEETING] if decision else []
    if decision is None or decision.outcome != "undecided" or not words:
        return ""
    named = ", ".join(say_column_word(word) for word in words if word != MARKS)
    also = f", or an export that also has: {named}" if named else ""
    return f"Upload the marks of each session{also}."


def cannot_be_asked(due: Due) -> bool:
    """Whether a pupil is undecided and no question is about them: only another export settles it."""
    decision = due.decision
    return bool(say_lacking(decision)) and not any(word in FACTS for word in decision.missing) if decision else False

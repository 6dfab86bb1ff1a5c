"""The questions that a cohort leaves open, for a person to answer in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.attendance.record import AttendanceRecord
from service.attendance.words import FACTS, MEETING
from service.decisions.decision import Decision

QUESTION_COLUMNS = (
    "upn pupil_reference last_name first_name registration_group word question answers_allowed answer".split()
)
_ANSWERS = {"meeting_date": "a date, for example 2026-12-01", "meeting_time": "a time, for example 9:30"}


def question_rows(record: AttendanceRecord, decision: Decision) -> Iterator[dict[str, Any]]:
    """One row for each judgement or meeting that a decision lacks."""
    for word in decision.missing:
        if word in FACTS or word in MEETING:
            yield {
                "upn": record.upn,
                "pupil_reference": record.pupil_reference,
                "last_name": record.last_name,
                "first_name": record.first_name,
                "registration_group": record.registration_group,
                "word": word,
                "question": FACTS[word].question if word in FACTS else MEETING[word],
                "answers_allowed": "yes or no" if word in FACTS else _ANSWERS.get(word, "a text"),
            }

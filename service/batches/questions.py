"""The questions that a cohort leaves open, for a person to answer in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from service.attendance.record import AttendanceRecord
from service.attendance.words import FACTS, MEETING
from service.decisions.decision import Decision
from service.decisions.wording import PHRASES, SHARES

QUESTION_COLUMNS = (
    "upn pupil_reference last_name first_name registration_group word question answers_allowed answer".split()
)
_ANSWERS = {"meeting_date": "a date, for example 2026-12-01", "meeting_time": "a time, for example 9:30"}
_FIGURES = sorted((*PHRASES, *SHARES), key=len, reverse=True)
_SINCE = re.compile(r"_since_(\w+)$|_(last_\d+_\w+)$")


class Question(NamedTuple):
    """A question about one word of a record, and what may be answered."""

    text: str
    answers: str


def question_about(word: str) -> Question | None:
    """What to ask a person about a word that a decision lacks; None for what no answer in a cell can give."""
    if word in FACTS:
        return Question(FACTS[word].question, "yes or no")
    if word in MEETING:
        return Question(MEETING[word], _ANSWERS.get(word, "a text"))
    figure = next((one for one in _FIGURES if word == one or _SINCE.fullmatch(word.removeprefix(one))), None)
    if figure is None:
        return None
    when = _say_when(word.removeprefix(figure))
    if figure in SHARES:
        return Question(f"What is the {figure.replace('_', ' ')}{when}?", "a number from 0 to 100")
    return Question(f"How many {PHRASES[figure][1]} were there{when}?", "a whole number")


def _say_when(window: str) -> str:
    """ " in the last 10 weeks", " since the last letter"; nothing for the whole year."""
    said = window.replace("_", " ")
    return (
        said.replace(" last ", " in the last ", 1)
        if said.startswith(" last ")
        else said.replace("since last", "since the last")
    )


def question_rows(record: AttendanceRecord, decision: Decision) -> Iterator[dict[str, Any]]:
    """One row for each judgement, count or meeting that a decision lacks."""
    for word in decision.missing:
        if question := question_about(word):
            yield {
                "upn": record.upn,
                "pupil_reference": record.pupil_reference,
                "last_name": record.last_name,
                "first_name": record.first_name,
                "registration_group": record.registration_group,
                "word": word,
                "question": question.text,
                "answers_allowed": question.answers,
            }

"""Questions: one judgement at a time, for everybody it concerns."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from flask import Response, request

from service.attendance.words import FACTS
from service.errors import Problem
from service.memory.due_today import Due
from service.memory.people.roles import EVERYBODY, WRITERS
from service.memory.reading_notes import Notes, read_answer
from service.memory.recording import write_down
from service.web.pages.decisions_page import describe
from service.web.shared.decision_list import SIZE, by_name
from service.web.shared.lacking import cannot_be_asked
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed


class Asked(NamedTuple):
    """A question, and how many pupils it concerns."""

    word: str
    question: str
    number: int


@site.get("/questions")
@allowed(EVERYBODY)
def questions() -> Response:
    """The questions, and the first of them or the one that was chosen with its pupils."""
    return _show(request.args.get("word", ""))


@site.post("/questions/<word>")
@allowed(WRITERS)
def answer_now(word: str) -> Response:
    """Keep the answers, and decide about everybody concerned anew."""
    place = here()
    given = {number: _answer_to(number) for number in map(_number, _asked_about(word))}
    answered = {number: answer for number, answer in given.items() if answer in ("yes", "no")}
    if word not in FACTS or not answered:
        problem = Problem("no-answer", "Answer for at least one pupil, or come back when you know.", column="everybody")
        return _show(word, 422, problem)
    for number, answer in answered.items():
        told = read_answer(word, answer, place.day)
        write_down(place.memory, place.school, number, Notes(answers=(told,)))
    return go("questions", "answered")


def _answer_to(number: int) -> str:
    return request.form.get(f"answer-{number}", "") or request.form.get("everybody", "")


def _show(word: str, status: int = 200, *problems: Problem) -> Response:
    counted = Counter(item for due in here().at_hand.due.values() if due.decision for item in due.decision.missing)
    asked = [Asked(item, FACTS[item].question, number) for item, number in counted.most_common() if item in FACTS]
    chosen = next((item for item in asked if item.word == word), asked[0] if asked else None)
    rows = [describe(due) for due in _asked_about(chosen.word)[:SIZE]] if chosen else []
    due = here().at_hand.due
    return show(
        "questions",
        status,
        problems,
        asked=asked,
        chosen=chosen,
        rows=rows,
        most=SIZE,
        everybody=len(due),
        lacking=sum(map(cannot_be_asked, due.values())),
    )


def _asked_about(word: str) -> list[Due]:
    return by_name(due for due in here().at_hand.due.values() if due.decision and word in due.decision.missing)


def _number(due: Due) -> int:
    return due.remembered.stored.id

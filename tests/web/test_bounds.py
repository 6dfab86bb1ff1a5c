"""However much is wrong with a request, the answer is short, and what is not looked at is said."""

from __future__ import annotations

import json

import pytest

from service.errors import MOST_PROBLEMS
from service.web.example import EXAMPLE

MANY = 20_000
PUPIL = EXAMPLE["pupil"]
BODIES = {
    "wrong marks": {**EXAMPLE, "pupil": {**PUPIL, "marks": [{"date": "x", "session": 3, "code": 4}] * MANY}},
    "unknown codes": {
        **EXAMPLE,
        "pupil": {**PUPIL, "marks": [{"date": "2026-11-20", "session": "AM", "code": "present"}] * MANY},
    },
    "words of a pupil": {**EXAMPLE, "pupil": {**PUPIL, **{f"atendance_{n}": 1 for n in range(MANY)}}},
    "words of a request": {**EXAMPLE, **{f"pupils_{n}": 1 for n in range(MANY)}},
    "words of a mark": {**EXAMPLE, "pupil": {**PUPIL, "marks": [{f"dates_{n}": 1 for n in range(MANY)}]}},
    "words of a school": {**EXAMPLE, "school": {f"school_nam_{n}": "x" for n in range(MANY)}},
    "entries of a calendar": {**EXAMPLE, "calendar": [{"frm": "x", "too": "y", "kid": "z"}] * MANY},
    "pupils": {"on": EXAMPLE["on"], "pupils": [{"marks": [{}] * 4}] * 5_000},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_much_that_is_wrong_is_answered_with_the_first_of_it(client, body) -> None:
    route = "/v1/decisions" if "pupils" in body else "/v1/letters"
    answer = client.post(route, json=body)
    assert answer.status_code == 422
    problems = json.loads(answer.data)["problems"]
    assert 1 <= len(problems) <= MOST_PROBLEMS + 1
    assert len(answer.data) < 100_000


def test_that_there_is_more_is_said(client) -> None:
    answer = client.post("/v1/letters", json=BODIES["wrong marks"])
    assert json.loads(answer.data)["problems"][-1]["code"] == "more-problems"


def test_a_key_that_would_stand_in_every_problem_is_refused(client) -> None:
    body = {**EXAMPLE, "pupil": {**PUPIL, "x" * 1_000_000: 1}}
    answer = client.post("/v1/letters", json=body)
    assert answer.status_code == 400
    assert len(answer.data) < 1_000


def test_marks_after_the_day_are_left_out_and_this_is_said(client) -> None:
    days = ("2026-11-19", "2026-11-20", "2026-11-23")
    marks = [{"date": day, "session": "AM", "code": "/"} for day in days]
    said = "Marks after 20/11/2026, the day of the decision, are left out."
    for taken, is_said in ((marks, True), (marks[:2], False), (marks[2:], True)):
        body = {"on": "2026-11-20", "pupils": [{**PUPIL, "marks": taken}]}
        assert (said in client.post("/v1/decisions", json=body).get_data(as_text=True)) is is_said

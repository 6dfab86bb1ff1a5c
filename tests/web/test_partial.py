"""One faulty record costs one pupil's decision, not a class's."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from service.app import create_app
from service.decisions.policy import Policy, PolicyOn
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.web.example import EXAMPLE

GOOD = EXAMPLE["pupil"]
CANARY = "Canaryname"
FAULTY = {**GOOD, "pupil_reference": "4712", "date_of_birth": "02/05/2013", "concrn": True}


def ask(client, pupils, **words):
    return client.post("/v1/decisions", json={"on": EXAMPLE["on"], "pupils": pupils, **words})


def test_the_others_are_decided_about_and_the_faulty_one_is_told(app, client) -> None:
    answer = ask(client, [*[GOOD] * 15, FAULTY, *[GOOD] * 14])
    assert answer.status_code == 200
    told = answer.get_json()
    assert [place for place, decision in enumerate(told["decisions"]) if decision is None] == [15]
    assert {decision["letter"] for decision in told["decisions"] if decision} == {"letter_1"}
    assert [problem["pointer"] for problem in told["problems"]] == ["/pupils/15/date_of_birth", "/pupils/15/concrn"]
    assert told["partial"] is True
    document = client.get("/v1/openapi.json").get_json()
    schema = {"$ref": "#/components/schemas/Decisions", "components": document["components"]}
    assert list(Draft202012Validator(schema).iter_errors(told)) == []


def test_without_a_fault_it_is_whole(client) -> None:
    told = ask(client, [GOOD]).get_json()
    assert (told["problems"], told["partial"]) == ([], False)


def test_who_wants_all_or_nothing_says_so(client) -> None:
    answer = ask(client, [GOOD, FAULTY], partial=False)
    assert answer.status_code == 422
    assert [problem["pointer"] for problem in answer.get_json()["problems"]] == [
        "/pupils/1/date_of_birth",
        "/pupils/1/concrn",
    ]
    assert ask(client, [GOOD], partial=False).status_code == 200


def test_where_nobody_can_be_decided_about_the_request_is_refused(client) -> None:
    assert ask(client, [FAULTY, FAULTY]).status_code == 422
    assert ask(client, [FAULTY], partial=True).status_code == 422


def test_a_fault_of_the_request_itself_refuses_all(client) -> None:
    answer = ask(client, [GOOD, FAULTY], policy="bradfrd")
    assert answer.status_code == 422
    assert answer.get_json()["problems"][0]["pointer"] == "/policy"


def test_partial_is_true_or_false(client) -> None:
    assert ask(client, [GOOD], partial="no").status_code == 422


class BrokenPolicy(Policy):
    """A policy that fails for as many pupils as it is told, with a child's name in the text of the exception."""

    failing = 0

    def on(self, day: date) -> PolicyOn | None:
        if BrokenPolicy.failing:
            BrokenPolicy.failing -= 1
            raise ZeroDivisionError(CANARY)
        return super().on(day)

    in_force = on  # type: ignore[assignment]


@pytest.fixture
def broken():
    app = create_app(read_settings({}), SAMPLE_SCHOOL)
    whole = app.extensions["desk"].policies
    own = whole["bradford"]
    words = {field.name: getattr(own, field.name) for field in fields(own)}
    app.extensions["desk"].policies = {**whole, "bradford": BrokenPolicy(**words)}
    yield app.test_client()
    BrokenPolicy.failing = 0


@pytest.mark.parametrize(("failing", "partial", "status"), [(1, True, 200), (3, True, 500), (1, False, 500)])
def test_a_fault_that_nobody_foresaw_costs_one_pupils_decision(broken, failing, partial, status, caplog) -> None:
    BrokenPolicy.failing = failing
    answer = ask(broken, [GOOD, GOOD, GOOD], partial=partial, policy="bradford")
    assert answer.status_code == status
    assert CANARY not in answer.get_data(as_text=True) + caplog.text
    if status == 200:
        told = answer.get_json()
        assert [decision is None for decision in told["decisions"]] == [True, False, False]
        (problem,) = told["problems"]
        assert problem["pointer"] == "/pupils/0"
        assert problem["detail"].rpartition(" ")[2].strip(".") in caplog.text

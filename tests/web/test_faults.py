"""A fault of ours: a number to report, and nothing of anybody's data in the answer, the log or on the terminal."""

from __future__ import annotations

import json
import logging
import re

import pytest

from service.app import create_app
from service.faults import say_faults_on_stderr
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.web.example import EXAMPLE
from service.web.problems import PROBLEM_JSON

CANARY = "Canaryname"


class BrokenPolicies(dict):
    """Policies that fail with a child's name in the text of the exception."""

    def get(self, name: object, default: object = None) -> object:
        raise ZeroDivisionError(f"{CANARY} in {name}")


@pytest.fixture
def broken():
    say_faults_on_stderr()  # as the command does that serves
    app = create_app(read_settings({}), SAMPLE_SCHOOL)
    app.extensions["desk"].policies = BrokenPolicies()
    return app.test_client()


def test_a_fault_is_answered_with_a_number_that_stands_in_the_log_beside_the_place(broken, caplog, capfd) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = broken.post("/v1/letters", json={**EXAMPLE, "policy": CANARY})
    assert (answer.status_code, answer.mimetype) == (500, PROBLEM_JSON)
    body = json.loads(answer.data)
    number = re.search(r"report the number ([0-9a-f]{8})\.", body["detail"])
    assert number is not None
    assert f"Unexpected ZeroDivisionError, number {number[1]}" in caplog.text
    assert "requests.py" in caplog.text
    for said in (answer.get_data(as_text=True), caplog.text, *capfd.readouterr()):
        assert CANARY not in said


def test_a_fault_in_answering_a_fault_is_logged_without_data_as_well(caplog, capfd) -> None:
    app = create_app(read_settings({}), SAMPLE_SCHOOL)

    @app.get("/broken")
    def fail() -> str:
        raise ZeroDivisionError(CANARY)

    def fail_again(error: Exception) -> str:
        raise UnicodeError(CANARY) from error

    app.register_error_handler(ZeroDivisionError, fail_again)
    answer = app.test_client().get("/broken")
    assert (answer.status_code, answer.mimetype) == (500, PROBLEM_JSON)
    assert "Unexpected UnicodeError" in caplog.text
    for said in (answer.get_data(as_text=True), caplog.text, *capfd.readouterr()):
        assert CANARY not in said


def test_after_a_fault_the_next_request_is_answered(broken) -> None:
    assert broken.post("/v1/letters", json=EXAMPLE).status_code == 500
    assert broken.get("/health").status_code == 200

"""POST /v1/forms/{form}."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from service.app import create_app
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.word.document import DOCX, PDF
from tests.forms.form_pupils import record


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(read_settings({}), SAMPLE_SCHOOL).test_client()


def ask(client: FlaskClient, form: str = "sickness_return", accept: str = "", **words: Any) -> TestResponse:
    body = {"on": "2026-11-20", "pupil": record(), **words}
    return client.post(f"/v1/forms/{form}", json=body, headers={"Accept": accept} if accept else {})


@pytest.mark.parametrize("accept", ["", "*/*", PDF, "application/*", f"{DOCX};q=0.5, {PDF}"])
def test_a_form_is_a_fillable_pdf_unless_word_is_asked_for(client: FlaskClient, accept: str) -> None:
    answer = ask(client, accept=accept)
    assert (answer.status_code, answer.mimetype) == (200, PDF)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sickness_return.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    fields = PdfReader(BytesIO(answer.data)).get_fields() or {}
    assert fields["pupil_name"]["/V"] == "Robin Ash"


def test_a_word_document_is_given_where_it_is_accepted(client: FlaskClient) -> None:
    answer = ask(client, accept=DOCX)
    assert (answer.status_code, answer.mimetype) == (200, DOCX)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sickness_return.docx"'
    assert answer.data.startswith(b"PK")


def test_a_format_that_no_form_has_is_not_acceptable(client: FlaskClient) -> None:
    answer = ask(client, accept="text/html")
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")


def test_a_flat_form_has_no_fields(client: FlaskClient) -> None:
    assert not PdfReader(BytesIO(ask(client, flat=True).data)).get_fields()
    refused = ask(client, accept=DOCX, flat=True)
    assert (refused.status_code, refused.get_json()["type"]) == (422, "/problems/flat-is-pdf")


def test_an_unknown_form_is_not_found_with_the_nearest_name(client: FlaskClient) -> None:
    answer = ask(client, "sickness_retrun")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.get_json()["type"] == "/problems/unknown-form"
    assert 'Did you mean "sickness_return"?' in answer.get_json()["detail"]


@pytest.mark.parametrize("name", ["..%2Ffields", "fields", "%00", "sickness_return.pdf"])
def test_only_forms_are_served(client: FlaskClient, name: str) -> None:
    assert ask(client, name).status_code == 404


def test_every_fault_of_a_request_is_answered_at_once(client: FlaskClient) -> None:
    wrong = {**record(), "date_of_birth": "yesterday", "upn": 7}
    answer = ask(client, on="tomorrow", flat="yes", letter="letter_1", pupil=wrong)
    assert answer.status_code == 422
    pointers = {problem["pointer"] for problem in answer.get_json()["problems"]}
    assert pointers == {"/on", "/flat", "/letter", "/pupil/date_of_birth", "/pupil/upn"}


def test_school_policy_and_calendar_of_the_request_are_used(client: FlaskClient) -> None:
    calendar = [{"from": "2026-08-31", "to": "2026-12-18", "kind": "term"}]
    answer = ask(
        client, "medical_action_plan", calendar=calendar, policy="stockport", school={"school_name": "Tŷ Coch"}
    )
    fields = PdfReader(BytesIO(answer.data)).get_fields() or {}
    assert fields["school_name"]["/V"] == "Tŷ Coch"
    assert fields["broken_weeks"]["/V"] == "7 of 12"


def test_a_character_that_cannot_be_drawn_is_answered_without_the_name(client: FlaskClient) -> None:
    answer = ask(client, pupil={**record(), "first_name": "Robin\ue000"})
    assert answer.status_code == 422
    assert answer.get_json()["problems"][0]["code"] == "cannot-be-drawn"
    assert "Robin" not in answer.get_data(as_text=True)


def test_the_route_is_described(client: FlaskClient) -> None:
    spec = client.get("/v1/openapi.json").get_json()
    route = spec["paths"]["/v1/forms/{form}"]["post"]
    assert route["responses"]["200"]["content"].keys() == {PDF, DOCX}
    assert route["responses"].keys() >= {"200", "400", "404", "406", "413", "415", "422"}
    body = route["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert spec["components"]["schemas"][body]["properties"].keys() >= {
        "on",
        "policy",
        "pupil",
        "calendar",
        "school",
        "flat",
    }
    assert "/v1/forms/{form}" in client.get("/v1/docs").get_data(as_text=True)

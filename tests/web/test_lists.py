"""What there is to ask for is listed, with its fields as JSON Schema; templates can be looked at."""

from __future__ import annotations

import io
from datetime import date

import pytest
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from service.attendance.words import EVENTS, FORMS
from service.web.request_marks import VERSION, Going
from service.word.document import DOCX, PDF
from service.word.text import read_text

LISTS = {"/v1/policies": "policy", "/v1/templates": "template", "/v1/forms": "form", "/v1/events": "event"}


def whole(client, route: str) -> list[dict]:
    """A list, read page by page."""
    found, after = [], ""
    while after is not None:
        answer = client.get(route, query_string={"limit": 7, **({"after": after} if after else {})})
        assert answer.status_code == 200
        found += answer.get_json()["items"]
        after = answer.get_json()["next"]
    return found


@pytest.mark.parametrize(("route", "word"), LISTS.items())
def test_a_list_is_the_same_in_pages_and_fits_its_schema(client, route, word) -> None:
    answer = client.get(route, query_string={"limit": 200})
    assert whole(client, route) == answer.get_json()["items"]
    document = client.get("/v1/openapi.json").get_json()
    schema = document["paths"][route]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert (
        list(Draft202012Validator({**schema, "components": document["components"]}).iter_errors(answer.get_json()))
        == []
    )
    assert client.get(route, query_string={"after": "nothing"}).status_code == 422
    same = client.get(route, query_string={"limit": 200}, headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304


def test_the_lists_hold_what_there_is(client) -> None:
    assert [item["policy"] for item in whole(client, "/v1/policies")] == ["academy", "bradford", "primary", "stockport"]
    assert {item["form"] for item in whole(client, "/v1/forms")} == set(FORMS)
    assert [item["event"] for item in whole(client, "/v1/events")] == list(EVENTS)
    letters = {letter["letter"] for item in whole(client, "/v1/policies") for letter in item["letters"]}
    assert letters <= {item["letter"] for item in whole(client, "/v1/templates")}


def test_the_fields_of_every_template_are_a_schema_that_says_what_each_means(client) -> None:
    for item in whole(client, "/v1/templates"):
        schema = client.get(item["links"]["fields"]).get_json()
        Draft202012Validator.check_schema(schema)
        assert all(about["description"] for about in schema["properties"].values())
        examples = {word: about["examples"][0] for word, about in schema["properties"].items()}
        assert list(Draft202012Validator(schema).iter_errors(examples)) == [], item


def test_the_fields_of_every_form_are_a_schema(client) -> None:
    for item in whole(client, "/v1/forms"):
        schema = client.get(f"/v1/forms/{item['form']}/fields").get_json()
        Draft202012Validator.check_schema(schema)
        assert schema["properties"]
    assert client.get("/v1/forms/nothing/fields").status_code == 404


def test_a_template_can_be_looked_at_with_words_of_ones_own(client) -> None:
    answer = client.post("/v1/templates/letter_1/preview", json={"known_as": "Robin"})
    assert (answer.status_code, answer.mimetype) == (200, DOCX)
    assert "Robin has missed some school" in read_text(answer.data)
    wrong = client.post("/v1/templates/letter_1/preview", json={"known_ass": "Robin"})
    assert wrong.get_json()["problems"][0]["pointer"] == "/known_ass"
    assert client.post("/v1/templates/attendance_message/preview", json={}).status_code == 406
    assert client.post("/v1/templates/nothing/preview", json={}).status_code == 404


@pytest.mark.slow
def test_a_preview_as_a_pdf_says_that_it_is_none(client) -> None:
    answer = client.post("/v1/templates/academy/letter_2/preview", json={}, headers={"Accept": PDF})
    assert all("TEST" in page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_every_answer_has_its_requests_number_and_the_version(client) -> None:
    given = client.get("/v1/policies", headers={"Request-Id": "mis-4711"})
    assert given.headers["Request-Id"] == "mis-4711"
    made = [client.get(path).headers["Request-Id"] for path in ("/health", "/nothing", "/v1/letters/x")]
    assert len(set(made)) == 3
    assert client.get("/health", headers={"Request-Id": "a b"}).headers["Request-Id"] != "a b"
    assert given.headers["API-Version"] == VERSION
    assert client.get("/v1/policies", headers={"API-Version": VERSION}).status_code == 200
    assert client.get("/v1/policies", headers={"API-Version": "2020-01-01"}).status_code == 400


def test_the_document_says_that_a_version_can_be_asked_for(client) -> None:
    document = client.get("/v1/openapi.json").get_json()
    assert "API-Version" in document["info"]["description"]
    for path, item in document["paths"].items():
        for verb in item.keys() & {"get", "post"}:
            named = {parameter["name"]: parameter for parameter in item[verb].get("parameters", [])}
            assert ("API-Version" in named) is path.startswith("/v1/"), path
            assert path.startswith("/v1/") is False or named["API-Version"]["schema"]["enum"] == [VERSION]


def test_a_route_that_goes_says_since_when_and_until_when(app, client, monkeypatch) -> None:
    going = {"GET /v1/forms/<form>/fields": Going(date(2026, 11, 26), date(2027, 11, 26))}
    monkeypatch.setitem(app.config, "GOING", going)
    answer = client.get("/v1/forms/sickness_return/fields")
    assert answer.headers["Deprecation"] == "@1795651200"
    assert answer.headers["Sunset"] == "Fri, 26 Nov 2027 00:00:00 GMT"
    assert "Deprecation" not in client.get("/v1/forms").headers

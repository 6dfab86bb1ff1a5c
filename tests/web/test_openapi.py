"""The OpenAPI document is valid and says what the readers accept."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.attendance.reading.records import ADDRESS_WORDS, known_words, record_schema
from service.attendance.school import SCHOOL_CHOICES, SCHOOL_WORDS
from service.attendance.words import EVENTS, OUTCOMES
from service.commands.options import POLICY
from service.web.example import EXAMPLE, EXAMPLES, PLACES
from tests.batches.stored.working_batches import work
from tests.web.keyed import house_of


@pytest.fixture(scope="module")
def document(app) -> dict:
    return app.test_client().get("/v1/openapi.json").get_json()


def resolve(document: dict, name: str) -> dict:
    """A schema by its name, with the others at hand."""
    return {"$ref": f"#/components/schemas/{name}", "components": document["components"]}


def test_it_is_a_valid_openapi_3_1_document(document) -> None:
    assert document["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_it_describes_every_route_of_the_application_and_no_other(app, document) -> None:
    undescribed = {"/programs", "/v1/openapi.json", "/v1/docs"}
    routes = {
        (re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule not in undescribed and not rule.endpoint.startswith("site.")  # no page
    }
    verbs = ("get", "post", "put", "patch", "delete")
    assert {(path, verb) for path, item in document["paths"].items() for verb in item if verb in verbs} == routes


def test_there_is_no_route_to_files(app) -> None:
    """But for the files that the pages are drawn with."""
    assert [rule.endpoint for rule in app.url_map.iter_rules() if "filename" in rule.arguments] == ["site.static"]


def test_a_pupil_is_described_word_for_word(document) -> None:
    schemas = document["components"]["schemas"]
    pupil = next(schema for name, schema in schemas.items() if name.startswith("Pupil"))
    assert set(pupil["properties"]) == set(known_words(record_schema(False)))
    contact = next(schema for name, schema in schemas.items() if name.startswith("Contact"))
    assert set(ADDRESS_WORDS) < set(contact["properties"])


def test_a_school_is_described_word_for_word(document) -> None:
    school = next(schema for name, schema in document["components"]["schemas"].items() if name.startswith("School"))
    assert set(school["properties"]) == {*SCHOOL_WORDS, *SCHOOL_CHOICES} - {"logo"}


@pytest.mark.parametrize("route", ["/v1/letters", "/v1/decisions"])
def test_a_request_that_is_answered_fits_its_schema_and_so_does_the_answer(app, document, route) -> None:
    pupil = {
        **EXAMPLE["pupil"],
        "marks": [{"date": "2026-11-20", "session": "AM", "code": "N"}],
        "history": [{"on": "2026-10-05", "event": "letter_1"}],
        "looked_after": False,
    }
    body = {**EXAMPLE, "pupil": pupil, "school": {"lessons_per_day": 6, "without_contacts": "by hand"}}
    if route == "/v1/decisions":
        body["pupils"] = [body.pop("pupil")]
    about = document["paths"][route]["post"]
    wanted = about["requestBody"]["content"]["application/json"]["schema"]
    Draft202012Validator({**wanted, "components": document["components"]}).validate(body)
    answer = app.test_client().post(route, json=body, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    given = about["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**given, "components": document["components"]}).validate(answer.get_json())


def test_a_problem_fits_its_schema(client, document) -> None:
    problem = client.post("/v1/letters", json={}).get_json()
    assert list(Draft202012Validator(resolve(document, "ProblemAnswer")).iter_errors(problem)) == []


def test_every_refusal_of_a_route_is_described(document) -> None:
    letters = document["paths"]["/v1/letters"]["post"]["responses"]
    assert {"200", "400", "406", "409", "413", "415", "422"} <= set(letters)
    for status, answer in letters.items():
        if status not in ("200", "201"):
            assert "application/problem+json" in answer["content"]
            assert answer["description"].endswith(".")


def test_both_reasons_for_no_file_are_described_by_their_codes(document) -> None:
    description = document["paths"]["/v1/letters"]["post"]["responses"]["409"]["description"]
    assert "no-letter-due" in description
    assert "not-decided" in description


def test_a_letter_is_described_as_a_file_too(document) -> None:
    content = document["paths"]["/v1/letters"]["post"]["responses"]["200"]["content"]
    assert {
        "application/json",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    } <= set(content)


def test_the_headers_of_a_letter_are_described(document) -> None:
    headers = document["paths"]["/v1/letters"]["post"]["responses"]["200"]["headers"]
    assert set(headers) == {"Letter-Id", "Letter-Problems"}
    assert all(header["description"].endswith(".") for header in headers.values())


def test_policies_are_not_listed_where_a_folder_of_rules_may_have_others(document) -> None:
    description = document["components"]["schemas"]["LettersRequest"]["properties"]["policy"]["description"]
    assert "stockport" not in description
    help_text = POLICY(lambda: None).__click_params__[0].help
    assert "stockport" not in help_text


def test_no_answer_is_left_to_a_default(document) -> None:
    for path, item in document["paths"].items():
        for verb, about in item.items():
            if verb in ("get", "post"):
                assert "default" not in about["responses"], path
    assert not document["components"].get("responses")


@pytest.mark.parametrize(
    ("word", "value", "fits"),
    [
        ("sessions_unauthorised_last_10_school_weeks", 4, True),
        ("attendance_percentage_last_4_weeks", 91.5, True),
        ("sessions_unauthorised_since_last_letter", "4", True),
        ("sessions_unauthorised_last_10_school_weeks", [4], False),
        ("sessions_unauthorised_last_0_weeks", 4, False),
        ("sessions_invented_last_4_weeks", 4, False),
    ],
)
def test_a_figure_with_a_window_is_described_as_it_is_read(client, document, word, value, fits) -> None:
    body = {**EXAMPLE, "pupil": {**EXAMPLE["pupil"], word: value}}
    schema = Draft202012Validator(resolve(document, "LettersRequest"))
    assert schema.is_valid(body) is fits
    answer = client.post("/v1/letters", json=body, headers={"Accept": "application/json"})
    assert (answer.status_code == 200) is fits


@pytest.mark.parametrize(
    ("mark", "fits"),
    [
        ({"date": "2026-11-20", "session": "AM", "code": "N"}, True),
        ({"date": "2026-11-20", "session": "noon", "code": "N"}, False),
        ({"date": "2026-11-20", "session": "AM", "code": "N", "note": ""}, False),
        ({"date": "2026-11-20", "session": "AM"}, False),
        ({"date": "2026-11-2", "session": "AM", "code": "N"}, False),
        ({"date": "2026-11-20T00:00", "session": "AM", "code": "N"}, False),
    ],
)
def test_a_mark_is_described_as_it_is_read(client, document, mark, fits) -> None:
    body = {**EXAMPLE, "pupil": {**EXAMPLE["pupil"], "marks": [mark]}}
    schema = Draft202012Validator(resolve(document, "LettersRequest"), format_checker=FormatChecker())
    assert schema.is_valid(body) is fits
    answer = client.post("/v1/letters", json=body, headers={"Accept": "application/json"})
    assert (answer.status_code == 200) is fits


def test_a_school_of_null_neither_fits_nor_is_read(client, document) -> None:
    body = {**EXAMPLE, "school": None}
    assert not Draft202012Validator(resolve(document, "LettersRequest")).is_valid(body)
    assert client.post("/v1/letters", json=body).status_code == 422


@pytest.mark.parametrize("named", [{}, {"upn": ""}, {"upn": None}, {"upn": " ", "pupil_reference": None}])
def test_a_pupil_whom_nothing_identifies_neither_fits_nor_is_read(client, document, named) -> None:
    pupil = {word: value for word, value in EXAMPLE["pupil"].items() if word not in ("upn", "pupil_reference")}
    body = {**EXAMPLE, "pupil": pupil | named}
    assert not Draft202012Validator(resolve(document, "LettersRequest")).is_valid(body)
    assert client.post("/v1/letters", json=body).status_code == 422


def fields_of(document: dict):
    """Every field of every schema, with the schema's name and its own."""
    for name, schema in document["components"]["schemas"].items():
        for word, field in schema.get("properties", {}).items():
            yield name, word, field


def test_every_field_says_what_it_means_and_gives_an_example_that_fits(document) -> None:
    assert len(list(fields_of(document))) > 300
    for name, word, field in fields_of(document):
        assert field["description"].endswith((".", "?")), (name, word)
        if "$ref" not in field:
            schema = Draft202012Validator({**field, "components": document["components"]})
            assert [example for example in field["examples"] if not schema.is_valid(example)] == [], (name, word)


def test_a_figure_in_a_unit_names_it(document) -> None:
    pupil = document["components"]["schemas"]["Pupil"]["properties"]
    for word, field in pupil.items():
        if word.startswith("sessions_"):
            assert "in sessions" in field["description"]
        if word.endswith("percentage"):
            assert "per cent" in field["description"]


def test_what_can_be_said_of_an_event_is_enumerated(document) -> None:
    for name in ("Event", "NewEvent"):
        fields = document["components"]["schemas"][name]["properties"]
        assert set(EVENTS) <= set(fields["event"]["enum"])
        assert set(OUTCOMES) <= set(fields["outcome"]["enum"])


def test_every_route_has_a_name_of_its_own_and_its_places_are_described(document) -> None:
    paths = document["paths"].items()
    routes = [(path, item, item[verb]) for path, item in paths for verb in ("get", "post") if verb in item]
    names = [route["operationId"] for _, _, route in routes]
    assert len(set(names)) == len(names) == len(routes)
    for path, item, route in routes:
        for parameter in (*item.get("parameters", ()), *route.get("parameters", ())):
            assert parameter["description"].endswith("."), path


def is_last(path: str) -> bool:
    """Whether what is posted there ends what the others are about."""
    return path.endswith(("reversal", "cancel"))


def test_every_example_is_answered_when_it_is_posted_to_its_route(tmp_path, document) -> None:
    with house_of(tmp_path, WEBHOOKS_TO="hooks.example.org") as house:
        client, places = house.client(), dict(PLACES)
        for path, body in sorted(EXAMPLES.items(), key=lambda item: (is_last(item[0]), item[0])):
            content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
            assert content["example"] == body
            Draft202012Validator({**content["schema"], "components": document["components"]}).validate(body)
            if path.endswith("/release"):
                work(house.memory)
                body = {**body, "seen": client.get(f"/v1/batches/{places['batch']}").get_json()["seen"]}
            answer = client.post(path.format(**places), json=body)
            assert answer.status_code in (200, 201, 202), (path, answer.get_data(as_text=True))
            places["reference"] = answer.headers.get("Letter-Id", places["reference"])
            if path.endswith("/history"):
                places["number"] = answer.get_json()["number"]
            if path == "/v1/batches":
                places["batch"] = answer.get_json()["id"]

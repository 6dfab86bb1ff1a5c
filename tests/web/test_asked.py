"""What is asked is read once: the reader and the OpenAPI document say the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from service.web.example import EXAMPLE

TERM = {"from": "2026-09-01", "to": "2026-12-18", "kind": "term"}
ROUTES = ("/v1/decisions", "/v1/letters", "/v1/forms/attendance_certificate")


def problems_of(client: Any, words: dict[str, Any], route: str = "/v1/letters") -> list[tuple[str, str]]:
    """The pointer and code of each problem of a request with these words."""
    answer = client.post(route, json={**EXAMPLE, **words})
    assert answer.status_code == 422, answer.data
    return [(problem["pointer"], problem["code"]) for problem in json.loads(answer.data)["problems"]]


@pytest.mark.parametrize("route", ROUTES[1:])
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"on": "2026-11-20T00:00:00"}, ("/on", "not-a-date")),
        ({"on": "2026-9-1"}, ("/on", "not-a-date")),
        ({"calendar": [{**TERM, "from": "01/09/2026"}]}, ("/calendar/0", "calendar-problem")),
        ({"calendar": [{**TERM, "to": "2026-12-1"}]}, ("/calendar/0", "calendar-problem")),
        ({"calendar": [TERM, {**TERM, "kind": "Closed"}]}, ("/calendar/1", "calendar-problem")),
        ({"calendar": [TERM, "closed"]}, ("/calendar/1", "calendar-problem")),
        ({"calendar": [{**TERM, "nmae": "Autumn"}]}, ("/calendar/0/nmae", "unknown-word")),
        ({"calendar": [{**TERM, "name": 7}]}, ("/calendar/0/name", "not-text")),
        ({"calendar": None}, ("/calendar", "wrong-shape")),
        ({"school": None}, ("/school", "wrong-shape")),
        ({"school": {"logo": ""}}, ("/school/logo", "no-files")),
        ({"pupil": {**EXAMPLE["pupil"], "date_of_birth": "2013-5-2"}}, ("/pupil/date_of_birth", "not-a-date")),
        ({"pupil": None}, ("/pupil", "wrong-shape")),
    ],
)
def test_what_the_document_does_not_allow_is_refused_at_its_place(client, words, problem, route) -> None:
    assert problems_of(client, words, route) == [problem]


def test_an_unknown_word_of_a_calendar_is_answered_with_the_nearest(client) -> None:
    answer = client.post("/v1/letters", json={**EXAMPLE, "calendar": [{**TERM, "nmae": "Autumn"}]})
    (problem,) = json.loads(answer.data)["problems"]
    assert problem["detail"] == '"nmae" is not a field of a calendar. Did you mean "name"?'


def test_every_fault_of_one_entry_is_told(client) -> None:
    assert problems_of(client, {"calendar": [{"form": "2026-09-01", "to": "2026-12-18", "kind": "term"}]}) == [
        ("/calendar/0/form", "unknown-word"),
        ("/calendar/0", "calendar-problem"),
    ]


def test_a_recipient_may_be_a_number_as_the_document_says(client) -> None:
    texts = [
        client.post("/v1/letters", json={**EXAMPLE, "recipient": number}, headers={"Accept": "application/json"})
        for number in (1, "1")
    ]
    assert [answer.status_code for answer in texts] == [200, 200]
    assert texts[0].get_json() == texts[1].get_json()


# Whatever a route accepts fits the document

DAYS = st.sampled_from(["2026-11-20", "2026-9-1", "01/09/2026", " 2026-11-20", "20261120", "2026-11-20T00:00", "", 7])
TEXTS = st.sampled_from(["", "bradford", "Autumn", "1", 1, 1.0, None, True, [], "letter_1"])
KINDS = st.sampled_from(["term", "closed", "Term", "holiday", None, 1])
ENTRIES = st.just(TERM) | st.fixed_dictionaries(
    {"from": st.just("2026-09-01") | DAYS, "to": st.just("2026-12-18") | DAYS, "kind": st.just("term") | KINDS},
    optional={"name": TEXTS, "nmae": TEXTS},
)
SCHOOLS = st.fixed_dictionaries(
    {},
    optional={
        "school_name": TEXTS,
        "policy": TEXTS,
        "print_profile": st.sampled_from(["dl", "notify", "a5", ""]),
        "without_contacts": st.sampled_from(["by hand", "", "no"]),
        "shared_households": TEXTS,
        "lessons_per_day": st.sampled_from([0, 6, 12, 13, -1, 5.0, "5", True, None]),
        "senders": st.sampled_from([{}, {"Head": "A"}, {"Head": 1}, {"Head": ""}, None, []]),
        "logo": TEXTS,
    },
)
PUPILS = st.fixed_dictionaries(
    {},
    optional={
        "date_of_birth": st.sampled_from(["2013-05-02", "2013-5-2", "02/05/2013", " 2013-05-02", None]),
        "first_name": TEXTS,
        "sessions_possible": st.sampled_from([104, "104", 104.0, None, "x"]),
        "attendance_percentage": st.sampled_from([90, 90.4, "90.4%", None, "x"]),
        "looked_after": st.sampled_from([True, "yes", None, 1]),
        "contacts": st.sampled_from([[], None, [{"first_name": None}], [{"first_name": "A", "language": "cy"}]]),
        "history": st.sampled_from([[], None, [{"on": "2026-10-5", "event": "letter_1"}], [{"on": "2026-10-05"}]]),
    },
).map(lambda more: {**EXAMPLE["pupil"], **more})
REQUESTS = st.fixed_dictionaries(
    {"on": st.just("2026-11-20") | DAYS},
    optional={
        "policy": TEXTS,
        "calendar": st.lists(ENTRIES, max_size=2) | st.none(),
        "school": SCHOOLS | st.none(),
        "letter": TEXTS,
        "recipient": TEXTS,
        "flat": TEXTS,
        "more": TEXTS,
    },
)


@pytest.fixture(scope="module")
def document(app) -> dict[str, Any]:
    return app.test_client().get("/v1/openapi.json").get_json()


@pytest.mark.parametrize("route", ROUTES[:2])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=REQUESTS, pupil=st.just(EXAMPLE["pupil"]) | PUPILS)
def test_what_a_route_accepts_fits_the_document(app, document, route, words, pupil) -> None:
    body = {**words, "pupils": [pupil]} if route == "/v1/decisions" else {**words, "pupil": pupil}
    answer = app.test_client().post(route, json=body, headers={"Accept": "application/json"})
    if answer.status_code == 200:
        schema = document["paths"][route]["post"]["requestBody"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)

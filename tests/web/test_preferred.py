"""Prefer: respond-async: a request for decisions becomes a batch, once, for whoever may have one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from jsonschema import Draft202012Validator

from service.web.example import EXAMPLE
from tests.batches.stored.working_batches import work
from tests.web.keyed import house_of
from tests.web.test_shaped import ROUTE, student
from tests.web.test_shaped import body as shaped

PUPIL = EXAMPLE["pupil"]
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path) as house:
        yield house


def asked(*pupils, **words):
    return {"on": EXAMPLE["on"], "pupils": list(pupils) or [PUPIL], **words}


def decide(client, body=None, path="/v1/decisions", **headers):
    return client.post(path, json=body or asked(), headers={**ASYNC, **headers})


def batches(client):
    return client.get("/v1/batches").get_json()["items"]


def test_the_pupils_become_a_batch_that_decides_the_same(house) -> None:
    client = house.client()
    body = asked(
        PUPIL,
        {
            **PUPIL,
            "pupil_reference": "2",
            "sessions_attended": 104,
            "sessions_authorised": 0,
            "sessions_unauthorised": 0,
        },
    )
    at_once = client.post("/v1/decisions", json=body)
    assert (at_once.status_code, "Preference-Applied" in at_once.headers, batches(client)) == (200, False, [])
    answer = decide(client, body)
    links = answer.get_json()["links"]
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "respond-async")
    assert (answer.headers["Location"], answer.headers["Retry-After"]) == (links["self"], "2")
    work(house.memory)
    items = client.get(links["items"]).get_json()["items"]
    letters = [decision["letter"] for decision in at_once.get_json()["decisions"]]
    assert letters == ["letter_1", None]
    assert [item["letter"] for item in items] == letters
    assert client.get("/v1/letters").get_json()["items"] == []


def test_another_systems_json_becomes_a_batch_too(house) -> None:
    client = house.client()
    answer = decide(client, shaped(student(1), student(2)), ROUTE)
    assert answer.status_code == 202
    work(house.memory)
    items = client.get(answer.get_json()["links"]["items"]).get_json()["items"]
    assert [item["pupil_reference"] for item in items] == ["4701", "4702"]


def test_a_pupil_who_cannot_be_used_is_told_among_the_items(house) -> None:
    client = house.client()
    answer = decide(client, asked(PUPIL, {**PUPIL, "pupil_reference": "2", "date_of_birth": "soon"}))
    work(house.memory)
    items = client.get(answer.get_json()["links"]["items"]).get_json()["items"]
    assert [item["status"] for item in items] == ["due", "not_used"]
    assert "date" in items[1]["stopped_by"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (asked({**PUPIL, "date_of_birth": "soon"}), 422),
        (asked(PUPIL, {**PUPIL, "date_of_birth": "soon"}, partial=False), 422),
        (asked(on="soon"), 422),
        (asked(school={"school_name": "Weir Lane"}), 422),
        ([], 422),
        ("", 422),
    ],
)
def test_what_is_refused_without_it_is_refused_with_it(house, body, status) -> None:
    client = house.client()
    preferred, ordinary = (client.post("/v1/decisions", json=body, headers=headers) for headers in (ASYNC, {}))
    assert (preferred.status_code, preferred.get_json()) == (status, ordinary.get_json())
    assert "Preference-Applied" not in preferred.headers
    assert batches(client) == []


@pytest.mark.parametrize("words", [{"is_test": True}, {"scopes": ["decide"]}])
def test_a_key_that_may_have_no_batch_is_answered_at_once(house, words) -> None:
    answer = decide(house.client(**words))
    assert (answer.status_code, "Preference-Applied" in answer.headers) == (200, False)
    assert answer.get_json()["decisions"][0]["letter"] == "letter_1"
    assert batches(house.client()) == []


def test_without_a_key_nothing_is_remembered(client) -> None:
    answer = decide(client)
    assert (answer.status_code, "Preference-Applied" in answer.headers) == (200, False)


def test_nobody_is_no_batch(house) -> None:
    client = house.client()
    answer = decide(client, {"on": EXAMPLE["on"], "pupils": []})
    assert (answer.status_code, batches(client)) == (200, [])


@pytest.mark.parametrize(
    ("given", "is_applied"),
    [
        ("respond-async", True),
        ("Respond-Async, wait=10", True),
        ('return=minimal , respond-async="" ; strict', True),
        ("respond-async=no", False),
        ('note="respond-async, then"', False),
        ("respond-asynchronously", False),
        (";,=", False),
        ("", False),
    ],
)
def test_the_header_is_read_as_its_standard_says(house, given, is_applied) -> None:
    answer = decide(house.client(), Prefer=given)
    assert (answer.status_code, "Preference-Applied" in answer.headers) == (202 if is_applied else 200, is_applied)


def test_several_headers_are_read_as_one(house) -> None:
    headers = [("Prefer", "wait=10"), ("Prefer", "respond-async")]
    assert house.client().post("/v1/decisions", json=asked(), headers=headers).status_code == 202


def test_every_step_of_a_batch_says_that_it_was_preferred(house) -> None:
    client = house.client()
    begun = decide(client, asked(nothing_sent=True), "/v1/batches")
    assert begun.headers["Preference-Applied"] == "respond-async"
    work(house.memory)
    links = begun.get_json()["links"]
    seen = client.get(links["self"]).get_json()["seen"]
    released = decide(client, {"seen": seen}, links["release"])
    assert (released.status_code, released.headers["Preference-Applied"]) == (202, "respond-async")


def test_a_request_with_the_same_key_is_one_batch(house) -> None:
    client, once = house.client(), {"Idempotency-Key": "k"}
    first, again = (decide(client, **once) for _ in range(2))
    assert (again.status_code, again.get_json()) == (202, first.get_json())
    assert again.headers["Location"] == first.headers["Location"]
    assert len(batches(client)) == 1
    other = decide(client, asked({**PUPIL, "pupil_reference": "2"}), **once)
    assert (other.status_code, other.get_json()["type"]) == (422, "/problems/key-used")


@pytest.mark.parametrize("headers", [{}, ASYNC], ids=["at once", "as a batch"])
def test_a_key_that_cannot_be_one_is_refused(house, headers) -> None:
    sent = {**headers, "Idempotency-Key": "a b"}
    answer = house.client().post("/v1/decisions", json=asked(), headers=sent)
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/wrong-idempotency-key")


@pytest.mark.slow
def test_twenty_at_once_with_one_key_are_one_batch(house) -> None:
    ready, key = threading.Barrier(20), house.key()

    def ask(_: int):
        client = house.client(key)
        ready.wait()
        return decide(client, **{"Idempotency-Key": "k"})

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(ask, range(20)))
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({answer.headers["Location"] for answer in answers if answer.status_code == 202}) == 1
    assert len(batches(house.client(key))) == 1


def test_the_document_describes_it(app, house) -> None:
    document = app.test_client().get("/v1/openapi.json").get_json()
    about = document["paths"]["/v1/decisions"]["post"]
    names = {parameter["name"] for parameter in about["parameters"]}
    assert {"Prefer", "Idempotency-Key"} <= names
    told = about["responses"]["202"]
    assert set(told["headers"]) == {"Location", "Retry-After", "Preference-Applied"}
    schema = told["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(decide(house.client()).get_json())

"""Whoever sends a request again gets the same answer, and nothing is done twice; on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from service.memory.access.doing_once import GIVEN_UP_SECONDS, HOURS
from service.memory.keeping.erasing import erase_pupil
from service.memory.remembered import number_of
from service.storage.schema import kept_answer
from service.web.example import EXAMPLE
from service.word.document import PDF
from tests.storage.databases import postgres, url
from tests.web.keyed import house_of

__all__ = ["postgres", "url"]
CLIENTS = 50
EVENT = {"on": "2026-11-20", "event": "parent_contact"}
HISTORY = "/v1/pupils/4711/history"


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path) as house:
        yield house


def send(client, key, path="/v1/letters", body=EXAMPLE, **headers):
    return client.post(path, json=body, headers={"Idempotency-Key": key, **headers})


def test_the_same_request_gets_the_same_answer(house) -> None:
    client = house.client()
    for headers in ({"Accept": "application/json"}, {}):
        pupil = {**EXAMPLE["pupil"], "pupil_reference": f"5{len(headers)}"}
        first, again = (send(client, f"k{len(headers)}", body={**EXAMPLE, "pupil": pupil}, **headers) for _ in range(2))
        assert first.status_code in (200, 201)
        assert (again.status_code, again.data) == (first.status_code, first.data)
        assert again.headers.get("Letter-Id") == first.headers.get("Letter-Id")
    assert len(client.get("/v1/letters").get_json()["items"]) == 2


def test_another_request_with_the_same_key_is_refused(house) -> None:
    client = house.client()
    send(client, "k", Accept="application/json")
    other = send(client, "k", body={**EXAMPLE, "letter": "letter_2"}, Accept="application/json")
    assert (other.status_code, other.get_json()["type"]) == (422, "/problems/key-used")


def test_an_event_is_written_down_once(house) -> None:
    client = house.client()
    send(client, "letter")
    first, again = (send(client, "event", HISTORY, EVENT) for _ in range(2))
    assert first.get_json() == again.get_json()
    events = client.get(HISTORY).get_json()["events"]
    assert [event["event"] for event in events] == ["letter_1", "parent_contact"]
    place = f"{HISTORY}/{first.get_json()['number']}/reversal"
    back, twice = (send(client, "back", place, {"why": "A mistake."}) for _ in range(2))
    assert (back.status_code, back.data) == (twice.status_code, twice.data) == (201, back.data)


def test_a_request_that_was_refused_can_be_sent_again(house) -> None:
    client = house.client()
    assert send(client, "k", body={**EXAMPLE, "recipient": "7"}).status_code == 422
    assert send(client, "k").status_code == 200


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "é"])
def test_a_key_that_cannot_be_one_is_refused(house, key) -> None:
    answer = send(house.client(), key)
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/wrong-idempotency-key")


def change_time(house, seconds: int, **words: object) -> None:
    """Make everything that is kept so much older."""
    with house.memory.database.write() as connection:
        row = connection.execute(kept_answer.select()).one()
        earlier = datetime.fromisoformat(row.noted_at) - timedelta(seconds=seconds)
        told = earlier.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        connection.execute(kept_answer.update().values(noted_at=told, **words))


def test_one_that_still_runs_is_409_until_it_is_given_up(house) -> None:
    client = house.client()
    send(client, "k", Accept="application/json")
    change_time(house, 0, state="running", answer=None)
    waits = send(client, "k", Accept="application/json")
    assert (waits.status_code, waits.headers["Retry-After"]) == (409, "1")
    change_time(house, GIVEN_UP_SECONDS + 2)
    assert send(client, "k", Accept="application/json").status_code == 200


def test_after_a_day_it_is_forgotten(house) -> None:
    client = house.client()
    send(client, "k", Accept="application/json")
    change_time(house, HOURS * 3600 + 2)
    assert send(client, "k", Accept="application/json").get_json()["letters"] == []


def test_an_answer_ends_with_its_pupil(house) -> None:
    client = house.client()
    send(client, "k", Accept="application/json")
    erase_pupil(house.memory, house.school(), number_of(house.memory, house.school(), "4711"))
    with house.memory.database.read() as connection:
        assert connection.execute(kept_answer.select()).all() == []


@pytest.mark.slow
def test_a_pdf_is_the_same_bytes_again(house) -> None:
    client = house.client()
    first, again = (send(client, "k", Accept=PDF) for _ in range(2))
    assert first.data.startswith(b"%PDF")
    assert first.data == again.data


def at_once(house, headers) -> list:
    """The answers of many clients that send one request at the same moment."""
    ready, key = threading.Barrier(CLIENTS), house.key()

    def ask(_: int):
        client = house.client(key)
        ready.wait()
        return client.post("/v1/letters", json=EXAMPLE, headers={"Accept": "application/json", **headers})

    with ThreadPoolExecutor(CLIENTS) as threads:
        return list(threads.map(ask, range(CLIENTS)))


@pytest.mark.slow
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}], ids=["without a key", "with a key"])
def test_fifty_at_once_issue_one_letter(headers, url, tmp_path) -> None:
    with house_of(tmp_path, url) as house:
        answers = at_once(house, headers)
        made = [answer.data for answer in answers if answer.status_code == 201]
        assert len(set(made)) == 1
        assert len(made) == 1 or headers
        assert {answer.status_code for answer in answers} <= {200, 201, 409}
        assert len(house.client().get("/v1/letters").get_json()["items"]) == 1

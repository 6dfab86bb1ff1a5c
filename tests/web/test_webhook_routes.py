"""/v1/webhooks as a program uses them, and the running service that tells."""

from __future__ import annotations

import json
import signal

import pytest

from service.memory.access.keyring import make_key
from service.memory.hooks.delivering import deliver_due
from service.memory.memory import open_school
from tests.batches.stored.working_batches import work
from tests.memory.living import memory_of
from tests.printing.converter_trouble import wait_for
from tests.receiving import receiving
from tests.web.keyed import OTHER, house_of
from tests.web.test_batch_routes import cohort, send_files
from tests.web.test_resumed_batches import serve

ADDRESS = {"address": "https://hooks.example.org/attendance"}


def test_a_webhook_is_made_listed_given_another_secret_and_removed(tmp_path) -> None:
    with house_of(tmp_path, WEBHOOKS_TO="hooks.example.org") as house:
        client = house.client()
        made = client.post("/v1/webhooks", json=ADDRESS)
        assert made.status_code == 201
        told = made.get_json()
        secret = told.pop("secret")
        assert told["events"] == ["batch.finished", "letter.reversed"]
        assert client.get("/v1/webhooks").get_json() == {"items": [told]}
        own = f"/v1/webhooks/{told['webhook']}"
        assert client.post(f"{own}/secret").get_json()["secret"] not in ("", secret)
        assert client.get(f"{own}/deliveries").get_json() == {"items": [], "next": None}
        other = house.client(at=OTHER)
        assert other.get("/v1/webhooks").get_json() == {"items": []}
        assert other.delete(own).status_code == 404
        assert client.post(f"{own}/deliveries/1/resend").status_code == 404
        huge = "9" * 30
        assert client.post(f"{own}/deliveries/{huge}/resend").status_code == 404
        assert client.post(f"/v1/webhooks/{huge}/deliveries/1/resend").status_code == 404
        assert client.get(f"/v1/webhooks/{huge}/deliveries").status_code == 404
        assert client.delete(own).status_code == 204
        assert client.get(f"{own}/deliveries").status_code == 404


def test_everything_that_is_wrong_with_a_new_one_is_said_at_once(tmp_path) -> None:
    with house_of(tmp_path) as house:
        client = house.client()
        answer = client.post("/v1/webhooks", json={**ADDRESS, "events": ["letter.issued"]})
        assert (answer.status_code, [one["pointer"] for one in answer.get_json()["problems"]]) == (
            422,
            ["/address", "/events"],
        )
        assert "ATTENDANCE_LETTERS_WEBHOOKS_TO" in answer.get_json()["problems"][0]["detail"]
        answer = client.post("/v1/webhooks", json={"address": 7, "events": "all", "secret": "x"})
        assert [one["pointer"] for one in answer.get_json()["problems"]] == ["/address", "/events", "/secret"]


def test_the_service_tells_when_a_batch_has_finished(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        bearer = {"Authorization": f"Bearer {make_key(memory, open_school(memory), 'a program')[0]}"}
    with receiving() as receiver:
        server = serve(tmp_path, WEBHOOKS_TO="localhost")

        def get(path):
            return json.loads(server.ask("GET", path, **bearer)[2])

        try:
            assert server.ask("POST", "/v1/webhooks", {"address": receiver.address}, **bearer)[0] == 201
            place = server.ask("POST", "/v1/batches", cohort(), **bearer)[1]["location"]
            assert wait_for(lambda: get(place)["state"] == "decided")
            server.ask("POST", f"{place}/release", {"seen": get(place)["seen"]}, **bearer)
            assert wait_for(lambda: receiver.got)
            assert wait_for(lambda: get("/v1/webhooks/1/deliveries")["items"][0]["state"] == "taken")
        finally:
            said = server.stop(signal.SIGTERM)
    ((_, body),) = receiver.got
    told = json.loads(body)
    assert (told["event"], told["batch"], told["state"]) == ("batch.finished", 1, "finished")
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("end", "state"),
    [
        ("released", "finished"),
        ("one faulty", "finished_with_problems"),
        ("cancelled", "cancelled"),
        ("cancelled at once", "cancelled"),
        ("unreadable", "cancelled"),
    ],
)
def test_the_end_of_a_batch_is_told_whatever_it_is(end, state, tmp_path) -> None:
    with house_of(tmp_path, WEBHOOKS_TO="localhost") as house, receiving() as receiver:
        client = house.client()
        client.post("/v1/webhooks", json={"address": receiver.address})
        links = begin(client, end).get_json()["links"]
        if end != "cancelled at once":
            work(house.memory)
        if end.startswith("cancelled"):
            assert client.post(links["cancel"], json={"why": "last week's"}).status_code == 200
        elif end != "unreadable":
            client.post(links["release"], json={"seen": client.get(links["self"]).get_json()["seen"]})
        work(house.memory)
        assert client.get(links["self"]).get_json()["state"] == state
        assert client.post(links["cancel"], json={}).status_code == 409
        assert deliver_due(house.memory) == 1
        ((_, body),) = receiver.got
    told = json.loads(body)
    assert (told["event"], told["batch"], told["state"]) == ("batch.finished", 1, state)


def begin(client, end):
    """A batch that ends so."""
    if end == "unreadable":
        return send_files(client, ("pupils.csv", b"Total,7\n"))
    sent = cohort()
    if end == "one faulty":
        sent["pupils"].append({"first_name": "Robin"})
    return client.post("/v1/batches", json=sent)

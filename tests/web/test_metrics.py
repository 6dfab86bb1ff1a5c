"""/metrics: what Prometheus is told, to whom, and that no word of a school is in it."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.web.example import EXAMPLE
from service.web.watching import metrics
from tests.batches.stored.working_batches import work
from tests.web.keyed import HERE, house_of

NAME = "attendance_letters_"


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setattr(metrics, "FRESH_SECONDS", 0)
    with house_of(tmp_path, METRICS="yes") as house:
        yield house


def figures(house) -> dict[tuple[str, str], float]:
    """Every figure by its name and its one label."""
    answer = house.client("").get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    return {
        (sample.name.removeprefix(NAME), "".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def issue(house) -> None:
    client = house.client()
    pupils = [EXAMPLE["pupil"], {**EXAMPLE["pupil"], "pupil_reference": "8", "sessions_attended": 104}]
    pupils[1] |= {"sessions_authorised": 0, "sessions_unauthorised": 0}
    body = {"on": EXAMPLE["on"], "nothing_sent": True, "pupils": pupils}
    links = client.post("/v1/batches", json=body).get_json()["links"]
    assert figures(house)["batches", "uploaded"] == 1
    work(house.memory)
    seen = client.get(links["self"]).get_json()["seen"]
    assert client.post(links["release"], json={"seen": seen}).status_code == 202


def test_rows_letters_and_steps_are_counted(house) -> None:
    issue(house)
    before = figures(house)
    assert (before["batch_rows", "released"], before["batch_rows", "no_letter"]) == (1, 1)
    assert ("letters", "issued") not in before
    assert before["oldest_chunk_age_seconds", ""] >= 0
    work(house.memory)
    after = figures(house)
    assert (after["batches", "finished"], after["batch_rows", "issued"], after["letters", "issued"]) == (1, 1, 1)
    assert after["oldest_chunk_age_seconds", ""] == 0
    for step in ("understand", "decide", "issue"):
        assert after["step_seconds_count", step] == 1
        assert 0 <= after["step_seconds_sum", step] < 60


def test_work_that_waits_grows_old(house) -> None:
    issue(house)
    with house.memory.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE chunk SET changed_at = '2026-01-01T00:00:00.000Z' WHERE state = 'open'")
    assert figures(house)["oldest_chunk_age_seconds", ""] > 1000


def test_no_word_of_a_school_is_told(house) -> None:
    issue(house)
    work(house.memory)
    text = house.client("").get("/metrics").get_data(as_text=True)
    assert not [word for word in ("Robin", "Ash", "4711", "Weir", HERE, "AL-", "letter_1") if word in text]


@pytest.mark.parametrize("address", ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", ""])
def test_to_others_there_is_nothing_at_this_address(house, address) -> None:
    client = house.client()
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == 404


def test_it_is_off_unless_a_setting_asks_for_it(tmp_path) -> None:
    with house_of(tmp_path) as house:
        assert house.client("").get("/metrics").status_code == 404


def test_who_asks_often_is_told_what_was_counted(house, monkeypatch) -> None:
    first = figures(house)
    monkeypatch.setattr(metrics, "FRESH_SECONDS", 600)
    house.client().post("/v1/batches", json={"on": EXAMPLE["on"], "pupils": [EXAMPLE["pupil"]]})
    assert figures(house) == first

"""/ready names each part, and of one that does not work what to do; it says nothing of a school."""

from __future__ import annotations

import pytest

from service.app import create_app
from service.settings import PREFIX, read_settings
from service.web.example import EXAMPLE
from service.web.watching import readiness
from tests.batches.stored.working_batches import work
from tests.web.keyed import close_app, house_of

PARTS = ("database", "disk", "files", "queue")


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path) as house:
        yield house


def ask(house):
    answer = house.client("").get("/ready")
    return answer.status_code, answer.get_json()


def start(house) -> None:
    body = {"on": EXAMPLE["on"], "nothing_sent": True, "pupils": [EXAMPLE["pupil"]]}
    assert house.client().post("/v1/batches", json=body).status_code == 202


def test_every_part_is_ready(house) -> None:
    status, told = ask(house)
    assert (status, told["status"]) == (200, "ready")
    assert {part: told[part] for part in PARTS} == dict.fromkeys(PARTS, "ready")


def test_a_service_that_never_remembered_is_ready_and_makes_nothing(tmp_path) -> None:
    fresh = create_app(read_settings({f"{PREFIX}DATA": str(tmp_path / "none")}))
    told = fresh.test_client().get("/ready").get_json()
    close_app(fresh)
    assert {part: told[part] for part in PARTS} == dict.fromkeys(PARTS, "ready")
    assert not (tmp_path / "none").exists()


def test_without_its_database_it_is_not_ready(house) -> None:
    engine = house.memory.database.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE chunk RENAME TO chunk_away")
    status, told = ask(house)
    assert (status, told["status"]) == (503, "not ready")
    assert told["database"].endswith(".")
    assert told["database"] != "ready"
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE chunk_away RENAME TO chunk")
    assert ask(house)[0] == 200


def test_without_a_place_for_letters_it_is_not_ready(house) -> None:
    house.memory.files.folder.parent.mkdir(exist_ok=True)
    house.memory.files.folder.write_bytes(b"no folder")
    status, told = ask(house)
    assert status == 503
    assert "FILES" in told["files"]


def test_work_that_nobody_does_is_told_and_the_service_still_answers(house, monkeypatch) -> None:
    start(house)
    assert ask(house)[1]["queue"] == "ready"
    monkeypatch.setattr(readiness, "LONGEST_WAIT", 0)
    status, told = ask(house)
    assert status == 200
    assert told["queue"] == "Work on batches has waited for 0 minutes. Look whether its workers run."
    work(house.memory)
    assert ask(house)[1]["queue"] == "ready"


def test_a_full_disk_is_told(house, monkeypatch) -> None:
    monkeypatch.setattr(readiness, "FREE_BYTES", 1 << 60)
    status, told = ask(house)
    assert status == 503
    assert told["disk"].startswith("Only ")

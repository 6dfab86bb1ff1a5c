"""Times for meetings that come with a cohort are given out in order, by the same rules as the command's."""

from __future__ import annotations

import io
import zipfile

import pytest

from service.word.text import read_text
from tests.batches.stored.working_batches import work
from tests.memory.living import invited
from tests.web.keyed import house_of

SLOTS = [{"date": f"2026-11-{day}", "time": "9 am", "place": "Room 1", "with": "Ms Vale"} for day in (26, 27)]


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path) as house:
        yield house


def cohort(meetings):
    pupils = [{**invited(), "pupil_reference": str(number)} for number in (1, 2, 3)]
    return {"on": "2026-11-20", "policy": "bradford", "pupils": pupils, "meetings": meetings}


def test_meetings_are_given_out_in_the_order_of_the_pupils(house) -> None:
    client = house.client()
    answer = client.post("/v1/batches", json=cohort(SLOTS))
    assert answer.status_code == 202, answer.get_json()
    links = answer.get_json()["links"]
    work(house.memory)
    batch = client.get(links["self"]).get_json()
    assert {word: count for word, count in batch["counts"].items() if count} == {"due": 2, "no_meeting": 1}
    client.post(links["release"], json={"seen": batch["seen"], "by": "JM"})
    work(house.memory)
    content = client.get(f"{links['self']}/letters.zip", buffered=True).get_data()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = [read_text(archive.read(name)) for name in sorted(archive.namelist()) if name.endswith(".docx")]
    assert ["Thursday 26 November 2026" in text for text in texts] == [True, False]
    assert ["Friday 27 November 2026" in text for text in texts] == [False, True]
    assert all("Room 1" in text and "Ms Vale" in text for text in texts)


def test_every_fault_of_the_meetings_is_told_where_it_is(house) -> None:
    wrong = [{**SLOTS[0], "date": "2026-11-19"}, {**SLOTS[0], "date": "soon"}, "9 am", {**SLOTS[0], "room": "1"}]
    answer = house.client().post("/v1/batches", json=cohort(wrong))
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.get_json()["problems"]] == [
        ("/meetings/0/date", "unfit-meeting-day"),
        ("/meetings/1/date", "not-a-day"),
        ("/meetings/2", "wrong-shape"),
        ("/meetings/3", "unknown-word"),
    ]


def test_beside_files_the_meetings_are_the_same_table_as_the_commands(house) -> None:
    client = house.client()
    pupils = b"UPN,Surname,Forename,Possible,Attended\nH801200001001,Ash,Robin,104,94\n"

    def send(table: str):
        parts = {
            "on": "2026-11-20",
            "files": [(io.BytesIO(pupils), "pupils.csv")],
            "meetings": (io.BytesIO(table.encode()), "times.csv"),
        }
        return client.post("/v1/batches", data=parts, content_type="multipart/form-data")

    assert send("Date,Time,Place,With\n26/11/2026,9 am,Room 1,Ms Vale\n").status_code == 202
    answer = send("Date,Time,Place,With\n19/11/2026,9 am,Room 1,Ms Vale\n")
    assert answer.status_code == 422
    (problem,) = answer.get_json()["problems"]
    assert problem["pointer"] == "/meetings"
    assert "row 2: Choose a later day for the meeting" in problem["detail"]

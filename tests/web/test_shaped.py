"""Another system's JSON is decided about as it comes, and as its export would be."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from service.commands.main import commands
from tests.batches.stored.working_batches import work
from tests.web.keyed import house_of

ROUTE = "/v1/decisions?shape=session-summaries&on=2026-11-20&policy=bradford"


def student(number: int, **words):
    """A student as that system has one, with invented figures."""
    return {
        "student_id": f"{4700 + number}",
        "legal_first_name": "Robin",
        "legal_last_name": "Ash",
        "possible_sessions": 104,
        "present": 94,
        "approved_educational_activity": 0,
        "authorised_absence": 7,
        "unauthorised_absence": 3,
        "late": 2,
        "unexplained_absence": 0,
        "start_date": "2026-09-03",
        "end_date": "2026-11-20",
        **words,
    }


def body(*students):
    return {"student_session_summaries": list(students), "has_more": False}


def test_it_is_decided_as_its_export_would_be(client, tmp_path) -> None:
    always_here = student(2, present=104, authorised_absence=0, unauthorised_absence=0)
    answer = client.post(ROUTE, json=body(student(1), always_here))
    assert answer.status_code == 200
    told = answer.get_json()
    assert [decision["pupil_reference"] for decision in told["decisions"]] == ["4701", "4702"]
    assert [decision["letter"] for decision in told["decisions"]] == ["letter_1", None]
    assert any("read as" in notice for notice in told["notices"])
    file = tmp_path / "summaries.json"
    file.write_text(json.dumps(body(student(1))), encoding="utf-8")
    options = ["--policy", "bradford", "--on", "2026-11-20", "--json", "--all"]
    done = CliRunner().invoke(commands, ["decide", str(file), *options])
    exported = json.loads(done.stdout.splitlines()[0])
    assert {word: exported[word] for word in ("stage", "letter", "figures")} == {
        word: told["decisions"][0][word] for word in ("stage", "letter", "figures")
    }


def test_a_faulty_row_costs_one_pupils_decision(client) -> None:
    answer = client.post(ROUTE, json=body(student(1), student(2, possible_sessions="many")))
    told = answer.get_json()
    assert answer.status_code == 200
    assert told["decisions"][1] is None
    assert told["partial"] is True
    assert told["problems"]


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        ("/v1/decisions?shape=sesion-summaries&on=2026-11-20", "/shape"),
        ("/v1/decisions?shape=/etc/x.toml&on=2026-11-20", "/shape"),
        ("/v1/decisions?shape=session-summaries", "/on"),
        ("/v1/decisions?shape=session-summaries&on=20/11/2026", "/on"),
        ("/v1/decisions?shape=session-summaries&on=2026-11-20&policy=bradfrd", "/policy"),
    ],
)
def test_a_fault_of_the_address_is_told_under_its_word(client, address, pointer) -> None:
    answer = client.post(address, json=body(student(1)))
    assert answer.status_code == 422
    assert [problem["pointer"] for problem in answer.get_json()["problems"]] == [pointer]


@pytest.mark.parametrize("values", [{}, [], 7, {"student_session_summaries": []}, {"student_session_summaries": 7}])
def test_what_is_not_of_that_shape_is_refused(client, values) -> None:
    assert client.post(ROUTE, json=values).status_code == 422


LETTER = "/v1/letters?shape=session-summaries&on=2026-11-20&policy=bradford"


def test_a_letter_about_one_pupil_of_another_system_is_the_one_in_our_words(client) -> None:
    ours = {
        "on": "2026-11-20",
        "policy": "bradford",
        "pupil": {
            "pupil_reference": "4701", "first_name": "Robin", "last_name": "Ash", "sessions_possible": 104,
            "sessions_attended": 94, "sessions_authorised": 7, "sessions_unauthorised": 3, "sessions_late": 2,
            "sessions_unexplained": 0, "period_start": "2026-09-03", "period_end": "2026-11-20",
        },
    }  # fmt: skip
    wanted = {"Accept": "application/json"}
    told = client.post(LETTER, json=body(student(1)), headers=wanted)
    assert told.status_code == 200
    decision = told.get_json()["decision"]
    mine = client.post("/v1/letters", json=ours, headers=wanted).get_json()["decision"]
    for word in ("letter", "stage", "figures"):
        assert decision[word] == mine[word]


def test_a_letter_is_about_one_pupil(client) -> None:
    answer = client.post(LETTER, json=body(student(1), student(2)))
    assert answer.status_code == 422
    assert answer.get_json()["problems"][0]["detail"].startswith("Send one pupil for a letter; there are 2.")
    answer = client.post(LETTER.replace("session-summaries", "session-sumaries"), json=body(student(1)))
    assert 'Did you mean "session-summaries"?' in answer.get_json()["problems"][0]["detail"]


def test_a_batch_of_another_system_is_decided_as_it_comes(tmp_path) -> None:
    with house_of(tmp_path) as house:
        client = house.client()
        route = "/v1/batches?shape=session-summaries&on=2026-11-20&policy=bradford&nothing_sent=true&by=JM"
        students = body(student(1), student(2, possible_sessions="many"))
        answer = client.post(route, json=students)
        assert answer.status_code == 202, answer.get_json()
        place = answer.headers["Location"]
        work(house.memory)
        items = client.get(f"{place}/items").get_json()["items"]
        assert sorted((item["pupil_reference"] or "", item["letter"] or "", item["status"]) for item in items) == [
            ("", "", "not_used"),
            ("4701", "letter_1", "held"),
        ]
        answer = client.post(route.replace("nothing_sent=true", "nothing_sent=perhaps"), json=students)
        assert [one["pointer"] for one in answer.get_json()["problems"]] == ["/nothing_sent"]
        assert client.post(route, json=body(student(2, possible_sessions="many"))).status_code == 422

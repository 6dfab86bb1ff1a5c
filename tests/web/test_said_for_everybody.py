"""What a request says once for every pupil about what its figures do not show."""

from __future__ import annotations

from service.web.example import EXAMPLE

MISSED = {
    "pupil_reference": "4711",
    "first_name": "Robin",
    "last_name": "Ash",
    "sessions_possible": 104,
    "sessions_attended": 90,
    "sessions_authorised": 8,
    "sessions_unauthorised": 6,
    "history": [],
}
WHOLE = {**MISSED, "pupil_reference": "4712", "sessions_attended": 104, "sessions_authorised": 0}
WHOLE["sessions_unauthorised"] = 0


def ask(client, **words):
    body = {"on": EXAMPLE["on"], "policy": "primary", "pupils": [MISSED, WHOLE], **words}
    return client.post("/v1/decisions", json=body)


def test_one_answer_decides_about_every_pupil_and_is_named_where_it_counted(client) -> None:
    before = ask(client).get_json()["decisions"]
    assert before[0]["outcome"] == "undecided"
    decided = ask(client, period_is_window=True, decided_by="Ms A Green").get_json()["decisions"]
    assert [decision["outcome"] for decision in decided] == ["action", "none"]
    said = [[text for text in decision["cautions"] if "Ms A Green" in text] for decision in decided]
    assert said == [
        [
            "Check the dates: the report's own days were taken for the policy's last weeks. "
            "(Ms A Green decided this for every pupil.)"
        ],
        [],
    ]


def test_what_is_left_out_is_not_asked_for(client) -> None:
    asked = ask(client).get_json()["decisions"][0]["missing"]
    words = {"period_is_window": True, "leave_out": ["separate-absences"]}
    left = ask(client, **words).get_json()["decisions"][0]["missing"]
    assert "absence_spells" not in " ".join(left)
    assert len(left) < len(asked)


def test_what_cannot_be_left_out_is_told_beside_other_faults(client) -> None:
    answer = ask(client, leave_out=["separate-absences", "lates"], period_is_window="yes")
    assert answer.status_code == 422
    told = {problem["pointer"]: problem["detail"] for problem in answer.get_json()["problems"]}
    assert told == {
        "/leave_out/1": '"lates" cannot be left out. Leave out: separate-absences, '
        "sessions-without-a-reason, broken-weeks, holidays-without-leave.",
        "/period_is_window": "Answer true or false.",
    }

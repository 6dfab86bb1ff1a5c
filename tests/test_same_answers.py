"""Commands and routes read the same pupil and calendar alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.app import create_app
from service.commands.main import commands
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings

ON = "2026-11-20"
CALENDAR = [
    {"from": "2026-09-02", "to": "2026-12-18", "kind": "term", "name": "Autumn term"},
    {"from": "2026-10-26", "to": "2026-10-30", "kind": "closed", "name": "Half term"},
]
ROUTES = ("/v1/decisions", "/v1/letters", "/v1/forms/attendance_certificate")
CLIENT = create_app(read_settings({}), SAMPLE_SCHOOL).test_client()


def pupil(*days: str, **more: Any) -> dict[str, Any]:
    """A pupil with an unauthorised absence on the mornings of these days."""
    marks = [{"date": day, "session": "AM", "code": "O"} for day in days]
    return {"upn": "A1", "first_name": "Robin", "last_name": "Ash", "marks": marks, **more}


def ask(route: str, values: dict[str, Any], calendar: Any = CALENDAR) -> Any:
    """The answer of a route about one pupil of this calendar."""
    about = {"pupils": [values]} if route == "/v1/decisions" else {"pupil": values}
    accept = {"Accept": "application/pdf" if "forms" in route else "application/json"}
    return CLIENT.post(route, json={"on": ON, "policy": "bradford", "calendar": calendar, **about}, headers=accept)


def run(command: str, folder: Path, values: dict[str, Any], calendar: Any = CALENDAR) -> Result:
    """The outcome of a command about one pupil of this calendar."""
    about = {"pupils": [values]} if command == "decide" else {"pupil": values}
    path = folder / f"{command}.json"
    path.write_text(json.dumps({"on": ON, "calendar": calendar, **about}), encoding="utf-8")
    words = ["--json"] if command == "decide" else ["attendance_certificate", "--out", str(folder / "form.pdf")]
    return CliRunner().invoke(commands, [command, *words, str(path), "--policy", "bradford"])


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-10-26", "the school is closed on that day"),
        ("2026-08-31", "the calendar runs from 02/09/2026 to 18/12/2026"),
    ],
)
def test_a_mark_on_a_day_without_school_is_refused_everywhere_at_its_place(tmp_path, day, why) -> None:
    values = pupil("2026-09-07", day)
    sentence = f"There is a mark for {day[8:]}/{day[5:7]}/2026, but {why}. Correct the mark or the calendar."
    for route in ROUTES:
        answer = ask(route, values)
        assert answer.status_code == 422, route
        place = "/pupils/0" if route == "/v1/decisions" else "/pupil"
        assert json.loads(answer.data)["problems"] == [
            {"pointer": f"{place}/marks/1/date", "code": "outside-calendar", "detail": sentence}
        ]
    for command, place in (("decide", "/pupils/0"), ("form", "/pupil")):
        done = run(command, tmp_path, values)
        assert f"{place}/marks/1/date: {sentence}" in f"{done.output} {done.exception}"
    assert not (tmp_path / "form.pdf").exists()


LEFT_OUT = "Marks after 20/11/2026, the day of the decision, are left out."


def take_note(decision: dict[str, Any]) -> dict[str, Any]:
    """A decision without the note about marks that are left out, which it has to have once."""
    decision["cautions"].remove(LEFT_OUT)
    assert LEFT_OUT not in decision["cautions"]
    return decision


def test_marks_after_the_day_are_left_out_everywhere_and_this_is_said(tmp_path) -> None:
    before, after = pupil("2026-09-07"), pupil("2026-09-07", "2026-11-23", "2027-01-01")
    for route in ROUTES[:2]:
        answers = [ask(route, values) for values in (before, after)]
        assert [answer.status_code for answer in answers] == [200, 200], route
        without, given = (answer.get_json() for answer in answers)
        take_note(given["decision"] if "decision" in given else given["decisions"][0])
        assert without == given
    assert ask(ROUTES[2], after).status_code == 200
    filled = run("form", tmp_path, after)
    assert (filled.exit_code, filled.output.count(f"Note: {LEFT_OUT}\n")) == (0, 1)
    assert LEFT_OUT not in run("form", tmp_path, before).output
    decided = json.loads(run("decide", tmp_path, after).stdout)
    assert ask("/v1/decisions", after).get_json()["decisions"] == [
        {word: value for word, value in decided.items() if word != "row"}
    ]
    assert take_note(decided) == json.loads(run("decide", tmp_path, before).stdout)


def test_how_long_a_schools_post_takes_counts_in_the_command_as_in_the_route(tmp_path) -> None:
    notice = {"on": "2026-10-08", "event": "notice_to_improve"}
    answers = dict.fromkeys(("child_protection_plan", "child_in_need", "social_worker", "team_around_family"), False)
    values = pupil("2026-10-13", date_of_birth="2016-04-04", history=[notice], **answers)
    body = {"on": ON, "policy": "stockport", "calendar": CALENDAR, "pupils": [values]}
    cohort = tmp_path / "cohort.json"
    cohort.write_text(json.dumps({word: body[word] for word in ("on", "calendar", "pupils")}), encoding="utf-8")
    asked_for = []
    for days in (2, 5):  # a notice of Thursday the 8th is there on Monday the 12th, or on Thursday the 15th
        (tmp_path / "school.toml").write_text(f"days_in_post = {days}\n", encoding="utf-8")
        command = ["decide", str(cohort), "--json", "--policy", "stockport", "--school", str(tmp_path / "school.toml")]
        decided = json.loads(CliRunner().invoke(commands, command).stdout)
        (answer,) = CLIENT.post("/v1/decisions", json={**body, "school": {"days_in_post": days}}).get_json()[
            "decisions"
        ]
        assert answer == {word: value for word, value in decided.items() if word != "row"}
        asked_for.append("penalty_notice_request" in answer["actions"])
    assert asked_for == [True, False]


def test_a_summary_beside_marks_that_all_come_later_is_used() -> None:
    figures = {"sessions_possible": 104, "sessions_attended": 94, "sessions_authorised": 7, "sessions_unauthorised": 3}
    alone = {word: value for word, value in pupil(**figures).items() if word != "marks"}
    answers = [ask("/v1/decisions", values).get_json() for values in (alone, pupil("2026-11-23", **figures))]
    (without,), (given,) = (answer["decisions"] for answer in answers)
    assert without == take_note(given)
    assert without["figures"]


def test_a_calendar_that_needs_correcting_is_told_once_and_not_of_every_mark() -> None:
    broken = [*CALENDAR[:1], {"from": "x", "to": "2026-12-18", "kind": "closed"}]
    body = {"on": ON, "policy": "bradford", "calendar": broken, "pupils": [pupil("2026-08-31", "2026-08-30")]}
    problems = json.loads(CLIENT.post("/v1/decisions", json=body).data)["problems"]
    assert [problem["pointer"] for problem in problems] == ["/calendar/1"]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"from": "01/09/2026"}, "/calendar/0: Enter real dates under from and to, for example 2026-09-02."),
        ({"nmae": "Autumn"}, '/calendar/0/nmae: "nmae" is not a field of a calendar. Did you mean "name"?'),
    ],
)
def test_a_calendar_in_a_file_is_read_like_one_in_a_request(tmp_path, entry, told) -> None:
    calendar = [{**CALENDAR[0], **entry}]
    (problem,) = json.loads(ask("/v1/letters", pupil(), calendar).data)["problems"]
    assert f"{problem['pointer']}: {problem['detail']}" == told
    for command in ("decide", "form"):
        (problem,) = run(command, tmp_path, pupil(), calendar).exception.problems
        assert f"{problem.pointer}: {problem.detail}" == told

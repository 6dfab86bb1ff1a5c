"""One school gives the same decisions whichever way its marks are exported."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from service.cohort.join import read_cohort
from service.decisions.decide import decide
from service.desk import Desk
from service.sample.export import CALENDAR, ON, make_pupils, write_sample
from service.settings import read_settings
from tests.cohort.export_making import write_workbook

PUPILS, SEED = 120, 7
YES = {"yes": True, "no": False}
FLAGS = ("child_protection_plan", "child_in_need", "social_worker", "team_around_family")
CONTACT_FLAGS = ("parental_responsibility", "lives_with_pupil", "receives_post", "confidential_address")


@pytest.fixture(scope="module")
def exports(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("exports")
    write_sample(folder / "long", PUPILS, SEED)
    tables = {path.stem: read_table(path) for path in sorted((folder / "long").glob("*.csv"))}
    write_json(folder / "cohort.json")
    write_workbook(folder / "book.xlsx", {name: typed_rows(rows) for name, rows in tables.items()})
    write_wide(folder / "wide", tables)
    return {
        "long": folder / "long",
        "json": folder / "cohort.json",
        "workbook": folder / "book.xlsx",
        "wide": folder / "wide",
    }


def read_table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def typed_rows(rows: list[list[str]]) -> list[list[object]]:
    """Rows with real dates, as a spreadsheet holds them."""
    return [[typed(cell) for cell in row] for row in rows]


def typed(cell: str) -> object:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return int(cell) if cell.isdecimal() else cell or None


def write_wide(folder: Path, tables: dict[str, list[list[str]]]) -> None:
    folder.mkdir()
    marks = {(upn, day, half): code for upn, day, half, code in tables["marks"][1:]}
    sessions = sorted({(day, half) for _, day, half in marks})
    heads = [f"{date.fromisoformat(day):%a %d %b %Y} {half}" for day, half in sessions]
    pupils = list(dict.fromkeys(upn for upn, _, _ in marks))
    rows = [[upn, *(marks.get((upn, *session), "") for session in sessions)] for upn in pupils]
    for name, table in {**tables, "marks": [["UPN", *heads], *rows]}.items():
        with (folder / f"{name}.txt").open("w", encoding="utf-16", newline="") as file:
            csv.writer(file, delimiter=";").writerows(table)


def write_json(path: Path) -> None:
    pupils = [json_pupil(pupil) for pupil in make_pupils(PUPILS, SEED)]
    calendar = [
        {
            "from": entry.first.isoformat(),
            "to": entry.last.isoformat(),
            "kind": "term" if entry.is_term else "closed",
            "name": entry.name,
        }
        for entry in CALENDAR
    ]
    path.write_text(json.dumps({"on": ON.isoformat(), "pupils": pupils, "calendar": calendar}), encoding="utf-8")


def json_pupil(pupil: dict) -> dict:
    words = ("on", "event", "outcome", "by", "note")
    return {
        **{word: pupil[word] for word in ("upn", "first_name", "last_name", "registration_group")},
        "year_group": str(pupil["year_group"]),
        "date_of_birth": pupil["date_of_birth"].isoformat(),
        **{word: YES[pupil[word]] for word in FLAGS},
        **{word: YES[answer] for word, answer in pupil["judgements"]},
        "contacts": [
            {word: YES[value] if word in CONTACT_FLAGS else value for word, value in contact.items()}
            for contact in pupil["contacts"]
        ],
        "marks": [{"date": day.isoformat(), "session": half, "code": code} for day, half, code in pupil["marks"]],
        "history": [dict(zip(words, (event[0].isoformat(), *event[1:]), strict=True)) for event in pupil["history"]],
    }


def decide_all(path: Path, policy_name: str) -> dict[str, dict]:
    policy = Desk(read_settings()).policy(policy_name)
    cohort = read_cohort(path, policy.events, ON)
    decisions = {}
    for row in cohort.pupils:
        assert row.problems == ()
        decisions[row.key] = decide(row.record, policy, ON, cohort.calendar).as_json()
    assert cohort.problems == ()
    return decisions


@pytest.mark.parametrize("policy", ["bradford", "primary", "academy", "stockport"])
def test_long_wide_json_and_workbook_give_the_same_decisions(exports, policy):
    long = decide_all(exports["long"], policy)
    assert len(long) == PUPILS
    assert len({decision["outcome"] for decision in long.values()}) > 1
    for shape in ("wide", "json", "workbook"):
        assert decide_all(exports[shape], policy) == long


def test_the_records_themselves_are_the_same(exports):
    records = {shape: [row.record for row in read_cohort(path).pupils] for shape, path in exports.items()}
    assert records["json"] == records["long"] == records["workbook"] == records["wide"]

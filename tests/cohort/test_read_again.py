"""A cohort can be read as often as somebody wants to: looked at first, written to afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from service.cohort.join import Cohort, read_cohort

MARKS = "UPN,Date,Session,Code\nA1,02/09/2026,AM,O\nA1,02/09/2026,PM,Q9\nB2,02/09/2026,AM,N\nZ9,02/09/2026,AM,N\n"


def said_of(cohort: Cohort) -> tuple[list[str], list[str]]:
    return list(cohort.notices), [str(problem) for problem in cohort.problems]


def write_tables(folder: Path) -> Path:
    (folder / "pupils.csv").write_text("UPN,Surname\nA1,M?ller\nB2,Cole\n", encoding="utf-8")
    (folder / "names.csv").write_text("UPN,Forename,Surname\nA1,Ida,Müller\n", encoding="utf-8")
    (folder / "marks.csv").write_text(MARKS, encoding="utf-8")
    return folder


def write_json(folder: Path) -> Path:
    pupils = [
        {"upn": "A1", "last_name": "Birch", "marks": [{"date": "2026-09-02", "session": "AM", "code": "O"}]},
        {"upn": "B2", "last_name": "Cole", "marks": [{"date": "2026-09-02", "session": "AM", "code": "??"}]},
    ]
    path = folder / "cohort.json"
    path.write_text(json.dumps({"on": "2026-11-20", "pupils": pupils}), encoding="utf-8")
    return path


def write_workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["UPN", "Surname"])
    book.active.append(["A1", "Birch"])
    book.active.cell(row=20_000, column=1, value="far below")
    book.save(folder / "pupils.xlsx")
    return folder


@pytest.mark.parametrize("write", [write_tables, write_json, write_workbook])
def test_every_reading_gives_the_same_pupils_and_nothing_is_said_twice(write, tmp_path):
    cohort = read_cohort(write(tmp_path))
    before = said_of(cohort)
    first, second = list(cohort.pupils), list(cohort.pupils)
    assert first
    assert first == second
    assert said_of(cohort) == before
    assert len(set(before[0])) == len(before[0])


def test_what_is_wrong_is_known_before_the_first_pupil_is_asked_for(tmp_path):
    problems = [problem.code for problem in read_cohort(write_tables(tmp_path)).problems]
    assert problems == ["unknown-pupil"]

"""Questions about counts are answered like judgements: in the list that was written, put into the folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.commands.main import commands

HEAD = "UPN,Surname,Forename,Reg,DOB"
A, B, C = "C888201517101", "R888201517102", "F888201517103"
SUMMARY = (
    f"{HEAD},Possible,Attended,Authorised,Unauthorised\n{A},Birch,Nia,8A,01/05/2013,104,100,4,0\n"
    f"{B},Cole,Otis,8A,02/05/2013,104,84,8,12\n{C},Reid,Mai,8B,03/05/2013,104,96,8,0\n"
)
PERCENTAGES = f"{HEAD},Attendance\n{A},Birch,Nia,8A,01/05/2013,96.2\n{B},Cole,Otis,8A,02/05/2013,86.5\n"
ANSWERS = {"yes or no": "no", "a whole number": "2", "a number from 0 to 100": "93,5", "a text": "Room 4"}


def decide(folder: Path, *options: str) -> list[dict]:
    arguments = ["decide", str(folder), "--on", "20/11/2026", "--json", "--nothing-sent-yet", *options]
    result = CliRunner().invoke(commands, arguments)
    return [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("export", [SUMMARY, PERCENTAGES], ids=["counts", "percentages"])
@pytest.mark.parametrize("policy", ["bradford", "primary", "academy", "stockport"])
def test_an_answered_question_is_asked_no_more(tmp_path: Path, policy: str, export: str) -> None:
    folder, questions = tmp_path / "export", tmp_path / "questions.csv"
    folder.mkdir()
    (folder / "attendance.csv").write_text(export)
    before = decide(folder, "--policy", policy, "--questions", str(questions))
    with questions.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["upn"], row["word"]) for row in rows} >= {
        (line["upn"], word) for line in before for word in line["missing"] if word != "marks"
    }
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys() if rows else ["word"])
        writer.writeheader()
        writer.writerows({**row, "answer": ANSWERS[row["answers_allowed"]]} for row in rows)
    asked = {(row["upn"], row["word"]) for row in rows}
    for line in decide(folder, "--policy", policy):
        assert not {(line["upn"], word) for word in line["missing"]} & asked


def test_a_count_that_was_answered_decides(tmp_path: Path) -> None:
    (tmp_path / "attendance.csv").write_text(PERCENTAGES)
    due = {}
    for answer in ("0", "2"):
        (tmp_path / "answers.csv").write_text(f"UPN,word,answer\n{B},sessions_unexplained,{answer}\n")
        due[answer] = [line["letter"] for line in decide(tmp_path, "--policy", "bradford")]
    assert due == {"0": [None, "letter_1"], "2": [None, "letter_n"]}


def test_a_percentage_that_was_answered_stands_beside_a_list_of_absences(tmp_path: Path) -> None:
    days = ("10/09/2026", "14/09/2026", "05/10/2026")
    marks = "".join(f"{A},{day},{half},I\n" for day in days for half in ("AM", "PM"))
    (tmp_path / "absences.csv").write_text(f"UPN,Date,Session,Mark\n{marks}")
    (tmp_path / "pupils.csv").write_text(f"{HEAD}\n{A},Birch,Nia,8A,01/05/2013\n")
    (tmp_path / "answers.csv").write_text(f"UPN,word,answer\n{A},attendance_percentage,94\n")
    (line,) = decide(tmp_path, "--policy", "bradford")
    assert line["letter"] == "letter_1"
    assert line["figures"]["sessions_illness"] == 6


@pytest.mark.parametrize("answer", ["many", "-1", "2.5"])
def test_an_answer_that_is_no_count_is_told_at_its_row(tmp_path: Path, answer: str) -> None:
    (tmp_path / "attendance.csv").write_text(PERCENTAGES)
    (tmp_path / "answers.csv").write_text(f"UPN,word,answer\n{B},sessions_unexplained,{answer}\n")
    result = CliRunner().invoke(commands, ["decide", str(tmp_path), "--policy", "bradford", "--on", "20/11/2026"])
    assert "answers.csv, row 2, answer" in result.output

"""What a run says of the rows that went in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cohort.row_counts import LeftOut, RowCount
from service.commands.main import commands
from service.commands.rows import say_row_counts

HEADINGS = "Pupil reference,Surname,Forename,Possible,Attended,Authorised,Unauthorised"
GOOD = "A1,Ash,Jo,104,104,0,0\nB2,Birch,Kit,104,104,0,0\n"
BAD = "C3,Cole,Ada,104,many,0,0\n"


def say(tmp_path: Path, rows: str, *command: str) -> str:
    (tmp_path / "register.csv").write_text(f"{HEADINGS}\n{rows}", encoding="utf-8")
    arguments = [command[0], str(tmp_path / "register.csv"), "--policy", "bradford", "--on", "2026-11-20", *command[1:]]
    return CliRunner().invoke(commands, arguments).output


def test_one_short_sentence_where_every_row_is_used(tmp_path) -> None:
    assert "\n2 rows read, all used.\n" in say(tmp_path, GOOD, "decide")


@pytest.mark.parametrize("command", [("decide",), ("decide", "--json"), ("letters", "--out", "OUT")])
def test_rows_that_are_not_used_are_counted_with_the_reason_in_every_run(tmp_path, command) -> None:
    ending = [word.replace("OUT", str(tmp_path / "out")) for word in command]
    said = say(tmp_path, GOOD + ",,,,,,\n" + BAD + "Total,,,312,208,0,0\n", *ending)
    assert "register.csv: 5 rows, 2 used, 2 left out (1 empty, 1 with totals), 1 could not be used.\n" in said


def test_the_count_stands_in_the_first_paragraph_of_decide_and_letters(tmp_path) -> None:
    for command in (("decide",), ("letters", "--out", str(tmp_path / "out"))):
        said = say(tmp_path, GOOD + BAD, *command)
        assert said.index("register.csv: 3 rows") < said.index("register.csv, row 4 could not be used")


def test_files_with_problems_come_first_and_the_others_are_one_sentence() -> None:
    some = RowCount("marks.csv", 1200, by_pupil={"A1": 1198}, faulty={7, 9})
    other = RowCount("contacts.csv", 1)
    other.leave_out(LeftOut.NO_CONTACT)
    assert list(say_row_counts([other, RowCount("pupils.csv", 2, by_pupil={"A1": 2}), some])) == [
        "marks.csv: 1,200 rows, 1,198 used, 2 could not be used.",
        "contacts.csv: 1 row, none used, 1 left out (without a contact).",
        "1 other file: 2 rows, all used.",
    ]


def test_of_very_many_files_the_rest_is_added_up() -> None:
    counts = [RowCount(f"{number:02}.csv", 3, by_pupil={"A1": 1}, faulty={4}, unread=1) for number in range(25)]
    lines = list(say_row_counts(counts))
    assert len(lines) == 21
    assert lines[-1] == "5 more files: 15 rows, 5 used, 10 could not be used."


def test_every_reason_has_words() -> None:
    for why in LeftOut:
        count = RowCount("a.csv", 1)
        count.leave_out(why)
        assert re.fullmatch(r"a\.csv: 1 row, none used, 1 left out \([\w ;-]+\)\.", next(say_row_counts([count])))

"""A run says what one answer for everybody would settle, and which letter follows one that asks for reasons."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from service.commands.main import main

HEAD = "UPN,Surname,Forename,Reg"
A, B, C = "C888201517101", "R888201517102", "F888201517103"
PERCENTAGES = f"{HEAD},Attendance\n{A},Birch,Nia,8A,96.2\n{B},Cole,Otis,8A,86.5\n{C},Reid,Mai,8B,100\n"
COUNTS = (
    f"{HEAD},Possible Marks,Present + AEA,Authorised Absences,Unauthorised Absences,Unexplained Absences\n"
    f"{A},Birch,Nia,8A,104,103,0,1,1\n{B},Cole,Otis,8A,104,90,8,6,2\n{C},Reid,Mai,8B,104,82,10,12,0\n"
)
NEXT = "Next: School Letter 1 is due too"


@pytest.fixture
def decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def decide(export: str, *options: str, folder: bool = False) -> str:
        path = tmp_path / "attendance.csv"
        path.write_text(export)
        arguments = (
            "decide",
            str(tmp_path if folder else path),
            "--policy",
            "bradford",
            "--on",
            "20/11/2026",
            *options,
        )
        monkeypatch.setenv("COLUMNS", "250")
        monkeypatch.setattr(sys, "argv", ["attendance-letters", *arguments])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().out

    return decide


def lines_about(name: str, table: str) -> list[str]:
    """What the table says of a pupil, with the row itself."""
    lines = table.splitlines()
    start = next(number for number, line in enumerate(lines) if name in line)
    beneath = (number for number, line in enumerate(lines) if number > start and not line.startswith(" "))
    return lines[start : next(beneath, None)]


def test_percentages_alone_show_the_letter_that_one_answer_leaves_and_the_answer_leads_to_it(decided) -> None:
    before = decided(PERCENTAGES)
    assert (
        "To decide without counting sessions without a reason, say --leave-out sessions-without-a-reason; "
        "then: 1 School Letter 1." in before
    )
    assert any(
        "Without counting sessions without a reason: School Letter 1" in line for line in lines_about("Cole", before)
    )
    assert "if no N marks: School Letter 1" in lines_about("Cole", before)[0]
    assert "      1  nothing\n" in before
    assert "Reid" not in before
    after = decided(PERCENTAGES, "--leave-out", "sessions-without-a-reason")
    assert "School Letter 1" in lines_about("Cole", after)[0]


def test_what_an_answer_leaves_open_is_not_said_to_be_settled(decided) -> None:
    """With four sessions missed, separate absences are open as well."""
    assert not any("Without counting" in line for line in lines_about("Birch", decided(PERCENTAGES)))


def test_a_letter_that_asks_for_reasons_comes_first_and_the_one_that_is_due_besides_is_named(decided) -> None:
    table = decided(COUNTS)
    assert "School Letter N, then School Letter 1" in lines_about("Cole", table)[0]
    assert any(NEXT in line for line in lines_about("Cole", table))
    assert not any(NEXT in line for line in lines_about("Birch", table))
    assert "School Letter 1" in lines_about("Reid", table)[0]
    assert "      2  School Letter N\n             1  of them is due School Letter 1 next, in the run after" in table


def test_programs_are_told_what_an_answer_leaves_and_what_follows(decided) -> None:
    lines = [json.loads(line) for line in decided(PERCENTAGES, "--json").splitlines() if line.startswith("{")]
    assert [line.get("without_counting") for line in lines] == [
        None,
        {"sessions without a reason": "School Letter 1"},
        None,
    ]
    lines = [json.loads(line) for line in decided(COUNTS, "--json").splitlines() if line.startswith("{")]
    assert [line.get("due_next") for line in lines] == [None, "School Letter 1", None]


def test_without_separate_absences_a_pupil_above_the_level_is_due_nothing_but_for_them(decided) -> None:
    table = decided(f"{HEAD},Possible,Present,Authorised,Unauthorised,N\n{A},Birch,Nia,8A,104,100,4,0,0\n")
    assert "             1  if in few spells: nothing" in table
    assert "if in few spells: nothing" in lines_about("Birch", table)[0]


def test_what_is_said_to_follow_is_due_in_the_run_after(decided, tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text(f"UPN,date,event\n{A},20/11/2026,letter_n\n{B},20/11/2026,letter_n\n")
    after = decided(COUNTS, folder=True)
    assert "School Letter 1" in lines_about("Cole", after)[0]
    assert "nothing until the review" in lines_about("Birch", after)[0]

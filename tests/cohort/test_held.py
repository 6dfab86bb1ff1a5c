"""What an export says that stops a pupil's row or holds the letters back."""

from __future__ import annotations

from datetime import date

from tests.cohort.export_making import read_export, write_files

ON = date(2026, 11, 20)
OTIS, MAI = "R888201517102", "F888201517103"


def test_more_sessions_than_the_period_has_stop_that_pupil_alone(tmp_path):
    write_files(
        tmp_path,
        a="UPN,Surname,Forename,Possible,Attended,Authorised,Unauthorised,Period Start,Period End\n"
        f"{OTIS},Cole,Otis,380,300,40,40,01/09/2026,20/11/2026\n"
        f"{MAI},Reid,Mai,104,82,10,12,01/09/2026,20/11/2026\n",
    )
    outcome = read_export(tmp_path, ON)
    assert list(outcome.records) == [MAI]
    (problem,) = outcome.problems
    assert "380 possible sessions do not fit 01/09/2026 to 20/11/2026, which have at most 118." in problem


def test_a_cell_that_says_not_to_write_holds_the_letters(tmp_path):
    write_files(
        tmp_path,
        a="UPN,Surname,Forename,Possible,Attended,Do Not Write\n"
        f"{OTIS},Cole,Otis,104,82,Yes\n{MAI},Reid,Mai,104,82,No\n",
    )
    outcome = read_export(tmp_path, ON)
    assert outcome.problems == []
    assert [len(outcome.records[key].holds) for key in (OTIS, MAI)] == [1, 0]
    assert "a.csv, row 2, Do Not Write" in str(outcome.records[OTIS].holds[0])

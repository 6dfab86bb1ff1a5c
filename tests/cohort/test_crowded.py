"""Thousands of rows about one pupil take as long as thousands about as many, and are told in few sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bounded import check_ends_well, run_bounded
from tests.cohort.export_making import Outcome, read_export, write_files

ROWS = 20_000
PUPILS = "UPN,Surname,Forename,Possible,Attended\nA1,Ash,Jo,104,90\nB2,Birch,Nia,104,104\n"
CONTACTS = "UPN,Contact Forename,Contact Surname,Address Line 1,Postcode,Parental Responsibility\n"
TABLES = {
    "summary": PUPILS.split("\n")[0] + "\n" + "A1,Ash,Jo,104,90\n" * ROWS,
    "contacts": CONTACTS + "".join(f"A1,Ann,N{number},{number} Long Row,ZE8 4QT,yes\n" for number in range(ROWS)),
    "namesakes": CONTACTS + "".join(f"A1,Ann,Ash,{number} Long Row,ZE8 4QT,yes\n" for number in range(ROWS)),
    "history": "UPN,On,Event,Outcome,By\n" + "A1,05/10/2026,letter_1,,JM\n" * ROWS,
    "judgements": "UPN,Word,Answer\n" + "A1,parent_engaged,yes\n" * ROWS,
    "marks": "UPN,Date,Session,Code\n" + "A1,07/09/2026,AM,O\n" * ROWS,
    "more_marks": "UPN,Date,Session,Code\n" + "A1,07/09/2026,AM,O\nA1,07/09/2026,AM,/\n" * (ROWS // 2),
    "week": "UPN,Week beginning,Mon AM,Mon PM,Tue AM,Tue PM\n" + "A1,07/09/2026,/,\\,/,\\\n" * ROWS,
}


@pytest.mark.parametrize("table", TABLES)
def test_all_the_rows_about_one_pupil_end_in_time(tmp_path: Path, table: str) -> None:
    folder = write_files(tmp_path, pupils=PUPILS, **{table: TABLES[table]})
    check_ends_well(run_bounded("decide", folder, "--policy", "bradford", "--on", "20/11/2026"))


def read_contacts(folder: Path, number: int) -> Outcome:
    rows = "".join(f"A1,Ann,N{place},{place} Long Row,ZE8 4QT,yes\n" for place in range(number))
    return read_export(write_files(folder, pupils=PUPILS, contacts=CONTACTS + rows))


def test_fifty_contacts_are_read(tmp_path: Path) -> None:
    found = read_contacts(tmp_path, 50)
    assert not found.problems
    assert len(found.records["A1"].contacts) == 50


def test_more_contacts_than_anybody_has_stop_the_pupil_in_one_sentence(tmp_path: Path) -> None:
    found = read_contacts(tmp_path, 70)
    assert list(found.records) == ["B2"]
    assert found.problems == [
        "contacts.csv, row 52, UPN: Nobody has more than 50 contacts. Look at what this column says of whose they are."
    ]

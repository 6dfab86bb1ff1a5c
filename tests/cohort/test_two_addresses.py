"""One contact with two different addresses in two files holds the letters back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.cohort.export_making import Outcome, read_export, write_files

ON = date(2026, 11, 20)
OTIS = "R888201517102"
PUPIL = "UPN,Surname,Forename,Possible,Attended"
COLUMNS = "Parent 1 Forename,Parent 1 Surname,Parent 1 Address Line 1,Parent 1 Town,Parent 1 Postcode,Parent 1 PR"
ROWS = "UPN,Contact Forename,Contact Surname,Address Line 1,Town,Postcode,Parental Responsibility"
OLD = "Jo,Ash,2 Long Row,Netherford,ZE8 4QT,Yes"


def read_two(folder: Path, one: str, other: str) -> Outcome:
    write_files(
        folder,
        pupils=f"{PUPIL},{COLUMNS}\n{OTIS},Cole,Otis,104,82,{one}\n",
        contacts=f"{ROWS}\n{OTIS},{other}\n",
    )
    return read_export(folder, ON)


@pytest.mark.parametrize(
    "other",
    [
        "Jo,Ash,9 Mill Lane,Netherford,ZE8 4QA,Yes",
        "JO,ASH,2 Long Row,Netherford,ZE9 1AB,Yes",
        "Jo,Ash,12 Long Row,Netherford,ZE8 4QT,Yes",
        '"Jo","Ash","Flat 3, 2 Long Row",Netherford,ZE8 4QT,Yes',
    ],
)
def test_two_addresses_of_a_contact_hold_the_letters_with_both_files_named(tmp_path: Path, other: str) -> None:
    (hold,) = read_two(tmp_path, OLD, other).records[OTIS].holds
    assert hold.detail == (
        "A contact has one address in pupils.csv, row 2, and another in contacts.csv, row 2. "
        "Find out which is right and correct the other file."
    )


@pytest.mark.parametrize(
    "other",
    [
        OLD,
        "jo,ash,2 long row,NETHERFORD,ze84qt,Yes",
        "Jo,Ash,2 Long Row,,ZE8 4QT,Yes",
        "Jo,Ash,,,,Yes",
        "Sam,Ash,9 Mill Lane,Netherford,ZE8 4QA,Yes",
    ],
)
def test_the_same_door_or_another_person_holds_nothing(tmp_path: Path, other: str) -> None:
    assert read_two(tmp_path, OLD, other).records[OTIS].holds == ()


def test_a_summary_with_contacts_of_its_own_is_compared_too(tmp_path: Path) -> None:
    new = "Jo,Ash,9 Mill Lane,Netherford,ZE8 4QA,Yes"
    write_files(
        tmp_path,
        a=f"UPN,Surname,Forename,DOB,{COLUMNS}\n{OTIS},Cole,Otis,05/05/2013,{OLD}\n",
        b=f"UPN,Possible,Attended,{COLUMNS}\n{OTIS},104,82,{new}\n",
    )
    (hold,) = read_export(tmp_path, ON).records[OTIS].holds
    assert "one address in a.csv, row 2, and another in b.csv, row 2" in hold.detail


def test_a_contact_in_two_files_is_one_person_and_gets_one_letter(tmp_path: Path) -> None:
    both = read_two(tmp_path, OLD, "jo,ash,2 long row,,ZE8 4QT,Yes").records[OTIS].contacts
    assert [contact.address.lines for contact in both] == [("2 Long Row", "Netherford")]


def test_what_one_file_lacks_is_taken_from_the_other_and_a_warning_wherever_it_stands(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        pupils=f"{PUPIL},{COLUMNS}\n{OTIS},Cole,Otis,104,82,Jo,Ash,,,,Yes\n",
        contacts=f"{ROWS},Title,Court Order\n{OTIS},{OLD},Ms,Yes\n",
    )
    (contact,) = read_export(tmp_path, ON).records[OTIS].contacts
    assert (contact.title, contact.address.lines, contact.court_order) == ("Ms", ("2 Long Row", "Netherford"), True)


def test_two_people_of_one_name_in_one_file_stay_two(tmp_path: Path) -> None:
    other = OLD.replace("2 Long Row", "9 Mill Lane")
    write_files(
        tmp_path, pupils=f"{PUPIL}\n{OTIS},Cole,Otis,104,82\n", contacts=f"{ROWS}\n{OTIS},{OLD}\n{OTIS},{other}\n"
    )
    record = read_export(tmp_path, ON).records[OTIS]
    assert (len(record.contacts), record.holds) == (2, ())

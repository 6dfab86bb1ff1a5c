"""What two files say differently about a pupil or a contact holds the letters back, or stops the pupil."""

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


LIST = "UPN,Surname,Forename,Known As,DOB"
FIGURES = "Possible,Attended,Authorised,Unauthorised"
NIA = "F888201517103"


def read_figures(folder: Path, head: str, row: str, listed: str = "Cole,Otis,,04/05/2013") -> Outcome:
    """A list of two pupils beside figures of the first one."""
    write_files(
        folder,
        pupils=f"{LIST}\n{OTIS},{listed}\n{NIA},Cole,Nia,,04/05/2013\n",
        report=f"UPN,{head},{FIGURES}\n{OTIS},{row},104,82,8,14\n",
    )
    return read_export(folder, ON)


@pytest.mark.parametrize(
    ("listed", "told", "said"),
    [
        ("Cole,Otis,,04/05/2013", "Birch,Mai", "Find out whether both are the same child"),
        ("Cole,Otis,,04/05/2013", "Cole,Nia", "Find out whether both are the same child"),
        ("Cole,Otis,,04/05/2013", "Birch,Otis", "The pupil has one surname in pupils.csv, row 2, and another in "),
        ("Cole,Otis,,04/05/2013", "COLE,otis", ""),
        ("Cole,Otis,,04/05/2013", "Otis,Cole", ""),
        ("Cole,Otis,,04/05/2013", "Cole,O", ""),
        ("Cole,Otis,,04/05/2013", "Cole-Ash,Otis", ""),
        ("Cole,Otis,,04/05/2013", "Cole,Tammy", ""),
        ("Cole,Otis,Tammy,04/05/2013", "Cole,Tammy", ""),
        ("Nguyễn,Zoë,,04/05/2013", "Nguyen,Zoe", ""),
    ],
)
@pytest.mark.parametrize("kind", ["a report", "marks"])
def test_figures_of_another_child_are_not_written_about(
    tmp_path: Path, listed: str, told: str, said: str, kind: str
) -> None:
    """Another forename alone may be a nickname, unless another pupil of the list has it."""
    if kind == "marks":
        marks = "".join(f"{OTIS},{told},{day}/09/2026,AM,O\n{OTIS},{told},{day}/09/2026,PM,/\n" for day in range(7, 12))
        write_files(
            tmp_path,
            pupils=f"{LIST}\n{OTIS},{listed}\n{NIA},Cole,Nia,,04/05/2013\n",
            marks=f"UPN,Surname,Forename,Date,Session,Mark\n{marks}",
        )
        holds = [hold for hold in read_export(tmp_path, ON).records[OTIS].holds if hold.code == "two-names"]
    else:
        holds = list(read_figures(tmp_path, "Surname,Forename", told, listed).records[OTIS].holds)
    assert [said in hold.detail for hold in holds] == [True] * bool(said)


@pytest.mark.parametrize(
    ("heading", "day", "is_held"),
    [
        ("DOB", "05/04/2013", True),
        ("DOB", "2013-05-04", False),
        ("DOB", "", False),
        ("Date of leaving", "04/05/2028", False),
    ],
)
def test_two_birthdays_of_a_pupil_hold_the_letters(tmp_path: Path, heading: str, day: str, is_held: bool) -> None:
    assert bool(read_figures(tmp_path, heading, day).records[OTIS].holds) is is_held


def test_two_days_of_leaving_hold_the_letters(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        pupils=f"UPN,Surname,Forename,Date of leaving\n{OTIS},Cole,Otis,21/07/2027\n",
        report=f"UPN,Date of leaving,{FIGURES}\n{OTIS},23/10/2026,104,82,8,14\n",
    )
    (hold,) = read_export(tmp_path, ON).records[OTIS].holds
    assert "The pupil has one date of leaving in pupils.csv, row 2, and another in report.csv, row 2." in hold.detail


@pytest.mark.parametrize(("listed", "told"), [("No", "Yes"), ("Yes", "No"), ("", "yes")])
def test_what_protects_a_child_counts_in_whichever_file_it_stands(tmp_path: Path, listed: str, told: str) -> None:
    write_files(
        tmp_path,
        pupils=f"UPN,Surname,Forename,CP Plan,Do Not Write\n{OTIS},Cole,Otis,{listed},{listed}\n",
        report=f"UPN,CP Plan,Do Not Write,{FIGURES}\n{OTIS},{told},{told},104,82,8,14\n",
    )
    record = read_export(tmp_path, ON).records[OTIS]
    assert record.facts["child_protection_plan"] is True
    assert [hold.code for hold in record.holds] == ["letters-held"]


REPORTS = ("pupils", "october", "november")


def read_reports(folder: Path, first: str, second: str, pupils: int = 1) -> Outcome:
    """A list of pupils beside two reports with the same figures for each of them."""
    keys = [f"A{number}" for number in range(pupils)]
    write_files(
        folder,
        pupils="Adno,Surname,Forename\n" + "".join(f"{key},Cole,Otis\n" for key in keys),
        november=f"Adno,{FIGURES},From Date,To Date\n" + "".join(f"{key},{second}\n" for key in keys),
        october=f"Adno,{FIGURES},From Date,To Date\n" + "".join(f"{key},{first}\n" for key in keys),
    )
    return read_export(folder, ON)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("70,69,1,0,,", "104,82,8,14,,"),
        ("104,82,,,01/09/2026,20/11/2026", ",,8,14,12/10/2026,20/11/2026"),
    ],
)
def test_two_reports_with_other_figures_stop_the_pupil(tmp_path: Path, first: str, second: str) -> None:
    outcome = read_reports(tmp_path, first, second)
    assert outcome.records == {}
    assert any(
        "november.csv, row 2, has other figures for this pupil. Keep the file that is right." in problem
        for problem in outcome.problems
    )


@pytest.mark.parametrize("second", ["104,82,8,14,,", "104,82,,,,", "104,82,8,14,01/09/2026,20/11/2026"])
def test_two_reports_that_say_the_same_are_one(tmp_path: Path, second: str) -> None:
    outcome = read_reports(tmp_path, "104,82,8,14,,", second)
    assert outcome.problems == []
    assert outcome.records["A0"].summary.figures["sessions_attended"] == 82


def test_two_reports_about_everybody_are_one_sentence(tmp_path: Path) -> None:
    outcome = read_reports(tmp_path, "70,69,1,0,,", "104,82,8,14,,", pupils=40)
    assert outcome.is_refused
    (problem,) = outcome.problems
    assert "november.csv has other figures for 40 of the same pupils." in problem


@pytest.mark.parametrize(
    ("heading", "first", "second", "is_held", "is_written"),
    [
        ("Parental Responsibility", "Yes", "No", True, True),
        ("Parental Responsibility", "No", "TRUE", True, False),
        ("Parental Responsibility", "Yes", "", False, True),
        ("Mail", "Yes", "No", False, False),
        ("Mail", "No", "Yes", False, False),
        ("Mail", "Yes", "Yes", False, True),
        ("Court Order", "No", "Yes", True, True),
    ],
)
def test_a_contact_whom_one_file_warns_of_is_not_written_to_for_the_other(
    tmp_path: Path, heading: str, first: str, second: str, is_held: bool, is_written: bool
) -> None:
    write_files(
        tmp_path,
        pupils=f"{PUPIL},Parent Forename,Parent Surname,Parent {heading}\n{OTIS},Cole,Otis,104,82,Jo,Ash,{first}\n",
        contacts=f"UPN,Contact Forename,Contact Surname,{heading}\n{OTIS},Jo,Ash,{second}\n",
    )
    record = read_export(tmp_path, ON).records[OTIS]
    (contact,) = record.contacts
    assert bool(record.holds) is is_held
    refused = contact.receives_post is False or contact.parental_responsibility is False
    assert refused is not is_written


@pytest.mark.parametrize(("told", "is_held"), [(NIA[:-1] + "9", True), (OTIS.lower(), False), ("", False)])
def test_another_upn_under_the_same_reference_holds_the_letters(tmp_path: Path, told: str, is_held: bool) -> None:
    write_files(
        tmp_path,
        pupils=f"Adno,UPN,Surname,Forename\n411,{OTIS},Cole,Otis\n",
        report=f"Adno,UPN,{FIGURES}\n411,{told},104,82,8,14\n",
    )
    (record,) = read_export(tmp_path, ON).records.values()
    assert ["one UPN in pupils.csv" in hold.detail for hold in record.holds] == [True] * is_held


@pytest.mark.parametrize(("reference", "is_held"), [("412", True), ("411", False), ("9001", False)])
def test_a_upn_beside_another_pupils_reference_holds_the_letters(tmp_path: Path, reference: str, is_held: bool) -> None:
    """A reference that nobody of the list has is another system's."""
    write_files(
        tmp_path,
        pupils=f"Adno,UPN,Surname,Forename\n411,{OTIS},Cole,Otis\n412,{NIA},Birch,Nia\n",
        report=f"Adno,UPN,{FIGURES}\n{reference},{OTIS},104,82,8,14\n",
    )
    record = read_export(tmp_path, ON).records[OTIS]
    assert ["another pupil's reference" in hold.detail for hold in record.holds] == [True] * is_held

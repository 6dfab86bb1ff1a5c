"""Exports of kinds that an office meets beside the usual ones: read right, held, or refused in one sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from service.attendance.school import School
from service.letters.recipients import find_recipients
from tests.cohort.export_making import Outcome, read_export, write_files
from tests.cohort.test_exports import DAYS, ON, A, B, C, counts, figures, has_figures

HEAD = "UPN,Surname,Forename,Reg"
NIA, OTIS = f"{A},Birch,Nia,8A", f"{B},Cole,Otis,8B"
SUMMARY = f"{HEAD},Possible,Attended,Authorised,Unauthorised"


def read(folder: Path, **files: str) -> Outcome:
    return read_export(write_files(folder, **files), ON)


def assert_refused(outcome: Outcome, sentence: str) -> None:
    assert outcome.is_refused
    (problem,) = outcome.problems
    assert sentence in problem


def holds_of(outcome: Outcome) -> list[list[str]]:
    return [[str(hold) for hold in record.holds] for record in outcome.records.values()]


def test_headings_again_above_each_class_are_no_pupils(tmp_path):
    outcome = read(tmp_path, a=f"Class 8A\n{SUMMARY}\n{NIA},104,90,8,6\n\nClass 8B\n{SUMMARY}\n{OTIS},104,82,10,12\n")
    assert outcome.problems == []
    assert has_figures(outcome, A, 104, 90, 6)
    assert has_figures(outcome, B, 104, 82, 12)


@pytest.mark.parametrize(
    "second",
    [
        f"{HEAD},Late,Late after,Minutes late,Total\n{C},Reid,Mai,8B,3,1,40,4\n",
        f"{HEAD},Attended,Possible,Authorised,Unauthorised\n{C},Reid,Mai,8B,90,104,8,6\n",
        f"Name,Reg,Possible,Attended\nMai Reid,{C},104,90\n",
    ],
)
def test_another_table_below_the_first_is_never_read_under_its_headings(tmp_path, second):
    outcome = read(tmp_path, a=f"{SUMMARY}\n{NIA},104,90,8,6\n{OTIS},104,82,10,12\n\nFurther\n{second}")
    assert_refused(outcome, "Another table begins here: this row has other headings than the first.")
    assert "row 6" in outcome.problems[0]


def test_a_pupil_called_like_headings_is_a_pupil(tmp_path):
    outcome = read(tmp_path, a="Surname,Forename,Reg,Possible,Attended\nDay,Mark,8A,104,90\nChurch,Late,8B,104,104\n")
    assert outcome.problems == []
    assert [record.last_name for record in outcome.records.values()] == ["Day", "Church"]


def test_tables_beside_each_other_are_refused_without_advice_that_would_lose_pupils(tmp_path):
    outcome = read(tmp_path, a='Name,Att %,,Name,Att %\n"Birch, Nia",86.5,,"Reid, Mai",99\n')
    assert_refused(outcome, "Two tables stand beside each other (Name, Att % twice). Put each into a file of its own.")


def test_figures_of_mornings_and_afternoons_are_not_taken_for_the_whole(tmp_path):
    """Joined cells name the pupil in the first of two rows only."""
    outcome = read(
        tmp_path,
        a=f"UPN,Surname,Forename,Session,Possible,Attended\n{A},Birch,Nia,AM,52,45\n,,,PM,52,45\n"
        f"{B},Cole,Otis,AM,52,41\n,,,PM,52,41\n",
    )
    assert_refused(outcome, "These figures are of mornings and afternoons apart (column Session).")


@pytest.mark.parametrize("heading", ["Subject", "Lesson", "Teaching Group"])
def test_figures_of_lessons_are_not_taken_for_sessions(tmp_path, heading):
    outcome = read(tmp_path, a=f"{HEAD},{heading},Possible,Attended\n{NIA},Maths,40,30\n{OTIS},Maths,40,40\n")
    assert_refused(outcome, f"These figures are of lessons (column {heading}).")


@pytest.mark.parametrize(
    ("heading", "cell", "first", "last"),
    [
        ("Week Beginning", "16/11/2026", (2026, 11, 16), (2026, 11, 22)),
        ("W/C", "Wed 11 Nov 2026", (2026, 11, 9), (2026, 11, 15)),
        ("Month", "October", (2026, 10, 1), (2026, 10, 31)),
        ("Month", "Nov-26", (2026, 11, 1), (2026, 11, 30)),
        ("Month", "2026-11", (2026, 11, 1), (2026, 11, 30)),
        ("Month", "11", (2026, 11, 1), (2026, 11, 30)),
    ],
)
def test_figures_of_a_week_or_a_month_are_of_those_days(tmp_path, heading, cell, first, last):
    outcome = read(tmp_path, a=f"{HEAD},{heading},Possible,Attended\n{NIA},{cell},10,8\n{OTIS},{cell},10,10\n")
    assert outcome.problems == outcome.notices == []
    summary = outcome.records[A].summary
    assert (summary.period_start, summary.period_end) == (date(*first), date(*last))


def test_a_week_that_cannot_be_dated_is_never_the_whole_year(tmp_path):
    outcome = read(tmp_path, a=f"{HEAD},Week,Possible,Attended\n{NIA},12,10,8\n")
    assert outcome.records == {}
    assert "Say which days these figures are of" in outcome.problems[0]


def test_a_row_a_week_for_a_few_pupils_is_one_sentence(tmp_path):
    rows = "".join(f"{NIA},{day:%d/%m/%Y},10,{8 + n % 3}\n" for n, day in enumerate(DAYS[4::5]))
    outcome = read(tmp_path, a=f"{HEAD},Week Beginning,Possible,Attended\n{rows}")
    assert_refused(outcome, "This looks like a row for each lesson, subject or week.")


def test_dates_of_a_workbook_above_am_and_pm_beside_headings_of_one_row_are_read(tmp_path):
    workbook = openpyxl.Workbook()
    days = DAYS[-3:]
    workbook.active.append(["UPN", "Surname", "Forename", *(cell for day in days for cell in (day, None))])
    workbook.active.append([None, None, None, *("AM", "PM") * 3])
    workbook.active.append([A, "Birch", "Nia", "/", "\\", "N", "N", "/", "\\"])
    workbook.save(tmp_path / "a.xlsx")
    workbook.close()
    outcome = read_export(tmp_path, ON)
    assert outcome.problems == []
    assert counts(outcome, A) == {"/": 2, "\\": 2, "N": 2}


def test_days_without_a_year_are_of_this_school_year_where_the_weekday_fits(tmp_path):
    heads = ",".join(f"{day:%a %d %b} {half}" for day in DAYS for half in ("AM", "PM"))
    marks = ",".join("I,\\" if day == date(2026, 10, 14) else "/,\\" for day in DAYS)
    outcome = read(tmp_path, a=f"{HEAD},{heads}\n{NIA},{marks}\n")
    assert outcome.problems == []
    assert outcome.records[A].register.last == ON
    assert counts(outcome, A)["I"] == 1


@pytest.mark.parametrize("form", ["%d %b", "Fri %d %b"])
def test_a_hundred_headings_of_unknown_years_are_one_sentence(tmp_path, form):
    days = [day for day in DAYS if day.weekday() != 4]
    heads = ",".join(f"{day.strftime(form)} {half}" for day in days for half in ("AM", "PM"))
    outcome = read(tmp_path, a=f"{HEAD},{heads}\n{NIA},{',/' * len(days) * 2}\n")
    assert_refused(outcome, "The year of this heading is not known.")
    assert f"The same in {2 * len(days) - 1} more columns" in outcome.problems[0]


@pytest.mark.parametrize(
    ("heading", "cell", "is_held"),
    [
        *(
            (heading, cell, True)
            for heading in ("Status", "Enrolment Status", "Roll State")
            for cell in ("Leaver", "Left")
        ),
        ("Enrolment Status", "G", True),
        ("Enrolment Status", "Dual Subsidiary", True),
        ("Enrolment Status", "C", False),
        ("enrolmentStateName", "Single Registration", False),
        ("Status", "On Roll", False),
        ("On Roll", "No", True),
        ("On Roll", "Yes", False),
        ("Leaver", "Y", True),
        ("Leaver", "N", False),
        ("Leaving Reason", "Moved away", True),
        ("Leaving Reason", "", False),
    ],
)
def test_a_pupil_who_may_not_be_on_roll_gets_no_letter_unread(tmp_path, heading, cell, is_held):
    outcome = read(tmp_path, a=f"{HEAD},{heading},Possible,Attended\n{NIA},{cell},104,90\n")
    assert outcome.problems == []
    (held,) = holds_of(outcome)
    assert ["This may say that the pupil is not on roll here." in hold for hold in held] == [True] * is_held


@pytest.mark.parametrize(
    ("cell", "is_held"),
    [
        ("DO NOT CONTACT FATHER", True),
        ("Please don't send letters home", True),
        ("No contact with dad - court order", True),
        ("Mum passed away in May", True),
        ("Address withheld", True),
        ("Free school meals; plays the cello", False),
        ("Speaks Welsh at home; new coat", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("heading", ["Notes", "Comment", "Pastoral information"])
def test_a_remark_that_warns_holds_the_letters_whatever_its_column_is_called(tmp_path, heading, cell, is_held):
    outcome = read(tmp_path, a=f'{HEAD},Possible,Attended,{heading}\n{NIA},104,90,"{cell}"\n')
    assert bool(*holds_of(outcome)) is is_held


def test_a_remark_beside_a_contact_in_a_file_of_its_own_holds_them_too(tmp_path):
    outcome = read(
        tmp_path,
        a=f"{HEAD},Possible,Attended\n{NIA},104,90\n",
        b=f"UPN,Contact Surname,Postcode,Notes\n{A},Birch,ZE8 4QT,Do not write to this address\n",
    )
    assert ["b.csv, row 2, Notes" in hold for (hold,) in holds_of(outcome)] == [True]


def test_columns_of_mother_and_father_are_contacts(tmp_path):
    words = ",".join(f"{who} {word}" for who in ("Mother", "Father") for word in ("Name", "Address", "Postcode"))
    cells = 'Ms Jo Birch,"2 Long Row, Netherford",ZE8 4QT,Mr Al Birch,"Flat 3, 9 Beck Lane, Oxley",ZE9 9ZZ'
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,{words}\n{NIA},104,90,{cells}\n")
    assert outcome.problems == outcome.notices == []
    assert [(one.name, one.address.printed_lines) for one in outcome.records[A].contacts] == [
        ("Ms Jo Birch", ("2 Long Row", "Netherford", "ZE8 4QT")),
        ("Mr Al Birch", ("Flat 3", "9 Beck Lane", "Oxley", "ZE9 9ZZ")),
    ]


@pytest.mark.parametrize(
    ("title", "forename", "name"),
    [
        ("Mrs", "Mrs Jo", "Mrs Jo Ash"),
        ("Mrs.", "Mrs Jo", "Mrs. Jo Ash"),
        ("", "Dr Jo", "Dr Jo Ash"),
        ("Ms", "Dr Jo", "Ms Dr Jo Ash"),
        ("Miss", "Lady", "Miss Lady Ash"),
        ("Mr", "Jo Ann", "Mr Jo Ann Ash"),
    ],
)
def test_a_title_before_a_contacts_forename_is_written_once(tmp_path, title, forename, name):
    contact = f"Contact Title,Contact Forename,Contact Surname\n{NIA},104,90,{title},{forename},Ash"
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,{contact}\n")
    assert [one.name for one in outcome.records[A].contacts] == [name]


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        ("Second postcode", "postcode"),
        ("Grandparent address", "address"),
        ("Village name", "district"),
        ("Home town", "town"),
        ("Old street", "street"),
    ],
)
def test_the_advice_about_a_part_of_an_address_names_the_part(tmp_path, heading, word):
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,{heading}\n{NIA},104,90,X\n")
    assert [f'contact_1_{word} = ["{heading}"]' in hold for (hold,) in holds_of(outcome)] == [True]


@pytest.mark.parametrize(
    ("name", "first", "last", "said"),
    [
        ("BIRCH Nia", "Nia", "BIRCH", ""),
        ("Nia BIRCH", "Nia", "BIRCH", ""),
        ("VAN DER BERG Anna Maria", "Anna Maria", "VAN DER BERG", ""),
        ("McDONALD Nia", "Nia", "McDONALD", ""),
        ("WÓJCIK Łukasz", "Łukasz", "WÓJCIK", ""),
        ('"Birch, Nia"', "Nia", "Birch", ""),
        ("Nia Birch", "Nia", "Birch", "Nia Birch"),
        ("Birch Nia", "Birch", "Nia", "Birch Nia"),
    ],
)
def test_a_name_in_one_cell_is_cut_where_that_is_sure_and_else_used_whole(tmp_path, name, first, last, said):
    outcome = read(tmp_path, a=f"UPN,Student,Possible,Attended\n{A},{name},104,90\n")
    record = outcome.records[A]
    assert (record.first_name, record.last_name, record.preferred_name) == (first, last, said)
    assert any("Letters use the whole name." in line for line in outcome.notices) is bool(said)


def test_a_contact_or_another_file_says_which_word_is_the_surname(tmp_path):
    contact = "Contact Forename,Contact Surname"
    by_contact = read(tmp_path / "one", a=f"UPN,Student,Attended,Possible,{contact}\n{A},Birch Nia,90,104,Jo,Birch\n")
    by_list = read(
        tmp_path / "two", a=f"UPN,Student,Reg\n{A},Birch Nia,8A\n", b=f"{HEAD},Possible,Attended\n{NIA},104,90\n"
    )
    for outcome in (by_contact, by_list):
        record = outcome.records[A]
        assert (record.first_name, record.last_name, record.preferred_name) == ("Nia", "Birch", "")


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("Roll Call % Present", "86.5", {"attendance_percentage": 86.5}),
        ("Possible,Attended,Authorised Absent,Unauthorised Absent", "104,90,8,6", {"sessions_unauthorised": 6}),
        ("Possible,Attended,Lates (L),Lates (U)", "104,90,2,1", {"sessions_late": 2, "sessions_late_after_close": 1}),
        ("PercentagePresent", "86.5", {"attendance_percentage": 86.5}),
    ],
)
def test_further_headings_of_systems_are_known(tmp_path, head, row, expected):
    outcome = read(tmp_path, a=f"{HEAD},{head}\n{NIA},{row}\n")
    assert outcome.problems == outcome.notices == []
    assert expected.items() <= figures(outcome, A).items()


ADDRESSED = "Contact Surname,Address Line 1,Town,Postcode"


@pytest.mark.parametrize(
    "heading",
    [
        "Zip",
        "SAON",
        "Care Of",
        "Suburb",
        "Add 2",
        "Region",
        "Block",
        "Property Name",
        "Contact 1 Region",
        "Room",
        "Floor",
    ],
)
def test_a_part_of_an_address_that_is_not_understood_holds_the_letters(tmp_path, heading):
    row = f"{NIA},104,90,Birch,2 Long Row,Netherford,ZE8 4QT"
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,{ADDRESSED},{heading}\n{row},North\n")
    assert ["This looks like part of an address" in hold for (hold,) in holds_of(outcome)] == [True]


@pytest.mark.parametrize("heading", ["Room", "Block", "Unit", "Enrolment State", "Tutor Room"])
def test_a_room_beside_no_address_holds_nothing(tmp_path, heading):
    assert holds_of(read(tmp_path, a=f"{HEAD},Possible,Attended,{heading}\n{NIA},104,90,North\n")) == [[]]


@pytest.mark.parametrize(
    ("block", "is_held"),
    [
        ("2 Long Row, Netherford, ZE8 4QT", False),
        ("2 LONG ROW\nNETHERFORD", False),
        ("Flat 1, 2 Long Row, Netherford", True),
        ("9 Beck Lane, Oxley", True),
    ],
)
def test_an_address_told_in_two_ways_holds_the_letters_where_they_differ(tmp_path, block, is_held):
    row = f"{NIA},104,90,Birch,2 Long Row,Netherford,ZE8 4QT"
    outcome = read(tmp_path, a=f'{HEAD},Possible,Attended,{ADDRESSED},Address Block\n{row},"{block}"\n')
    assert ["its other columns do not have" in hold for (hold,) in filter(None, holds_of(outcome))] == [True] * is_held


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("L (12)", "L"),
        ("L:5", "L"),
        ("I - Illness", "I"),
        ("n - awaiting reason", "N"),
        ("/ - Present", "/"),
        ("LL", ""),
    ],
)
def test_a_code_with_words_or_minutes_behind_it_is_read(tmp_path, mark, code):
    rows = "".join(f"{A},{day:%d/%m/%Y},AM,{mark if day == DAYS[9] else '/'}\n" for day in DAYS)
    outcome = read(tmp_path, a=f"UPN,Date,Session,Mark\n{rows}")
    if code:
        assert outcome.problems == []
        assert chr(outcome.records[A].register.marks[(DAYS[9] - outcome.records[A].register.start).days * 2]) == code
    else:
        assert f'"{mark}" is not a register code.' in outcome.problems[0]


@pytest.mark.parametrize(
    ("heading", "cell", "is_held"),
    [
        ("Letter 1 sent", "12/10/2026", True),
        ("Letter 1 sent", "", False),
        ("Letter 1 sent", "No", False),
        ("Last Letter", "Letter 1", True),
        ("Letter Sent", "12/10/2026", True),
        ("Attendance stage", "2", True),
        ("FPN issued", "Yes", True),
        ("Key Stage", "3", False),
        ("Letter language", "Polish", False),
    ],
)
def test_a_column_that_may_say_what_was_sent_holds_the_letters(tmp_path, heading, cell, is_held):
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,{heading}\n{NIA},104,90,{cell}\n")
    assert outcome.problems == []
    assert ["This may say what was sent before" in hold for held in holds_of(outcome) for hold in held] == [
        True
    ] * is_held


STOPGAPS = ("-", "N/A", "Unknown", "TBC")
PERSON = "UPN,Surname,Forename,Reg,Known As,DOB,Date of leaving,Possible,Attended"


@pytest.mark.parametrize("stopgap", STOPGAPS)
def test_a_word_in_the_place_of_what_nobody_knows_is_empty(tmp_path, stopgap):
    row = f"{A},Birch,Nia,{stopgap},{stopgap},{stopgap},,104,90,Jo,Birch,{stopgap},{stopgap},{stopgap}"
    contact = "Contact Forename,Contact Surname,Contact Title,Salutation,Parental Responsibility"
    outcome = read(tmp_path, a=f"{PERSON},{contact}\n{row}\n")
    assert outcome.problems == []
    record = outcome.records[A]
    assert (record.registration_group, record.preferred_name, record.date_of_birth) == ("", "", None)
    (told,) = record.contacts
    assert (told.title, told.salutation, told.parental_responsibility, told.name) == ("", "", None, "Jo Birch")


@pytest.mark.parametrize("stopgap", STOPGAPS)
def test_a_stopgap_where_a_letter_would_be_stopped_stops_it(tmp_path, stopgap):
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,Court Order\n{NIA},104,90,{stopgap}\n")
    assert bool(*holds_of(outcome)) is (stopgap not in ("-", "N/A"))
    outcome = read(tmp_path / "two", a=f"{HEAD},Possible,Attended,Date of leaving\n{NIA},104,90,{stopgap}\n")
    assert bool(outcome.problems) is (stopgap not in ("-", "N/A"))


@pytest.mark.parametrize("stopgap", STOPGAPS)
def test_an_address_without_its_door_is_no_shorter_address(tmp_path, stopgap):
    head = f"{HEAD},Possible,Attended,Contact Surname,Parental Responsibility,Address Line 1,Town,Postcode"
    outcome = read(tmp_path, a=f"{head}\n{NIA},104,90,Birch,Yes,{stopgap},Netherford,ZE8 4QT\n")
    found = find_recipients(outcome.records[A], School())
    assert found.written_to == ()
    assert "one of its lines is no part of an address" in found.problems[0].detail


def test_pupils_without_a_number_are_not_the_same_pupil(tmp_path):
    outcome = read(
        tmp_path,
        a="UPN,Adno,Surname,Forename,Possible,Attended\nN/A,3411,Birch,Nia,104,90\nN/A,3412,Cole,Otis,104,90\n",
    )
    assert outcome.problems == []
    assert [record.pupil_reference for record in outcome.records.values()] == ["3411", "3412"]

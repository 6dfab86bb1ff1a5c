"""Exports in the shapes that schools really send are understood, and what was understood with a doubt is said."""

from __future__ import annotations

import tracemalloc
from datetime import date
from fractions import Fraction

import pytest

from service.cohort.columns.aliases import shipped_aliases
from service.cohort.columns.near_headings import find_near
from service.cohort.join import read_cohort
from service.cohort.marks.session_columns import read_session_column
from tests.cohort.export_making import CALENDAR, PUPILS, read_export, write_files

SUMMARY = "UPN,Surname,Forename,Poss,Attended,% Attend\n"
NAMED = "UPN;Surname;Forename\nA1;Zając;Łukasz\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_name(tmp_path, encoding, delimiter):
    folder = write_files(tmp_path, pupils=NAMED.replace(";", delimiter).encode(encoding))
    assert read_export(folder).records["A1"].first_name == "Łukasz"


def test_windows_1252_is_read_and_said(tmp_path):
    outcome = read_export(write_files(tmp_path, pupils="UPN,Surname,Forename\nA1,Peña,Zoë\n".encode("cp1252")))
    assert outcome.records["A1"].first_name == "Zoë"
    assert outcome.notices == [
        "pupils.csv: an older Windows program wrote this file; please look at names with accents."
    ]


def test_a_first_line_that_declares_the_delimiter_is_obeyed_and_not_counted(tmp_path):
    outcome = read_export(
        write_files(tmp_path, pupils="sep=;\nUPN;Surname, legal;Surname;DOB\nA1;x;Birch;31/02/2012\n")
    )
    assert outcome.problems == ["pupils.csv, row 2, DOB: Enter a real date, for example 20/11/2026 or 2026-11-20."]


def test_titles_blank_rows_totals_and_footnotes_are_no_pupils(tmp_path):
    text = (
        "Attendance Summary by Pupil\n02/09/2026 to 20/11/2026,,\n\n"
        f"{SUMMARY}A1,Birch,Nia,104,96,92.3\n\nB2,Total,Otis,104,104,100\nTotals:,,,208,200,96.2\n"
        ",Average,,104,100,96.2\nTotal for 2 pupils,,,208,200,96.2\nReport run on 20/11/2026\n"
    )
    outcome = read_export(write_files(tmp_path, summary=text))
    assert outcome.problems == []
    assert list(outcome.records) == ["A1", "B2"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [(("92.3%", "100%"), False), (("92.3", "100"), False), (("0.923", "1"), True), (("0.923", "1.0"), True)],
)
def test_percentages_are_told_from_shares_by_the_whole_column(tmp_path, cells, said):
    text = SUMMARY + "".join(f"A{n},Birch,Nia,,,{cell}\n" for n, cell in enumerate(cells))
    outcome = read_export(write_files(tmp_path, summary=text))
    found = [record.summary.figures["attendance_percentage"] for record in outcome.records.values()]
    assert found == [Fraction(923, 10), 100]
    notice = "summary.csv: column % Attend holds shares from 0 to 1, not percentages; they were multiplied by 100."
    assert outcome.notices == ([notice] if said else [])


def test_a_misspelt_heading_is_used_only_when_sure_and_always_said(tmp_path):
    text = "UPN,Surname,Forename,Poss,Unautorised Abs,Unath,Shoe size,Pupil's name\nA1,Birch,Nia,104,3,4,5,x\n"
    outcome = read_export(write_files(tmp_path, summary=text))
    assert set(outcome.records["A1"].summary.figures) == {"sessions_possible", "sessions_unauthorised"}
    assert outcome.notices[0] == (
        'summary.csv: column "Unautorised Abs" was read as "Unauthorised Abs" (sessions_unauthorised); '
        "rename it if it is something else."
    )
    assert outcome.notices[1].startswith('summary.csv: column Unath is not used. Did you mean "Unauth')
    assert "summary.csv: column Shoe size is not used." in outcome.notices


@pytest.mark.parametrize(
    "heading", ["Unauthorised", "unauthorisedabs2", "addressline6", "contact9surname", "attended", "authorisedabx"]
)
def test_a_near_heading_is_never_sure_when_digits_differ_or_the_word_is_taken(heading):
    names = shipped_aliases().names
    near = find_near(heading, heading.casefold(), names, taken={word for word, _ in names.values()})
    assert near is None or not near.is_sure


def test_a_school_adds_its_own_headings(tmp_path):
    folder = write_files(
        tmp_path,
        pupils="Our number,Kind name,Chosen\nA1,Birch,Nia\n",
        headings_toml='upn = ["Our Number"]\nlast_name = ["Kind name"]\npreferred_name = ["Chosen"]\n',
    )
    assert read_export(folder).records["A1"].last_name == "Birch"
    assert read_export(folder / "pupils.csv").records["A1"].preferred_name == "Nia"


SESSIONS = {
    "02/09/2026 AM": (date(2026, 9, 2), 0),
    "02/09/26 pm": (date(2026, 9, 2), 1),
    "2026-09-02 PM": (date(2026, 9, 2), 1),
    "2026-09-02 (AM)": (date(2026, 9, 2), 0),
    "Wed 02/09/2026 AM": (date(2026, 9, 2), 0),
    "Wed 2 Sep 2026 PM": (date(2026, 9, 2), 1),
    "2nd September 2026 AM": (date(2026, 9, 2), 0),
    "02-Sep-26 AM": (date(2026, 9, 2), 0),
    "AM 02/09/2026": (date(2026, 9, 2), 0),
}


@pytest.mark.parametrize("heading", SESSIONS)
def test_a_heading_of_wide_marks_is_a_session(heading):
    column = read_session_column(heading, 3)
    assert (column.place, column.day, column.half) == (3, *SESSIONS[heading])


@pytest.mark.parametrize(
    "heading", ["Exam", "AM", "09/02/2026/AM/PM", "31/09/2026 AM", "Team PM", "02/09/2026", "Sep AM"]
)
def test_other_headings_are_no_sessions(heading):
    column = read_session_column(heading, 0)
    assert column is None or (column.day is None and column.without_year == (0, 0, None))


def test_a_year_comes_from_the_calendar_and_the_weekday_must_fit(tmp_path):
    wide = "UPN,Wed 02 Sep AM,02/09 PM,Thu 3 Sep AM\nA1,/,\\,N\n"
    outcome = read_export(write_files(tmp_path, pupils=PUPILS, calendar=CALENDAR, wide=wide))
    marks = outcome.records["A1"].register.marks_between(date(2026, 9, 1), date(2026, 9, 30))
    assert [(mark.day.day, mark.session, mark.code) for mark in marks] == [
        (2, "AM", "/"),
        (2, "PM", "\\"),
        (3, "AM", "N"),
    ]


def test_a_day_that_two_years_of_a_calendar_hold_is_not_guessed(tmp_path):
    calendar = CALENDAR + "2027-09-01,2027-12-17,term,Autumn term\n"
    files = {"pupils": PUPILS, "calendar": calendar, "wide": "UPN,02/09 AM,Wed 02/09 PM\nA1,/,\\\n"}
    assert read_export(write_files(tmp_path, **files)).problems == [
        "wide.csv, row 1, 02/09 AM: This heading can mean 02/09/2026 or 02/09/2027. Write the year."
    ]


def test_long_and_wide_marks_are_compared_and_the_long_ones_used(tmp_path):
    outcome = read_export(
        write_files(
            tmp_path,
            pupils=PUPILS,
            marks="UPN,Date,Session,Code\nA1,02/09/2026,AM,/\nB2,02/09/2026,AM,I\n",
            wide="UPN,02/09/2026 AM,02/09/2026 PM\nA1,/,\\\nB2,I,\n",
        )
    )
    assert outcome.problems == []
    assert outcome.notices == [
        "wide.csv holds marks that marks.csv has too, for 2 pupils. They were compared; those of marks.csv are used."
    ]


def test_a_name_that_lost_letters_is_taken_from_the_file_that_has_it_right(tmp_path):
    outcome = read_export(
        write_files(
            tmp_path,
            pupils="UPN,Surname,Forename\nA1,Zaj?c,?ukasz\nB2,Zaj?c,Nia\nC3,Who?,Otis\nD4,ZajÄ…c,Ewa\n",
            summary="UPN,Surname,Forename,Poss,Attended\nA1,Zając,Łukasz,104,90\nC3,Whom,Otis,1,1\nD4,Zając,Ewa,1,1\n",
        )
    )
    assert [record.last_name for record in outcome.records.values()] == ["Zając", "Zaj?c", "Who?", "Zając"]
    assert outcome.notices == [
        "pupils.csv: letters were lost in 2 names; they were taken from summary.csv, which has them right.",
        "pupils.csv, rows 3, 4: letters of a name were lost in the export (a ? or the like). Please correct them.",
    ]


def test_names_that_another_list_lost_are_said(tmp_path):
    summary = "UPN,Surname,Forename,Poss,Attended\nA1,Zaj?c,?ukasz,104,90\n"
    outcome = read_export(write_files(tmp_path, pupils=NAMED, summary=summary))
    assert outcome.records["A1"].first_name == "Łukasz"
    assert outcome.notices == ["summary.csv: letters were lost in 1 name; those of pupils.csv are used."]


CONTACTS = {
    "rows of their own": {
        "pupils": PUPILS,
        "contacts": "UPN,Title,Forename,Surname,Relationship,Address Line 1,Town,Post Code\n"
        "A1,Mrs,Siân,Birch,Mother,12 Long Row,Oxley,ZE9 9ZZ\n",
    },
    "rows of their own that name the pupil too": {
        "pupils": PUPILS,
        "contacts": "UPN,Surname,Forename,Contact Title,Contact Forename,Contact Surname,Relationship,"
        "Address Line 1,Address Line 2,Postcode\nA1,Birch,Nia,Mrs,Siân,Birch,Mother,12 Long Row,Oxley,ZE9 9ZZ\n",
    },
    "columns beside the pupil": {
        "pupils": "UPN,Name,Priority 1 Contact,Priority 1 Contact Relationship,House No,Street,Town,Postcode\n"
        'A1,"BIRCH, Nia",Mrs Siân Birch,Mother,12,Long Row,Oxley,ZE9 9ZZ\n'
    },
}


@pytest.mark.parametrize("shape", CONTACTS)
def test_contacts_come_in_rows_or_in_columns(tmp_path, shape):
    outcome = read_export(write_files(tmp_path, **CONTACTS[shape]))
    assert outcome.problems == []
    (contact,) = outcome.records["A1"].contacts
    assert (contact.name, contact.relationship) == ("Mrs Siân Birch", "Mother")
    assert contact.address.printed_lines == ("12 Long Row", "Oxley", "ZE9 9ZZ")


def test_a_joint_name_of_parents_stays_whole(tmp_path):
    text = "UPN,Surname,Forename,Priority 1 Contact,Priority 2 Contact\nA1,Birch,Nia,Mr & Mrs Birch,Reid Cai\n"
    contacts = read_export(write_files(tmp_path, pupils=text)).records["A1"].contacts
    assert [contact.name for contact in contacts] == ["Mr & Mrs Birch", "Reid Cai"]


def test_a_list_without_names_adds_to_the_pupils(tmp_path):
    flags = "UPN,Child In Need,Favourite colour\nA1,yes,green\n"
    outcome = read_export(write_files(tmp_path, pupils=PUPILS, flags=flags))
    assert outcome.records["A1"].facts == {"child_in_need": True}
    assert outcome.notices == ["flags.csv: column Favourite colour is not used."]


def test_a_column_of_another_kind_of_table_is_not_used_and_said(tmp_path):
    outcome = read_export(write_files(tmp_path, pupils="UPN,Surname,Time,Notes\nA1,Birch,9:00,x\n"))
    assert list(outcome.records) == ["A1"]
    assert outcome.notices == ["pupils.csv: columns Time and Notes are not used."]


def test_250_columns_of_sessions_are_read(tmp_path):
    days = [date.fromordinal(date(2026, 9, 2).toordinal() + n) for n in range(125)]
    heads = ",".join(f"{day:%d/%m/%Y} {half}" for day in days for half in ("AM", "PM"))
    outcome = read_export(write_files(tmp_path, pupils=PUPILS, wide=f"UPN,{heads}\nA1{',/' * 250}\n"))
    assert outcome.records["A1"].register.marks.count(b"/") == 250


def test_the_memory_for_marks_grows_far_less_than_their_file(tmp_path):
    _write_marks(tmp_path / "short", days=60)
    _write_marks(tmp_path / "long", days=120)
    read_cohort(write_files(tmp_path, pupils=PUPILS))  # what is read once and kept is read here
    (few, less), (many, more) = (_count_in_memory(tmp_path / name) for name in ("short", "long"))
    assert (few, many) == (60_000, 120_000)
    short, long = ((tmp_path / name / "marks.csv").stat().st_size for name in ("short", "long"))
    assert more - less < (long - short) / 8


def _write_marks(folder, days):
    folder.mkdir()
    dates = [f"{date.fromordinal(date(2026, 9, 2).toordinal() + n):%d/%m/%Y}" for n in range(days)]
    with (folder / "marks.csv").open("w", encoding="utf-8") as file:
        file.write("UPN,Date,Session,Code\n")
        for pupil in range(500):
            file.writelines(f"P{pupil},{day},{half},/\n" for day in dates for half in ("AM", "PM"))
    (folder / "pupils.csv").write_text("UPN,Surname\n" + "".join(f"P{n},Birch\n" for n in range(500)))


def _count_in_memory(folder):
    """The marks of an export, and the most memory that reading them took."""
    tracemalloc.start()
    marks = sum(row.record.register.marks.count(b"/") for row in read_cohort(folder).pupils)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return marks, peak


def test_files_that_know_only_the_reference_join_the_pupils_that_have_both(tmp_path):
    outcome = read_export(
        write_files(
            tmp_path,
            pupils="UPN,Adno,Surname\nA1,007,Birch\nB2,008,Cole\nC3,,Reid\n",
            marks="Adno,Date,Session,Code\n007,02/09/2026,AM,/\n008,02/09/2026,AM,N\n007,02/09/2026,PM,\\\n",
            wide="Adno,03/09/2026 AM\n008,I\n",
            history="Adno,Date,Event\n008,04/09/2026,letter_1\n",
            summary="Adno,Spells\n007,2\n",
        )
    )
    assert outcome.problems == []
    assert outcome.records["A1"].register.marks.strip(b"\0") == b"/\\"
    assert outcome.records["B2"].register.marks.count(b"I") == 1
    assert [event.event for event in outcome.records["B2"].history] == ["letter_1"]


def test_a_reference_that_two_pupils_share_joins_neither(tmp_path):
    files = {
        "pupils": "UPN,Adno,Surname\nA1,007,Birch\nB2,007,Cole\n",
        "marks": "Adno,Date,Session,Code\n007,02/09/2026,AM,/\n",
    }
    outcome = read_export(write_files(tmp_path, **files))
    assert outcome.problems == ["marks.csv, row 2: These marks belong to a pupil who is not in the list of pupils."]


def test_files_that_belong_to_programs_and_schools_are_left_alone(tmp_path):
    folder = write_files(tmp_path, pupils=PUPILS, logo_png=b"\x89PNG", school_toml="x = 1")
    (folder / "~$book.xlsx").write_bytes(b"lock")
    (folder / ".hidden.csv").write_bytes(b"")
    outcome = read_export(folder)
    assert (outcome.problems, outcome.notices) == ([], [])

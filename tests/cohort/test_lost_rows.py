"""No row is lost without a word: each ends as a pupil, as a sentence about its row, or as one of those left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.attendance.words import EVENTS
from service.cohort.event_rows import Past
from service.cohort.files import open_files
from service.cohort.pupil_tables import find_people
from service.cohort.pupils import read_pupils
from service.cohort.share import EVERYBODY
from service.cohort.workbook.cells import Cell, say_cell
from service.cohort.workbook.parts import MAC_EPOCH, WorkbookParts
from service.errors import Problem
from tests.cohort.export_making import Outcome, read_export, write_files

ON = date(2026, 11, 20)
CANARY = "Canaryname"
HEADINGS = "Pupil reference,Surname,Forename,Possible,Attended,Authorised,Unauthorised"
PEOPLE = "Pupil reference,Surname,Forename\nA1,Ash,Jo\n"
MARKS = "Pupil reference,Date,Session,Code\n"


def read(folder: Path, **files: str | list[list[object]]) -> Outcome:
    return read_export(write_files(folder, **files), ON)


def marks(*rows: str) -> str:
    return MARKS + "".join(f"{row}\n" for row in rows)


def test_two_rows_put_together_are_told_and_decide_nothing(tmp_path: Path) -> None:
    found = read(
        tmp_path, pupils=f"{HEADINGS}\nA1,Ash,Jo,104,90,7,7,B2,Birch,Nia,104,80,12,12\nC3,Cole,Kit,104,104,0,0\n"
    )
    assert list(found.records) == ["C3"]
    assert found.problems == [
        "pupils.csv, row 2: This row has 14 cells under 7 headings. Look for a missing line end or a comma that is not "
        "in quotation marks, and correct the row."
    ]


def test_empty_cells_at_the_end_of_a_row_are_no_cells_too_many(tmp_path: Path) -> None:
    found = read(tmp_path, pupils=f"{HEADINGS}\nA1,Ash,Jo,104,90,7,7,,,\n")
    assert (list(found.records), found.problems) == (["A1"], [])


def test_a_remark_beside_the_table_of_a_workbook_shifts_nothing(tmp_path: Path) -> None:
    rows = [HEADINGS.split(","), ["A1", "Ash", "Jo", 104, 90, 7, 7, "ask mum"]]
    found = read(tmp_path, pupils_xlsx=rows)
    assert (list(found.records), found.problems) == (["A1"], [])
    assert found.notices[0] == "pupils.xlsx, sheet Sheet1, row 2: cells that stand under no heading are not used."


def test_marks_put_together_stop_their_pupil(tmp_path: Path) -> None:
    two = "A1,2026-09-07,AM,O,A1,2026-09-07,PM,O"
    found = read(tmp_path, pupils=PEOPLE, marks=marks("A1,2026-09-08,AM,/", two, "A1,2026-09-08,PM,/"))
    assert found.records == {}
    assert found.problems[0].startswith("marks.csv, row 3: This row has 8 cells under 4 headings.")


def test_an_event_put_together_with_another_stops_its_pupil(tmp_path: Path) -> None:
    history = "Pupil reference,On,Event\nA1,2026-09-28,letter_1,A1,2026-10-22,letter_2\n"
    found = read(tmp_path, pupils=PEOPLE, history=history)
    assert found.records == {}
    assert found.problems[0].startswith("history.csv, row 2: This row has 6 cells under 3 headings.")


def test_a_row_that_ends_before_its_code_is_told_with_every_row(tmp_path: Path) -> None:
    found = read(tmp_path, pupils=PEOPLE, marks=marks("A1,2026-09-07,AM,/", "A1,2026-09-07,PM", "A1,2026-09-08,AM"))
    assert found.records == {}
    assert found.problems == [
        "marks.csv, row 3, Code: This row ends before its code. Enter the code, or delete the row. The same in row 4."
    ]


def test_marks_that_nobody_has_taken_are_counted_aloud(tmp_path: Path) -> None:
    found = read(tmp_path, pupils=PEOPLE, marks=marks("A1,2026-09-07,AM,/", "A1,2026-09-07,PM,", "A1,2026-09-08,AM,"))
    assert (list(found.records), found.problems) == (["A1"], [])
    assert found.notices[0] == "marks.csv: 2 rows have no code; these marks are missing and are not counted."


def test_a_day_still_to_come_needs_no_code(tmp_path: Path) -> None:
    found = read(tmp_path, pupils=PEOPLE, marks=marks("A1,2026-09-07,AM,/", "A1,2026-11-23,AM,"))
    assert (list(found.records), found.problems) == (["A1"], [])


def test_pupils_above_the_headings_are_told_one_by_one(tmp_path: Path) -> None:
    found = read(tmp_path, pupils=f"Attendance report\nA1,Ash,Jo,104,90,7,7\n{HEADINGS}\nC3,Cole,Kit,104,104,0,0\n")
    assert list(found.records) == ["C3"]
    assert found.problems == [
        "pupils.csv, row 2: This row stands above the headings and is not used. Move the headings to the first row."
    ]


def test_a_row_above_the_headings_that_says_not_whose_it_is_is_told_with_the_others(tmp_path: Path) -> None:
    rows = f"nobody,Ash,Jo,104,90,7,7\nA1,Birch,Nia,104,90,7,7\n{HEADINGS}\nC3,Cole,Kit,104,104,0,0\n"
    found = read(tmp_path, pupils=rows)
    assert [problem.partition(":")[0] for problem in found.problems] == ["pupils.csv, row 1", "pupils.csv, row 2"]


def test_an_event_above_the_headings_is_told_even_without_a_pupil(tmp_path: Path) -> None:
    history = ",2026-10-05,letter_1\nPupil reference,On,Event\nA1,2026-09-28,letter_1\n"
    found = read(tmp_path, pupils=PEOPLE, history=history)
    assert [problem.partition(":")[0] for problem in found.problems] == ["history.csv, row 1"]


@pytest.mark.parametrize("row", ["Jo,Ash,A1,104,90,7,7", "A1,Ash"], ids=["its cells shuffled", "cut short"])
def test_a_damaged_row_above_the_headings_is_told(row: str, tmp_path: Path) -> None:
    found = read(tmp_path, pupils=f"{row}\n{HEADINGS}\nC3,Cole,Kit,104,104,0,0\n")
    assert list(found.records) == ["C3"]
    assert found.problems == [
        "pupils.csv, row 1: This row stands above the headings and is not used. Move the headings to the first row."
    ]


@pytest.mark.parametrize("row", ["21/10/2026,C3", "x,C3,"], ids=["a day and whose it was", "whose it was"])
def test_what_is_left_of_a_row_above_the_headings_is_told_where_it_names_a_pupil(row: str, tmp_path: Path) -> None:
    found = read(tmp_path, pupils=f"{row}\n{HEADINGS}\nC3,Cole,Kit,104,104,0,0\n")
    assert [problem.partition(":")[0] for problem in found.problems] == ["pupils.csv, row 1"]


def test_a_year_among_titles_is_no_pupil_of_that_number(tmp_path: Path) -> None:
    found = read(tmp_path, pupils=f"Attendance,2026\n{HEADINGS}\n2026,Cole,Kit,104,104,0,0\n")
    assert (list(found.records), found.problems) == (["2026"], [])


def test_titles_above_the_headings_are_no_rows(tmp_path: Path) -> None:
    titles = "Weir Lane School,Attendance,2026/27\nYear 8,Autumn 2026\n"
    found = read(tmp_path, pupils=f"{titles}{HEADINGS}\nC3,Cole,Kit,104,104,0,0\n")
    assert (list(found.records), found.problems) == (["C3"], [])


def test_rows_above_headings_at_the_very_end_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, pupils=f"C3,Cole,Kit,104,104,0,0\nA1,Ash,Jo,104,90,7,7\n{HEADINGS}\n")
    assert [problem.partition(":")[0] for problem in found.problems] == ["pupils.csv, row 1", "pupils.csv, row 2"]


def test_headings_below_many_rows_are_named(tmp_path: Path) -> None:
    rows = "".join(f"A1,{day:02}/09/2026,AM,/\n" for day in range(1, 31)) + "A1,01/10/2026,AM,/\n"
    found = read(tmp_path, pupils=PEOPLE, marks=rows + MARKS)
    assert found.problems == [
        "marks.csv: The headings stand in row 32. Move them to the first row: rows above the headings are not used."
    ]


def test_a_column_without_a_heading_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, pupils="Pupil reference,,Forename\nA1,Ash,Jo\nB2,,Nia\n")
    assert "pupils.csv, row 2: cells that stand under no heading are not used." in found.notices


def test_a_row_joined_to_another_in_a_workbook_stops_its_pupil(tmp_path: Path) -> None:
    rows = [
        HEADINGS.split(","),
        ["A1", "Ash", "Jo", 104, 90, 7, 7, "B2", "Birch", "Nia", 104, 80],
        ["C3", "Cole", "Kit"],
    ]
    found = read(tmp_path, pupils_xlsx=rows)
    assert list(found.records) == ["C3"]
    assert found.problems == [
        "pupils.xlsx, sheet Sheet1, row 2: Beside the table this row has cells like those of another row. Put them "
        "into a row of their own, or delete them."
    ]


def test_a_table_that_falls_into_rows_of_one_cell_is_not_read_to_its_end(tmp_path: Path) -> None:
    rows = "A1,Ash,Jo\n" + "\\\n" * 20_001
    found = read(tmp_path, pupils=PEOPLE.partition("A1")[0] + rows + rows)
    assert found.records == {}
    assert found.problems == [
        "pupils.csv, row 20003: Check that this is the right file, and export it again: under 3 headings, more than "
        "20,000 rows have one cell only."
    ]


def test_two_rows_of_contacts_that_ran_together_stop_their_pupil(tmp_path: Path) -> None:
    contacts = "Pupil reference,Contact forename,Contact surname,Relationship\nA1,Ann,B2,Ben\n"
    found = read(tmp_path, pupils=f"{PEOPLE}B2,Birch,Nia\n", contacts=contacts)
    assert list(found.records) == ["B2"]
    assert found.problems == [
        "contacts.csv, row 2: A pupil's identifier stands here where a name should: two rows have run together. Put "
        "each into a row of its own."
    ]


@pytest.mark.parametrize("row", ["A1,,,did_not_attend,", "A1,,,,JM"])
def test_an_event_without_day_and_name_is_told_where_it_says_how_it_went(row: str, tmp_path: Path) -> None:
    found = read(tmp_path, pupils=PEOPLE, history=f"Pupil reference,On,Event,Outcome,By\n{row}\n")
    assert found.records == {}
    assert found.problems == ["history.csv, row 2, Event: Say what was done and on which day, or delete this row."]


def test_an_event_whose_cells_were_pushed_aside_is_told(tmp_path: Path) -> None:
    history = "Pupil reference,On,Event\n,,,A1,2026-10-05,letter_1\n"
    found = read(tmp_path, pupils=PEOPLE, history=history)
    assert found.problems == ["history.csv, row 2, Pupil reference: Say which pupil this row belongs to."]


@pytest.mark.parametrize("key", ["#REF!", "Z9"])
def test_a_damaged_row_about_nobody_in_the_list_is_told(tmp_path: Path, key: str) -> None:
    history = f"Pupil reference,On,Event\n{key},2026-09-28,letter_1,A1,2026-10-05,letter_2\n"
    found = read(tmp_path, pupils=PEOPLE, history=history)
    assert found.problems[0].startswith("history.csv, row 2: This row has 6 cells under 3 headings.")


def test_the_error_of_a_formula_in_the_place_of_the_pupil_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, pupils=PEOPLE, history="Pupil reference,On,Event\n#N/A,2026-09-28,letter_1\n")
    assert found.problems == [
        "history.csv, row 2, Pupil reference: This cell shows the error #N/A. Correct it in the spreadsheet."
    ]


def test_every_row_of_a_pupil_who_is_not_listed_is_told(tmp_path: Path) -> None:
    history = "Pupil reference,On,Event\nZ9,2026-09-28,letter_1\nA1,2026-09-28,letter_1\nZ9,2026-10-05,letter_2\n"
    found = read(tmp_path, pupils=PEOPLE, history=history)
    assert found.problems == [
        "history.csv, row 2, Pupil reference: This belongs to a pupil who is not in the list of pupils. The same in "
        "row 4."
    ]


@pytest.mark.parametrize("surname", ["Mean-Jones", "Total-Smith", "Sum-Li"])
def test_a_surname_that_begins_like_a_total_is_a_pupils(tmp_path: Path, surname: str) -> None:
    headings = "Surname,Pupil reference,Forename,Possible,Attended,Authorised,Unauthorised"
    found = read(
        tmp_path, pupils=f"{headings}\nAsh,A1,Jo,104,90,7,7\n{surname},,Ada,104,50,27,27\nTotal,,,208,140,34,34\n"
    )
    assert list(found.records) == ["A1"]
    assert [problem.partition(":")[0] for problem in found.problems] == ["pupils.csv, row 3, upn"]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_the_error_of_a_formula_is_never_a_name_or_an_address(tmp_path: Path, error: str) -> None:
    found = read(tmp_path, pupils=f"{HEADINGS}\nA1,{error},Jo,104,90,7,7\n")
    assert found.records == {}
    assert found.problems == [
        f"pupils.csv, row 2, Surname: This cell shows the error {error}. Correct it in the spreadsheet."
    ]


def test_a_sheet_that_a_workbook_lists_and_does_not_hold_refuses_it(tmp_path: Path) -> None:
    path = write_files(tmp_path, book_xlsx=[HEADINGS.split(","), ["A1", "Ash", "Jo", 104, 90, 7, 7]]) / "book.xlsx"
    with ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist() if "worksheets/" not in name}
    with ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    found = read_export(path, ON)
    assert found.problems == [
        "book.xlsx: This workbook lists the sheet Sheet1, but does not hold it. Open it in Excel and save it again."
    ]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Cell("s", text="7"), "#REF!"),
        (Cell("inlineStr", text="1 Row_x000D_\nTown"), "1 Row\nTown"),
        (Cell("inlineStr", text="_x0041_sh"), "Ash"),
        (Cell("n", text="2958465"), "2958465"),
    ],
)
def test_a_cell_that_a_workbook_writes_oddly_is_read_or_shown_as_an_error(cell: Cell, said: str) -> None:
    assert say_cell(cell, WorkbookParts((), [], ("date",), MAC_EPOCH)) == said


ROWS = [f"P{number},Ash,Jo,104,{104 - number},{number},0" for number in range(1, 8)]
CHANGES = ("nothing", "dropped", "doubled", "merged", "without a cell", "without an identifier")


@given(st.lists(st.sampled_from(CHANGES), min_size=len(ROWS), max_size=len(ROWS)))
def test_every_row_of_a_damaged_export_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, changes: list[str]
) -> None:
    lines: list[str] = []
    for row, change in zip(ROWS, changes, strict=True):
        kept = {"dropped": [], "doubled": [row, row], "without an identifier": [row[row.index(",") :]]}
        kept |= {"merged": [f"{row},{row}"], "without a cell": [row.rpartition(",")[0]]}
        lines += kept.get(change, [row])
    folder = tmp_path_factory.mktemp("damaged")
    found = read(folder, pupils="\n".join([HEADINGS, *lines]) + "\n")
    for number, line in enumerate(lines, 2):
        told = any(f"row {number}" in problem for problem in found.problems)
        assert told or line.partition(",")[0] in found.records, (number, line, found.problems)


class BrokenHolds(dict[str, list[Problem]]):
    """What keeps letters back, failing for one pupil with a child's name in the text of the exception."""

    def get(self, key: str, default: object = None) -> object:
        if key == "B2":
            raise ZeroDivisionError(CANARY)
        return super().get(key, default)


def test_a_fault_that_nobody_foresaw_costs_one_row_and_tells_nobodys_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    people = f"Pupil reference,Surname,Forename\nA1,Ash,Jo\nB2,{CANARY},Kit\nC3,Cole,Ada\n"
    files = open_files(write_files(tmp_path, pupils=people))
    days = MarkDays(SchoolCalendar(), ON)
    pupils = read_pupils(files, find_people(files), days, frozenset(EVENTS), Past())
    pupils.parts.holds = BrokenHolds()
    rows = [row for _, row in pupils.read(EVERYBODY)]
    assert [row.number for row in rows if row.record] == [2, 4]
    (problem,) = rows[1].problems
    assert (rows[1].number, problem.code) == (3, "unexpected-error")
    assert problem.detail.rpartition(" ")[2].strip(".") in caplog.text
    assert CANARY not in caplog.text + problem.detail


@pytest.mark.parametrize("figure", ["²", "1²", "½", "9" * 4_301], ids=["²", "1²", "½", "4,301 digits"])
def test_a_figure_in_other_digits_costs_its_pupil_alone(figure: str, tmp_path: Path) -> None:
    rows = f"A1,Ash,Jo,104,{figure},1\nB2,Birch,Nia,104,96,1\n"
    headings = "UPN,Surname,Forename,sessions_possible,sessions_present,sessions_approved"
    found = read(tmp_path, pupils=f"{headings}\n{rows}")
    assert list(found.records) == ["B2"]
    assert found.problems[0].startswith("pupils.csv, row 2, sessions_present: Enter a")


@pytest.mark.parametrize(
    ("table", "unused"),
    [
        (
            {"history": "UPN,On,Event,AM,P1,Possible\nA1,05/10/2026,letter_1,/,x,104\n"},
            "columns AM, Possible and P1 are",
        ),
        ({"judgements": "UPN,Word,Answer,Date\nA1,parent_engaged,yes,1/9/2026\n"}, "column Date is"),
        ({"marks": "UPN,Date,Session,Code,Place\nA1,07/09/2026,AM,O,hall\n"}, "column Place is"),
        ({"calendar": "From,To,Kind,Answer\n02/09/2026,18/12/2026,term,yes\n"}, "column Answer is"),
        ({"contacts": "UPN,Contact Forename,Contact Surname,Mon AM\nA1,Ann,Ash,/\n"}, "column Mon AM is"),
    ],
    ids=["history", "judgements", "marks", "calendar", "contacts"],
)
def test_a_column_that_another_kind_of_table_needs_is_said_to_be_unused(
    tmp_path: Path, table: dict[str, str], unused: str
) -> None:
    (name,) = table
    people = "UPN,Surname,Forename,Possible,Attended\nA1,Ash,Jo,104,90\n"
    assert f"{name}.csv: {unused} not used." in read(tmp_path, pupils=people, **table).notices

"""An invented school written in any shape is read back as the same records."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cohort.export_making import read_export, write_workbook

FIRST = date(2026, 9, 7)
NAMES = st.sampled_from(["Łukasz", "Zoë", "Nguyễn", "O'Shea", "Smythe-Cole", 'Nia "Nee"', "Seán, Jr", "李", "=1+1"])
WESTERN_NAMES = st.sampled_from(["Zoë", "O'Shea", "Smythe-Cole", "Seán", "Nia; Mei"])
CODES = st.sampled_from(["/", "\\", "L", "I", "N", "O", "C1", "#", ""])
DATE_SHAPES = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y")
HEADINGS = {
    "upn": ("upn", "UPN", "Unique Pupil Number"),
    "last_name": ("last_name", "Surname", "Legal Surname"),
    "first_name": ("first_name", "Forename", "Given Name"),
    "date_of_birth": ("date_of_birth", "DOB", "D.O.B."),
    "registration_group": ("registration_group", "Reg", "Tutor Group"),
}
TITLES = (["Attendance report"], ["School", "Weir Lane School"], [])


@st.composite
def schools(draw: st.DrawFn) -> dict:
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]))
    names = WESTERN_NAMES if encoding == "cp1252" else NAMES
    sessions = [(FIRST + timedelta(days=day), half) for day in range(draw(st.integers(1, 4))) for half in ("AM", "PM")]
    pupils = [
        {
            "upn": f"Z{number:03d}",
            "last_name": draw(names),
            "first_name": draw(names),
            "date_of_birth": date(2012, 1, 1) + timedelta(days=draw(st.integers(0, 1500))),
            "registration_group": draw(st.sampled_from(["7A", "10", "Year 8 Red"])),
            "marks": {session: draw(CODES) for session in sessions},
        }
        for number in range(draw(st.integers(1, 4)))
    ]
    return {
        "pupils": pupils,
        "sessions": sessions,
        "encoding": encoding,
        "delimiter": draw(st.sampled_from(",;\t|")),
        "date_shape": draw(st.sampled_from(DATE_SHAPES)),
        "titles": draw(st.lists(st.sampled_from(TITLES), max_size=3)),
        "total": draw(st.booleans()),
        "columns": draw(st.permutations(list(HEADINGS))),
        "headings": {word: draw(st.sampled_from(names)) for word, names in HEADINGS.items()},
        "is_wide": draw(st.booleans()),
        "is_workbook": draw(st.booleans()),
        "newline": draw(st.sampled_from(["\n", "\r\n"])),
    }


def pupil_rows(school: dict) -> list[list[object]]:
    heads = [school["headings"][word] for word in school["columns"]]
    rows = [[pupil[word] for word in school["columns"]] for pupil in school["pupils"]]
    total = [["Total", *[""] * (len(heads) - 2), str(len(rows))]] if school["total"] and heads[0] != "" else []
    first_is_upn = school["columns"][0] == "upn"
    return [*school["titles"], heads, *rows, *(total if first_is_upn else [])]


def mark_rows(school: dict) -> list[list[object]]:
    upn = school["headings"]["upn"]
    if school["is_wide"]:
        heads = [f"{day.strftime(school['date_shape'])} {half}" for day, half in school["sessions"]]
        return [[upn, *heads], *([pupil["upn"], *pupil["marks"].values()] for pupil in school["pupils"])]
    rows = [
        [pupil["upn"], day, half, code] for pupil in school["pupils"] for (day, half), code in pupil["marks"].items()
    ]
    return [*school["titles"], [upn, "Date", "AM/PM", "Mark"], *rows]


def write_text(path: Path, rows: list[list[object]], school: dict) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=school["delimiter"], lineterminator=school["newline"])
    for row in rows:
        writer.writerow([cell.strftime(school["date_shape"]) if isinstance(cell, date) else cell for cell in row])
    path.write_bytes(text.getvalue().encode(school["encoding"]))


def write_school(folder: Path, school: dict) -> Path:
    tables = {"pupils": pupil_rows(school), "marks": mark_rows(school)}
    if school["is_workbook"]:
        safe = {name: [[plain(cell) for cell in row] for row in rows] for name, rows in tables.items()}
        return write_workbook(folder / "book.xlsx", safe)
    for name, rows in tables.items():
        write_text(folder / f"{name}.csv", rows, school)
    return folder


def plain(cell: object) -> object:
    """What openpyxl would take for a formula, as a text."""
    return cell.replace("=1+1", "1+1") if isinstance(cell, str) else cell or None


def expected(school: dict, word: str, pupil: dict) -> object:
    value = pupil[word]
    return plain(value) if school["is_workbook"] and isinstance(value, str) else value


@settings(max_examples=150, deadline=None)
@given(schools())
def test_a_school_in_any_shape_is_read_back_as_it_was(school):
    with TemporaryDirectory() as folder:
        outcome = read_export(write_school(Path(folder), school))
    assert outcome.problems == []
    assert list(outcome.records) == [pupil["upn"] for pupil in school["pupils"]]
    for pupil in school["pupils"]:
        record = outcome.records[pupil["upn"]]
        for word in HEADINGS:
            assert getattr(record, word) == expected(school, word, pupil)
        register = record.register
        found = register.marks_between(FIRST, FIRST + timedelta(days=9)) if register else ()
        marks = {(mark.day, mark.session): mark.code for mark in found}
        assert marks == {session: code for session, code in pupil["marks"].items() if code}

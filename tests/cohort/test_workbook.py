"""Workbooks are read like text files, and nothing in one can cost more than its cells."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from service.cohort.workbook import gate as workbook_gate
from service.cohort.workbook.workbook import read_workbook
from tests.cohort.export_making import PUPILS, read_export, write_files, write_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PUPIL_ROWS: list[list[object]] = [["UPN", "Surname", "Forename"], ["A1", "Birch", "Nia"], ["B2", "Cole", "Otis"]]


def rows_of(path: Path, sheet: int = 0) -> list[list[str]]:
    return list(read_workbook(path, [])[sheet].rows())


def change_parts(path: Path, **changes: tuple[str, str]) -> Path:
    """The workbook with texts in its parts replaced; a part is named by its file's stem."""
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            old, new = changes.get(Path(name).stem, ("", ""))
            assert not old or old in content.decode()
            package.writestr(name, content.decode().replace(old, new) if old else content)
    return path


def add_part(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return path


def test_cells_are_the_texts_that_a_csv_export_would_hold(tmp_path):
    cells: list[object] = [
        "Zając",
        7777.0,
        0.923,
        92.3,
        True,
        date(2026, 9, 2),
        datetime(2026, 9, 2, 9, 30),
        time(9, 30),
        None,
        1e15,
        "007",
    ]
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": [cells]}, {"C": "0.0%"})
    assert rows_of(path) == [
        [
            "Zając",
            "7777",
            "92.3%",
            "92.3",
            "true",
            "2026-09-02",
            "2026-09-02 09:30",
            "09:30",
            "",
            "1000000000000000",
            "007",
        ]
    ]


def test_a_serial_number_shown_as_a_date_is_that_day_also_in_the_calendar_of_1904(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": [[46267]]}, {"A": "dd/mm/yyyy"})
    assert rows_of(path) == [["2026-09-02"]]
    change_parts(path, workbook=("<workbookPr/>", '<workbookPr date1904="1"/>'))
    assert rows_of(path) == [["2030-09-03"]]


def test_each_sheet_counts_as_a_file_and_hidden_ones_are_left_out(tmp_path):
    marks = [["UPN", "Date", "Session", "Code"], ["A1", date(2026, 9, 2), "AM", "/"], ["B2", "02/09/2026", "PM", "ZZ"]]
    last_year = [["UPN", "Surname", "Possible", "Attended"], ["Z9", "Old", 380, 300]]
    sheets = {"Pupils": PUPIL_ROWS, "Last year": last_year, "Marks": marks, "Notes": []}
    path = write_workbook(tmp_path / "book.xlsx", sheets)
    change_parts(path, workbook=('sheetId="2" state="visible"', 'sheetId="2" state="veryHidden"'))
    outcome = read_export(path)
    assert outcome.records["A1"].register is not None
    assert "Z9" not in outcome.records
    assert outcome.problems == ['book.xlsx, sheet Marks, row 3, Code: "ZZ" is not a register code.']
    assert outcome.notices == [
        "book.xlsx, sheet Last year: this sheet is hidden and is not read. Show it if it belongs to the export.",
        "book.xlsx, sheet Notes: there is nothing in it.",
    ]


def hide_rows(path, sheet, *rows):
    workbook = openpyxl.load_workbook(path)
    for row in rows:
        workbook[sheet].row_dimensions[row].hidden = True
    workbook.save(path)
    workbook.close()


def test_rows_that_a_filter_hides_are_left_out_and_counted(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS})
    hide_rows(path, "Sheet1", 3)
    outcome = read_export(path)
    assert list(outcome.records) == ["A1"]
    assert outcome.notices == [
        "book.xlsx, sheet Sheet1: 1 row is hidden or filtered out, and left out here. "
        "Show all rows if they belong to it."
    ]


def test_a_hidden_row_of_contacts_holds_the_letters_of_its_pupil(tmp_path):
    contacts = [["UPN", "Contact Surname", "Relationship"], ["A1", "Birch", "Mother"], ["A1", "Cole", "Father"]]
    path = write_workbook(tmp_path / "book.xlsx", {"Pupils": PUPIL_ROWS, "Contacts": contacts})
    hide_rows(path, "Contacts", 3)
    records = read_export(path).records
    assert len(records["A1"].contacts) == 1
    assert [str(hold) for hold in records["A1"].holds] == [
        "book.xlsx, sheet Contacts, row 3: A row about this pupil is hidden or filtered out. Show it, or delete it."
    ]
    assert records["B2"].holds == ()


def test_blank_rows_keep_the_numbers_of_the_spreadsheet(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": [["School"], [], *PUPIL_ROWS, [], ["C3", None, None]]})
    assert read_export(path).problems == ["book.xlsx, sheet Sheet1, row 7, Surname: Enter the pupil's name."]


def test_a_formula_without_a_value_is_named_by_row_and_heading(tmp_path):
    rows = [["UPN", "Surname", "Forename", "Poss", "Attended", "Aside"], ["A1", "Birch", "Nia", 104, "=90+1", "=1"]]
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": [*rows, ["B2", "Cole", "Otis", 104, 96, "=1"]]})
    outcome = read_export(path)
    assert outcome.problems == [
        "book.xlsx, sheet Sheet1, row 2, Attended: This is a formula without a value. "
        "Open the workbook in Excel, save it and use that file."
    ]
    assert list(outcome.records) == ["B2"]


def test_a_formula_with_its_value_is_that_value(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": [["a", "=90+1"]]})
    change_parts(path, sheet1=("<v></v>", "<v>91</v>"))
    assert rows_of(path) == [["a", "91"]]


def test_a_formula_without_a_value_among_marks_and_events_refuses_the_pupil(tmp_path):
    sheets = {
        "Pupils": PUPIL_ROWS,
        "Marks": [["UPN", "Date", "Session", "Code"], ["A1", "02/09/2026", "AM", '="/"']],
        "Done": [["UPN", "On", "Event"], ["B2", "=TODAY()", "letter_1"]],
    }
    outcome = read_export(write_workbook(tmp_path / "book.xlsx", sheets))
    assert [problem.partition(": ")[0] for problem in outcome.problems] == [
        "book.xlsx, sheet Marks, row 2, Code",
        "book.xlsx, sheet Done, row 2, On",
    ]


def test_a_far_cell_and_a_false_dimension_cost_nothing_and_are_said(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS})
    far = '</row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    change_parts(path, sheet1=("</row></sheetData>", far))
    change_parts(path, sheet1=('<dimension ref="A1:C3"', '<dimension ref="A1:XFD1048576"'))
    change_parts(path, sheet1=('</c></row><row r="3"', '</c><c r="XFD2"><v>1</v></c></row><row r="3"'))
    outcome = read_export(path)
    assert list(outcome.records) == ["A1", "B2"]
    assert max(map(len, rows_of(path))) == 3
    assert set(outcome.notices) == {"book.xlsx, sheet Sheet1: cells beyond column 1,000 are not used."}
    change_parts(path, sheet1=('r="XFD1048576"', 'r="A1048576"'))
    assert (
        "book.xlsx, sheet Sheet1: row 1,048,576 and what follows lie far below the table and are not used."
        in read_export(path).notices
    )


def test_runs_of_a_shared_text_are_put_together_and_the_sounds_of_a_name_left_out(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": [["whole", "part"]]})
    change_parts(path, sheet1=('<c r="A1" t="inlineStr"><is><t>whole</t></is></c>', '<c r="A1" t="s"><v>1</v></c>'))
    runs = "<si><t>other</t></si><si><r><t>Nia</t></r><r><t> Birch</t></r><rPh><t>sound</t></rPh></si></sst>"
    add_part(path, "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{runs}'.encode())
    assert rows_of(path) == [["Nia Birch", "part"]]


REFUSED = {
    "vbaProject.bin": (
        "xl/vbaProject.bin",
        "book.xlsx: This workbook holds macros or embedded objects. Save it as an Excel workbook (.xlsx) without them.",
    ),
    "an embedded object": (
        "xl/embeddings/oleObject1.bin",
        "book.xlsx: This workbook holds macros or embedded objects. Save it as an Excel workbook (.xlsx) without them.",
    ),
    "one part twice": (
        "XL/workbook.xml",
        "book.xlsx: Parts of this workbook lie on top of each other. Save it again.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_workbook_with_a_dangerous_part_is_refused(tmp_path, name):
    part, sentence = REFUSED[name]
    path = add_part(write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS}), part, b"x")
    assert read_export(path).problems == [sentence]


def test_a_password_and_other_kinds_of_file_are_named(tmp_path):
    folder = write_files(
        tmp_path,
        pupils=PUPILS,
        a_xlsx=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
        b_xlsx=b"UPN,Surname\n",
        c_xlsx=b"",
        d_xlsx=b"PK\x03\x04 and no more",
    )
    with zipfile.ZipFile(folder / "e.xlsx", "w") as package:
        package.writestr("word/document.xml", "<a/>")
    assert read_export(folder).problems == [
        "a.xlsx: This workbook has a password, or is an old .xls under a new name. "
        "Save it as an Excel workbook (.xlsx) without a password.",
        "b.xlsx: This is not an Excel workbook although its name ends in .xlsx. Save it as XLSX or CSV.",
        "c.xlsx: This file is empty. Export it again.",
        "d.xlsx: This workbook is damaged. Open it in Excel and save it again.",
        "e.xlsx: This ZIP file is not an Excel workbook. Save the table as XLSX or CSV.",
    ]


def test_entities_and_other_encodings_are_refused_unread(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS})
    change_parts(path, sheet1=("<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet'))
    assert read_export(path).problems == [
        "book.xlsx: This workbook declares entities, which no spreadsheet program writes. Save it again."
    ]
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", "<?xml version='1.0' encoding='UTF-16'?><a/>".encode("utf-16"))
    assert read_export(path).problems == ["book.xlsx: This workbook is not written in UTF-8. Save it again in Excel."]


def test_a_part_that_unpacks_to_far_more_than_its_size_is_refused(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS})
    add_part(path, "xl/theme/more.xml", b"<a>" + b" " * 20_000_000 + b"</a>")
    assert read_export(path).problems == [
        "book.xlsx: A part of this workbook unpacks to over 200 times its size. Save it again."
    ]


def test_a_declared_size_above_the_limit_is_refused_before_anything_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_gate, "LARGEST_UNPACKED", 1024 * 1024)
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS})
    add_part(path, "xl/more.bin", bytes(2 * 1024 * 1024))
    assert read_export(path).problems == [
        "book.xlsx: This workbook unpacks to more than 1 MB, the most that can be read. Save each sheet as CSV."
    ]


def test_a_file_above_the_limit_says_the_limit_and_its_size(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_gate, "LARGEST_FILE", 1024 * 1024)
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS})
    path.write_bytes(path.read_bytes() + bytes(3 * 1024 * 1024))
    assert read_export(path).problems == [
        "book.xlsx: This workbook has 3 MB; at most 1 MB can be read. Save each sheet as CSV."
    ]


def test_too_many_parts_are_refused(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS})
    with zipfile.ZipFile(path, "a") as package:
        held = len(package.infolist())
        for number in range(2_001 - held):
            package.writestr(f"xl/{number}.bin", b"")
    assert read_export(path).problems == [
        "book.xlsx: This workbook has 2,001 parts; at most 2,000 are allowed. Save it again."
    ]


def test_entries_that_share_their_bytes_are_refused(tmp_path):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        package.writestr("xl/workbook.xml", b"<a/>" * 100)
        package.writestr("xl/b.xml", b"<b/>")
    content = bytearray(whole.getvalue())
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<I", 10)
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert read_export(path).problems == ["book.xlsx: Parts of this workbook lie on top of each other. Save it again."]


def test_broken_xml_and_rows_out_of_order_are_said(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS})
    change_parts(path, sheet1=("</sheetData>", "</sheetDatum>"))
    assert read_export(path).problems == [
        "book.xlsx, sheet Sheet1, row 3: This sheet is damaged. Open the workbook in Excel and save it again."
    ]
    write_workbook(path, {"Sheet1": PUPIL_ROWS})
    change_parts(path, sheet1=('<row r="3"', '<row r="1"'))
    assert read_export(path).problems == [
        "book.xlsx, sheet Sheet1, row 1: The rows of this sheet are out of order. "
        "Open the workbook in Excel and save it again."
    ]


def test_cells_out_of_order_and_without_references_stand_where_they_belong(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": [["a", "b"]]})
    mixed = '<c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c><v>2</v></c></row>'
    change_parts(path, sheet1=("</row>", mixed))
    assert rows_of(path) == [["1", "2", "3"]]


def test_another_programs_prefixes_are_understood(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": [["a"]]})
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c><x:v>5</x:v></x:c></x:row></x:sheetData>'
    with zipfile.ZipFile(path) as package:
        old = package.read("xl/worksheets/sheet1.xml").decode()
    change_parts(path, sheet1=(old, f"{sheet}</x:worksheet>"))
    assert rows_of(path) == [[], ["5"]]


def test_a_very_long_cell_is_refused_at_its_row(tmp_path):
    path = write_workbook(tmp_path / "book.xlsx", {"Sheet1": PUPIL_ROWS})
    change_parts(path, sheet1=("<t>Otis</t>", f"<t>{'x' * 30_000}</t>"))
    assert read_export(path).problems == [
        "book.xlsx, sheet Sheet1, row 3: A cell here has more than 20,000 characters. Shorten it."
    ]

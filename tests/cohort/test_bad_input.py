"""Every bad export is answered in sentences: the file, the row, the column's own heading, and what to do."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.cohort.export_making import CALENDAR, PUPILS, read_export, write_files

MARKS = "UPN,Date,Session,Code\n"
SUMMARY = "UPN,Surname,Forename,Poss,Attended,% Attend\n"

REFUSED = {
    "no header": (
        {"pupils": "A1,Birch,Nia\nB2,Cole,Otis\n"},
        "pupils.csv: No headings were found that we know, for example UPN, Surname, Date, Code. "
        "Put them above the rows, within the first 30 rows.",
    ),
    "repeated headings": (
        {"pupils": "UPN,Surname,Forename,Last Name\nA1,Birch,Nia,Cole\n"},
        "pupils.csv, row 1: More than one column means the same: Surname, Last Name. Rename or remove all but one.",
    ),
    "a session twice": (
        {"marks": "UPN,Surname,02/09/2026 AM,2026-09-02 AM\nA1,Birch,/,/\n"},
        "marks.csv, row 1: More than one column means the same: 2026-09-02 AM. Rename or remove all but one.",
    ),
    "no column that names the pupil": (
        {"pupils": "Surname,Forename,DOB\nBirch,Nia,04/04/2012\n"},
        "pupils.csv, row 1: No column says which pupil a row is about; there are Surname, Forename, DOB. "
        "Add the UPN or the pupil reference.",
    ),
    "history without pupils": (
        {"pupils": PUPILS, "history": "Date,Event\n02/09/2026,letter_1\n"},
        "history.csv, row 1: No column says which pupil a row is about; there are Date, Event. "
        "Add the UPN or the pupil reference.",
    ),
    "only an empty file": ({"pupils": ""}, "pupils.csv: This file is empty. Export it again."),
    "a byte order mark and nothing else": (
        {"pupils": b"\xef\xbb\xbf\r\n"},
        "pupils.csv: This file is empty. Export it again.",
    ),
    "only a calendar": (
        {"calendar": CALENDAR},
        "No file with pupils was found. A row for each pupil needs a UPN or a pupil reference.",
    ),
    "an unclosed quote": (
        {"pupils": 'UPN,Surname,Forename\nA1,Birch,Nia\nB2,"Cole,Otis\nC3,Reid,Cai\n'},
        "pupils.csv, row 3: A quotation mark opens here and never closes, or is inside a cell. "
        "Correct it or export again.",
    ),
    "an unclosed quote in marks, far down": (
        {"pupils": PUPILS, "marks": MARKS + "A1,02/09/2026,AM,/\n" * 50 + 'A1,02/09/2026,PM,"/\n'},
        "marks.csv, row 52: A quotation mark opens here and never closes, or is inside a cell. "
        "Correct it or export again.",
    ),
    "a NUL byte": (
        {"pupils": PUPILS.replace("Otis", "Ot\0is")},
        "pupils.csv, row 3: There is a NUL byte here; export the file again.",
    ),
    "a very large cell": (
        {"pupils": "UPN,Surname,Forename\nA1,Birch," + "x" * 100_000_000 + "\n"},
        "pupils.csv, row 2: A cell here has more than 20,000 characters. Perhaps a quotation mark is not closed.",
    ),
    "letters in no known encoding": (
        {"pupils": b"UPN,Surname,Forename\nA1,Birch,Ni\x81\xff\n"},
        "pupils.csv: The letters of this file cannot be read. Export it again and choose UTF-8 or Windows-1252 (ANSI).",
    ),
    "half a character at the end of UTF-16": (
        {"pupils": PUPILS.encode("utf-16") + b"A"},
        "pupils.csv: The letters of this file cannot be read. Export it again and choose UTF-8 or Windows-1252 (ANSI).",
    ),
    "more columns than anybody uses": (
        {"pupils": "UPN,Surname" + ",x" * 1_500 + "\nA1,Birch\n"},
        "pupils.csv, row 1: There are 1,502 columns; at most 1,000 can be read.",
    ),
    "sessions without a year": (
        {"marks": "UPN,Surname,Mon 02 Sep AM\nA1,Birch,/\n"},
        "marks.csv, row 1, Mon 02 Sep AM: The year of this heading is not known. "
        "Add a calendar, or write the year: 02/09/2026 AM.",
    ),
    "sessions that fit no term": (
        {"marks": "UPN,Surname,Mon 02 Sep AM\nA1,Birch,/\n", "calendar": CALENDAR},
        "marks.csv, row 1, Mon 02 Sep AM: No day in the terms of the calendar fits this heading. "
        "Write the year, or correct the calendar.",
    ),
    "a school's own headings that are no TOML": (
        {"pupils": PUPILS, "headings_toml": "upn = Our number"},
        'headings.toml: This is not TOML. Write a line for each word, for example upn = ["Our pupil number"].',
    ),
    "a school's own headings with an unknown word": (
        {"pupils": PUPILS, "headings_toml": 'sessions_posible = ["Openings"]'},
        'headings.toml: "sessions_posible" is not a word of a record. Did you mean "sessions_possible"?',
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_export_that_cannot_be_used_says_why(tmp_path, name):
    files, sentence = REFUSED[name]
    outcome = read_export(write_files(tmp_path, **files))
    assert outcome.is_refused
    assert outcome.problems == [sentence]


LISTED = {
    "no name": (
        {"pupils": "UPN,Surname,Forename\nA1,,\nC3,Reid,Cai\n"},
        ["pupils.csv, row 2, Surname: Enter the pupil's name."],
        ["C3"],
    ),
    "no identifier": (
        {"pupils": "UPN,Surname,Forename\n,Cole,Otis\nC3,Reid,Cai\n"},
        ["pupils.csv, row 2, UPN: Give a UPN or a pupil reference."],
        ["C3"],
    ),
    "two pupils with one UPN": (
        {"pupils": "UPN,Surname,Forename\nA1,Birch,Nia\nC3,Reid,Cai\na1,Cole,Otis\n"},
        [
            "pupils.csv, row 2, UPN: This UPN is also in row 4. Correct it, or keep one of the rows.",
            "pupils.csv, row 4, UPN: This UPN is also in row 2. Correct it, or keep one of the rows.",
        ],
        ["C3"],
    ),
    "one pupil in two lists": (
        {"pupils": PUPILS, "year8": "UPN,Surname,Forename\nB2,Cole,Otis\n"},
        [
            "pupils.csv, row 3, UPN: This UPN is also in year8.csv, row 2. Correct it, or keep one of the rows.",
            "year8.csv, row 2, UPN: This UPN is also in pupils.csv, row 3. Correct it, or keep one of the rows.",
        ],
        ["A1"],
    ),
    "marks of an unknown pupil": (
        {"pupils": PUPILS, "marks": MARKS + "A1,02/09/2026,AM,/\nZ9,02/09/2026,AM,/\n"},
        ["marks.csv, row 3: These marks belong to a pupil who is not in the list of pupils."],
        ["A1", "B2"],
    ),
    "an event and a contact of unknown pupils": (
        {
            "pupils": PUPILS,
            "history": "UPN,On,Event\nZ9,02/09/2026,letter_1\n",
            "contacts": "UPN,Forename,Surname,Relationship\nZ8,Siân,Birch,Mother\n",
        },
        [
            "history.csv, row 2, UPN: This belongs to a pupil who is not in the list of pupils.",
            "contacts.csv, row 2, UPN: This contact belongs to a pupil who is not in the list of pupils.",
        ],
        ["A1", "B2"],
    ),
    "two marks for one session": (
        {"pupils": PUPILS, "marks": MARKS + "A1,02/09/2026,AM,/\nB2,02/09/2026,AM,/\nA1,2026-09-02,am,N\n"},
        [
            "marks.csv, row 4, Code: There are two different marks for 02/09/2026 AM: / and N. Keep the right one.",
        ],
        ["B2"],
    ),
    "two files that disagree": (
        {
            "pupils": PUPILS,
            "marks": MARKS + "A1,02/09/2026,AM,/\nB2,02/09/2026,AM,/\n",
            "wide": "UPN,02/09/2026 AM\nA1,N\nB2,/\n",
        },
        [
            "wide.csv, row 2, 02/09/2026 AM: There are two different marks for 02/09/2026 AM "
            "(marks.csv has /, this file N). Keep the right one.",
        ],
        ["B2"],
    ),
    "unknown codes": (
        {"pupils": PUPILS, "marks": MARKS + "A1,02/09/2026,AM,Y8\nA1,02/09/2026,PM,\x1b[31m\n"},
        [
            'marks.csv, row 2, Code: "Y8" is not a register code.',
            'marks.csv, row 3, Code: "\N{REPLACEMENT CHARACTER}[31m" is not a register code.',
        ],
        ["B2"],
    ),
    "unreadable marks": (
        {
            "pupils": PUPILS,
            "marks": MARKS
            + "A1,31/09/2026,AM,/\nA1,02/09/2026,noon,/\n,02/09/2026,AM,/\nB2,02/09/2026,AM,/\nA1,02/09/2008,AM,/\n",
        },
        [
            "marks.csv, row 4, UPN: Say which pupil this row belongs to.",
            "marks.csv, row 2, Date: Enter a real date, for example 20/11/2026.",
            "marks.csv, row 3, Session: Enter AM or PM.",
            "marks.csv, row 6, Date: This day lies more than 8 years from the others; correct the date.",
        ],
        ["B2"],
    ),
    "dates outside the calendar": (
        {
            "pupils": PUPILS,
            "calendar": CALENDAR,
            "marks": MARKS + "A1,02/09/2026,AM,/\nA1,26/10/2026,AM,/\nA1,01/08/2026,PM,N\nB2,26/10/2026,AM,#\n",
        },
        [
            "marks.csv, row 3, Date: There is a mark for 26/10/2026, but the school is closed on that day. "
            "Correct the mark or the calendar.",
            "marks.csv, row 4, Date: There is a mark for 01/08/2026, but the calendar runs from 02/09/2026 to "
            "18/12/2026. Correct the mark or the calendar.",
        ],
        ["B2"],
    ),
    "wide marks outside the calendar": (
        {"pupils": PUPILS, "calendar": CALENDAR, "wide": "UPN,26/10/2026 AM\nA1,/\nB2,#\n"},
        [
            "wide.csv, row 2, 26/10/2026 AM: There is a mark for 26/10/2026, but the school is closed on that day. "
            "Correct the mark or the calendar.",
        ],
        ["B2"],
    ),
    "attended more than possible": (
        {"summary": SUMMARY + "A1,Birch,Nia,100,104,\n"},
        ["summary.csv, row 2, Attended: sessions_attended (104) cannot be more than sessions_possible (100)."],
        [],
    ),
    "a percentage over 100": (
        {"summary": SUMMARY + "A1,Birch,Nia,,,104.2%\n"},
        ["summary.csv, row 2, % Attend: Enter a percentage from 0 to 100."],
        [],
    ),
    "a percentage that its counts contradict": (
        {"summary": SUMMARY + "A1,Birch,Nia,104,96,50\n"},
        ["summary.csv, row 2, % Attend: 96 of 104 sessions is 92.3 %, but the percentage given is 50.0 %."],
        [],
    ),
    "shares among percentages": (
        {"summary": SUMMARY + "A1,Birch,Nia,,,0.923\nB2,Cole,Otis,,,92.3\nC3,Reid,Cai,200,1,0.5\n"},
        [
            "summary.csv, row 2, % Attend: 0.923 may be a share (from 0 to 1) or a percentage, and this column holds "
            "both. Write all of them as percentages, for example 92.3%.",
        ],
        ["B2", "C3"],
    ),
    "an empty file beside others": (
        {"pupils": PUPILS, "notes": "", "z": ",,\n \n"},
        [
            "notes.csv: This file is empty. Export it again.",
            "z.csv: This file is empty. Export it again.",
        ],
        ["A1", "B2"],
    ),
    "pictures and documents under a wrong name": (
        {
            "pupils": PUPILS,
            "a": b"\x89PNG\r\n\x1a\n",
            "b": b"%PDF-1.7\n",
            "c": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "d": b"PK\x03\x04",
            "e": "<html><table>",
            "f": '{"pupils": []}',
        },
        [
            f"{name}.csv: This is {what}, not a table of text. Save the table as CSV or XLSX and use that file."
            for name, what in {
                "a": "a picture",
                "b": "a PDF",
                "c": "an old or password-protected Excel workbook",
                "d": "a workbook or another ZIP file under the name of a text file",
                "e": "a web page or XML",
                "f": "JSON",
            }.items()
        ],
        ["A1", "B2"],
    ),
    "spreadsheets of other programs": (
        {"pupils": PUPILS, "a_xls": b"\xd0\xcf\x11\xe0", "b_ods": b"PK\x03\x04", "c_xlsm": b"PK\x03\x04"},
        [
            "a.xls: This is an old Excel workbook. Save it as an Excel workbook (.xlsx) or as CSV.",
            "b.ods: This is an OpenDocument spreadsheet. Save it as an Excel workbook (.xlsx) or as CSV.",
            "c.xlsm: This is a workbook with macros. Save it as an Excel workbook (.xlsx) or as CSV.",
        ],
        ["A1", "B2"],
    ),
    "control characters and direction overrides": (
        {
            "pupils": "UPN,Surname,Forename,Contact Surname,Postcode\n"
            "A1,Bi\x07rch,N\u202eia,Bi\x01rch,ZE1\x02 1AA\nC3,Reid,Cai,Reid,ZE1 1AA\n",
            "history": "UPN,Done On,Event,Comment\nA1,02/09/2026,letter_1,a\u2066b\n",
            "contacts": "UPN,Forename,Surname,Relationship\nA1,Si\x85ân,Birch,Mother\n",
        },
        [
            "pupils.csv, row 2, Forename: Remove the character U+202E (character 2): it cannot be printed.",
            "pupils.csv, row 2, Surname: Remove the character U+0007 (character 3): it cannot be printed.",
            "pupils.csv, row 2, Contact Surname: Remove the character U+0001 (character 3): it cannot be printed.",
            "pupils.csv, row 2, Postcode: Remove the character U+0002 (character 4): it cannot be printed.",
            "contacts.csv, row 2, Forename: Remove the character U+0085 (character 3): it cannot be printed.",
            "history.csv, row 2, Comment: Remove the character U+2066 (character 2): it cannot be printed.",
        ],
        ["C3"],
    ),
    "a judgement that nobody asked": (
        {"pupils": PUPILS, "judgements": "UPN,Word,Answer\nA1,parent_engagd,yes\nA1,reason_given,perhaps\n"},
        [
            'judgements.csv, row 2, Word: "parent_engagd" is not a word that can be answered. '
            'Did you mean "parent_engaged"?',
            "judgements.csv, row 3, Answer: Answer yes or no.",
        ],
        ["B2"],
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_what_is_wrong_is_listed_and_the_other_rows_are_done(tmp_path, name):
    files, sentences, usable = LISTED[name]
    outcome = read_export(write_files(tmp_path, **files))
    assert not outcome.is_refused
    assert outcome.problems == sentences
    assert list(outcome.records) == usable


def test_all_faults_are_told_at_once_and_those_of_files_come_first(tmp_path):
    outcome = read_export(
        write_files(
            tmp_path,
            pupils="UPN,Surname,Forename,DOB\nA1,Birch,Nia,04/04/2012\nB2,Cole,Otis,31/02/2013\n",
            picture=b"\x89PNG",
            marks=MARKS + "A1,02/09/2026,AM,ZZ\n,02/09/2026,AM,/\n",
        )
    )
    places = [problem.partition(": ")[0] for problem in outcome.problems]
    assert places == ["picture.csv", "marks.csv, row 3, UPN", "marks.csv, row 2, Code", "pupils.csv, row 3, DOB"]


def write_json(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


JSON_REFUSED = {
    "deep nesting": ("[" * 100_000, "cohort.json: The brackets are nested too deeply."),
    "not a number": ('{"pupils": [{"upn": NaN}]}', "cohort.json: NaN is not a number in JSON."),
    "repeated keys": (
        '{"pupils": [{"upn": "A1", "upn": "B2"}]}',
        'cohort.json: The key "upn" is in one object twice. Keep one.',
    ),
    "a surrogate in a key": (
        '{"pupils": [{"\\ud800": 1}]}',
        "cohort.json: A key cannot be used. Remove the character U+D800 (character 1): it cannot be printed.",
    ),
    "a surrogate in a word that is shown": (
        '{"pupils": [], "calendar": [{"from": "2026-09-02", "to": "2026-12-18", "kind": "term\\ud800"}]}',
        'cohort.json: "term\ufffd" is not a kind of day: write term or closed. Did you mean "term"?',
    ),
    "no UTF-8": (b'{"pupils": "\xff"}', "cohort.json: Save this as UTF-8: JSON must be."),
    "an empty file": ("", "cohort.json: This is not JSON: line 1, column 1: Expecting value."),
}


@pytest.mark.parametrize("name", JSON_REFUSED)
def test_json_that_cannot_be_meant_says_why(tmp_path, name):
    text, sentence = JSON_REFUSED[name]
    outcome = read_export(write_json(tmp_path / "cohort.json", text))
    assert outcome.is_refused
    assert outcome.problems == [sentence]


def test_a_pupil_of_json_is_refused_at_its_place_and_the_others_are_read(tmp_path):
    pupils = [
        {"upn": "A1", "last_name": "Bir\ud800ch"},
        {"upn": "B2", "marks": [{"date": "2026-10-26", "session": "AM", "code": "/"}]},
        {"upn": "C3", "last_name": "Reid"},
        {"upn": "D4"},
        {"upn": "d4"},
        "E5",
    ]
    calendar = [
        {"from": "2026-09-02", "to": "2026-12-18", "kind": "term"},
        {"from": "2026-10-26", "to": "2026-10-30", "kind": "closed"},
    ]
    text = json.dumps({"on": "2026-11-20", "pupils": pupils, "calendar": calendar})
    outcome = read_export(write_json(tmp_path / "cohort.json", text))
    assert outcome.problems == [
        "/pupils/0/last_name: Remove the character U+D800 (character 4): it cannot be printed.",
        "/pupils/1/marks/0/date: There is a mark for 26/10/2026, but the school is closed on that day. "
        "Correct the mark or the calendar.",
        "/pupils/3: This identifier is also at pupil 5. Correct it, or keep one of them.",
        "/pupils/4: This identifier is also at pupil 4. Correct it, or keep one of them.",
        "/pupils/5: Give each pupil as an object.",
    ]
    assert list(outcome.records) == ["C3"]


def test_marks_after_the_day_of_the_decision_are_left_out_and_counted(tmp_path):
    marks = MARKS + "A1,02/09/2026,AM,/\nA1,03/09/2026,AM,nonsense\nB2,26/10/2026,AM,/\n"
    wide = "UPN,02/09/2026 PM,26/10/2026 PM\nA1,\\,\\\n"
    folder = write_files(tmp_path, pupils=PUPILS, marks=marks, wide=wide, calendar=CALENDAR)
    outcome = read_export(folder, on=date(2026, 9, 2))
    assert outcome.problems == []
    assert outcome.records["A1"].register.marks.count(b"/") == 1
    assert outcome.records["A1"].register.marks.count(b"\\") == 1
    assert outcome.records["B2"].register is None
    assert outcome.notices == [
        "marks.csv: 2 marks after 02/09/2026, the day of the decision, are left out.",
        "wide.csv: 1 mark after 02/09/2026, the day of the decision, is left out.",
    ]

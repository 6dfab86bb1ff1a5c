"""Each kind of export that schools' systems make is read right, or answered in one sentence that says what to do.

Every kind has a small export of our own here; where the shared exports lie beside the checkout, those are read as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from tests.cohort.export_making import Outcome, read_export, write_files

ON = date(2026, 11, 20)
SHARED = Path(__file__).parents[3] / "shared" / "data" / "exports"
HEAD = "UPN,Surname,Forename,Reg"
A, B, C, D = "C888201517101", "R888201517102", "F888201517103", "V888201517104"
CONTACT = (
    "Contact Title,Contact Forename,Contact Surname,Parental Responsibility,Address Line 1,Address Line 2,Postcode"
)
ADDRESS = "Yes,2 Long Row,Netherford,ZE8 4QT"
PUPILS = (
    f"UPN,Surname,Forename,Reg Group,DOB,{CONTACT}\n{A},Birch,Nia,8A,01/05/2013,Ms,Jo,Birch,{ADDRESS}\n"
    f"{B},Cole,Otis,8A,02/05/2013,Ms,Jo,Cole,{ADDRESS}\n{C},Reid,Mai,8A,03/05/2013,Ms,Jo,Reid,{ADDRESS}\n"
    f"{D},Shaw,Zoë,8A,04/05/2013,Ms,Jo,Shaw,{ADDRESS}\n"
)
NAMES = {A: "Nia Birch", B: "Otis Cole"}
DAYS = [
    day
    for day in (date(2026, 9, 3) + timedelta(days=n) for n in range(79))
    if day.weekday() < 5 and not date(2026, 10, 26) <= day <= date(2026, 10, 30)
]
"""The school days from 3 September to 20 November."""


@dataclass(frozen=True)
class Export:
    """An export: its files, or one file of another kind, and what has to be true of how it was read."""

    files: dict[str, object]
    check: Callable[[Outcome], None]


def figures(outcome: Outcome, key: str) -> dict[str, float]:
    return {word: float(value) for word, value in outcome.records[key].summary.figures.items()}


def has_figures(outcome: Outcome, key: str, possible: int, attended: int, unauthorised: int) -> bool:
    words = {"possible": possible, "attended": attended, "unauthorised": unauthorised}
    return {f"sessions_{word}": number for word, number in words.items()}.items() <= figures(outcome, key).items()


def refused(sentence: str) -> Callable[[Outcome], None]:
    def check(outcome: Outcome) -> None:
        assert outcome.is_refused
        (problem,) = outcome.problems
        assert sentence in problem

    return check


def counts(outcome: Outcome, key: str) -> dict[str, int]:
    marks = outcome.records[key].register.marks
    return {code: marks.count(code.encode()) for code in "/\\INOGU" if marks.count(code.encode())}


def is_quiet(outcome: Outcome) -> bool:
    """Whether nothing at all was wrong."""
    return not outcome.problems and not any(record.holds for record in outcome.records.values())


def check_terms(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert has_figures(outcome, "B801200005001", 108, 94, 5)
    assert has_figures(outcome, "P207000016049", 108, 108, 0)
    assert any(
        "the rows of the Autumn term 2026/27 are used; one row of another term is left out." in line
        for line in outcome.notices
    )


def check_absences(outcome: Outcome) -> None:
    """Of pupils who are not in the list nothing is known: that is not the same as no absence."""
    assert outcome.problems == []
    assert figures(outcome, A)["sessions_illness"] == 24
    assert figures(outcome, B)["sessions_unauthorised"] == 4
    for record in outcome.records.values():
        assert record.register is None
        known = record.summary.figures.keys() if record.summary else ()
        assert not {"attendance_percentage", "sessions_possible", "sessions_attended"} & set(known)
    assert not any(outcome.records[key].summary for key in outcome.records.keys() - {A, B})
    assert ["Only absences are listed" in line for line in outcome.notices] == [True]


def check_class_list(outcome: Outcome) -> None:
    assert outcome.records[B].date_of_birth == date(2013, 7, 1)
    assert outcome.records["T1234567890123"].date_of_birth == date(2013, 6, 1)
    assert has_figures(outcome, B, 104, 82, 12)
    assert [problem.partition(" Correct")[0] for problem in outcome.problems] == [
        "pupils.csv, row 3, UPN: This UPN is also in row 5.",
        "pupils.csv, row 5, UPN: This UPN is also in row 3.",
    ]
    assert any("could only be found by name" in line for line in outcome.notices)


def check_contacts(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    first, second = outcome.records[B].contacts
    assert second.address.printed_lines == ("Mill House, Beck Lane", "Oxley Bridge", "ZE9 9ZZ")
    third, fourth = outcome.records[C].contacts
    assert third.address.printed_lines == ("Flat 2, 14 Beck Lane", "Netherford", "ZE8 4QT")
    assert (first.receives_post, fourth.receives_post) == (True, False)


def check_full(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert has_figures(outcome, A, 104, 104, 0)


def check_joiner(outcome: Outcome) -> None:
    assert outcome.records[A].summary.period_start == date(2026, 11, 16)
    assert outcome.records[A].holds == ()
    (hold,) = outcome.records[B].holds
    assert str(hold) == "attendance.csv, row 3, Date of leaving: The pupil left on 23/10/2026, so no letter goes out."


def check_lessons(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert set(outcome.records) == {A, B}
    assert counts(outcome, B)["I"] == 4
    assert outcome.notices == [
        "lessons.csv: 520 marks of lessons are left out; only those of the morning and afternoon count."
    ]


def check_lost(outcome: Outcome) -> None:
    (record,) = outcome.records.values()
    assert [str(hold) for hold in record.holds] == [
        "a.csv, row 2, Forename: A letter of this name was lost: £ was probably Ł. Correct the name.",
        "a.csv, row 2, Contact Forename: A letter of this name was lost: ³ was probably ł. Correct the name.",
    ]


def check_by_reference(outcome: Outcome) -> None:
    assert outcome.problems == []
    assert counts(outcome, "4711") == {"/": 1, "\\": 1, "N": 2}
    (hold,) = outcome.records["4711"].holds
    assert "There are marks for 3 of 59 weekdays" in str(hold)


def check_marks(outcome: Outcome) -> None:
    """One pupil is present always, one has four sessions of illness and two without a reason."""
    assert is_quiet(outcome)
    assert set(counts(outcome, A)) == {"/", "\\"}
    assert (counts(outcome, B)["I"], counts(outcome, B)["N"], counts(outcome, B)["O"]) == (4, 2, 1)


def check_wild_cards(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    first, second = outcome.records.values()
    assert first.summary.figures["sessions_attended"] == 100
    assert second.summary.figures["sessions_unauthorised"] == 6
    assert first.pupil_reference.startswith("name-")
    assert first.last_name.casefold() not in first.pupil_reference


def check_nightly(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    record = outcome.records["000123"]
    assert (record.first_name, record.preferred_name, record.preferred_last_name) == ("Robin", "Rob", "Ash")
    assert has_figures(outcome, "000123", 104, 94, 3)


def check_old_codes(outcome: Outcome) -> None:
    (record,) = outcome.records.values()
    told = " ".join(record.warnings)
    assert all(f"Code {code} " in told for code in "HJY")
    assert "There are marks for 6 of 59 weekdays" in str(record.holds[0])


def check_percent_comma(outcome: Outcome) -> None:
    percentages = [record.summary.figures["attendance_percentage"] for record in outcome.records.values()]
    assert percentages == [Fraction(962, 10), Fraction(865, 10)]
    assert outcome.problems == []


def check_percent(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert [figures(outcome, key) for key in (A, B, C)] == [{"attendance_percentage": n} for n in (96.2, 86.5, 100)]


def check_periods(outcome: Outcome) -> None:
    assert outcome.problems == []
    assert counts(outcome, "4711") == {"/": 1, "\\": 1}
    assert any("1 mark of a lesson is left out" in line for line in outcome.notices)


def check_rates(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert has_figures(outcome, "4711", 104, 94, 3)
    assert outcome.records["4711"].warnings == ("2 sessions have no mark.",)


def check_zeros(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert len(outcome.records["3411"].contacts) == 1
    assert any("Zeros were lost at the beginning of 1 reference" in line for line in outcome.notices)


def check_pages(outcome: Outcome) -> None:
    assert outcome.records == {}
    assert any("There are more pages than these." in problem for problem in outcome.problems)
    assert any("only the number of its code" in problem for problem in outcome.problems)


def check_sims(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert has_figures(outcome, A, 104, 100, 0)
    assert has_figures(outcome, B, 104, 90, 6)
    assert figures(outcome, B)["sessions_unexplained"] == 2
    (notice,) = outcome.notices
    assert notice.startswith("attendance.csv: columns Present Marks, Approved Ed")
    assert notice.endswith(", Late Both and Attendance not Required are not used.")


def check_spells(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert "absence_spells" not in figures(outcome, A)
    assert figures(outcome, A)["sessions_unexplained"] == 0


def check_statistics(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    summary = outcome.records[B].summary
    assert (summary.period_start, summary.period_end) == (date(2026, 9, 1), date(2026, 11, 13))
    assert (figures(outcome, B)["sessions_late"], figures(outcome, B)["attendance_percentage"]) == (5, 86.5)


def check_summary_json(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert has_figures(outcome, A, 104, 100, 0)
    assert any("read as summaries of sessions" in line for line in outcome.notices)


def check_titles(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert list(outcome.records) == [A, B]
    assert outcome.records[A].date_of_birth == date(2013, 5, 10)
    assert outcome.records[A].summary.period_end == date(2026, 11, 13)
    assert outcome.notices == [
        "a.csv, row 5, DOB: a number is where a date should be; it was read as a spreadsheet's date. Please check it.",
        "a.csv: the figures are for 01/09/2026 to 13/11/2026, as the title rows say.",
    ]


def check_two_references(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    record = outcome.records["B801200005001"]
    assert (record.pupil_reference, record.last_name, len(record.contacts)) == ("004711", "Ash", 2)
    assert any("admissionNumber and studentId mean the same; admissionNumber is used" in one for one in outcome.notices)


def check_weekly(outcome: Outcome) -> None:
    assert outcome.problems == []
    assert [list(record.register.marks).count(ord("N")) for record in outcome.records.values()] == [0, 2, 0]
    for record in outcome.records.values():
        assert record.register.last == date(2026, 11, 20)
        assert "There are marks for 5 of 59 weekdays" in str(record.holds[0])
    told = " ".join(outcome.notices)
    assert "3 pupils have marks for less than 50 % of the days from 01/09/2026 to 20/11/2026" in told
    assert "column Student has names without a comma; the last word of each was taken for the surname" in told


def check_students(outcome: Outcome) -> None:
    assert is_quiet(outcome)
    assert has_figures(outcome, B, 104, 90, 6)
    record = outcome.records[B]
    assert (record.pupil_reference, record.date_of_birth) == ("3412", date(2013, 2, 11))
    (contact,) = record.contacts
    assert contact.address.printed_lines == ("5 Long Row", "Netherford", "ZE8 4QT")
    assert contact.parental_responsibility is True


def check_workbook(outcome: Outcome) -> None:
    assert outcome.problems == []
    assert list(outcome.records) == [B]
    told = " ".join(outcome.notices)
    assert "1 row is hidden or filtered out" in told
    assert "sheet Last year: this sheet is hidden and is not read" in told


def code_of(pupil: str, place: int, half: int) -> str:
    """Everybody is present; one pupil is ill for two days, away without a reason for one, and once for another."""
    absent = {4: "II", 5: "II", 18: "NN", 32: "O"} if pupil == B else {}
    codes = absent.get(place, "")
    return codes[half] if half < len(codes) else "/\\"[half]


WORDS = {
    "/": "Present",
    "\\": "Present",
    "I": "Illness (not medical or dental appointment)",
    "N": "No reason for absence provided yet",
    "O": "Absent without authorisation",
}


def marks_in_words() -> str:
    rows = [
        f'{NAMES[pupil]},{pupil},8A,"{day:%a, %d %b %Y}",{("AM", "PM")[half]},{WORDS[code_of(pupil, place, half)]}'
        for pupil in (A, B)
        for place, day in enumerate(DAYS)
        for half in (0, 1)
    ]
    return "\n".join(["Student,UPN,Registration Form,Date,Session,Mark", *rows]) + "\n"


def marks_as_strings() -> str:
    rows = []
    for pupil in (A, B):
        places = {day: place for place, day in enumerate(DAYS)}
        days = [DAYS[0] + timedelta(days=n) for n in range((DAYS[-1] - DAYS[0]).days + 1)]
        marks = (code_of(pupil, places[day], half) if day in places else "#" for day in days for half in (0, 1))
        first, last = NAMES[pupil].split()
        rows.append(f"{pupil},{last},{first},8A,03/09/2026,{''.join(marks)}")
    return "\n".join(["UPN,Surname,Forename,Reg Group,Start Date,Marks", *rows]) + "\n"


def marks_and_lessons() -> str:
    rows = ["UPN,Surname,Forename,Reg Group,Date,AM,P1,P2,P3,PM,P4,P5"]
    for pupil in (A, B):
        for place, day in enumerate(DAYS[:52]):
            am, pm = (code_of(pupil, place, half) for half in (0, 1))
            rows.append(f"{pupil},Birch,Nia,8A,{day:%d/%m/%Y},{am},/,/,/,{pm},\\,\\")
    return "\n".join(rows) + "\n"


def absences(with_names: bool) -> str:
    rows = ["UPN,Surname,Forename,Date,Session,Mark" if with_names else "UPN,Date,Session,Mark"]
    name = ",Birch,Nia" if with_names else ""
    days = [date(2026, 9, day) for day in (10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25)]
    rows += [f"{A}{name},{day:%d/%m/%Y},{half},I" for day in days for half in ("AM", "PM")]
    rows += [f"{B}{name},{day}/2026,{half},O" for day in ("15/09", "01/10") for half in ("AM", "PM")]
    return "\n".join(rows) + "\n"


def student(number: int, upn: str, present: int, authorised: int, unauthorised: int, unexplained: int) -> dict:
    relationship = {"relationship": "Mother", "priority": 1, "parental_responsibility": True, "correspondence": True}
    address = {"house_number": str(number + 4), "street": "Long Row", "town": "Netherford", "postcode": "ZE8 4QT"}
    return {
        "id": f"A{number}",
        "upn": upn,
        "mis_id": str(3411 + number),
        "surname": "Birch",
        "forename": "Nia",
        "date_of_birth": {"date": f"2013-0{number + 1}-11 00:00:00.000000"},
        "year": {"data": {"code": "8"}},
        "attendance_summary": {
            "data": {
                "possible_marks": 104,
                "present_marks": present,
                "approved_educational_activity_marks": 0,
                "authorised_absence_marks": authorised,
                "unauthorised_absence_marks": unauthorised,
                "unexplained_absence_marks": unexplained,
            }
        },
        "contacts": {
            "data": [
                {
                    "forename": "Jo",
                    "surname": "Birch",
                    "relationship": {"data": relationship},
                    "addresses": {"data": [address]},
                }
            ]
        },
    }


def write_hidden(path: Path) -> None:
    """A workbook with a row that a filter hides and last year's figures on a sheet that nobody sees."""
    workbook = openpyxl.Workbook()
    sheet, hidden = workbook.active, workbook.create_sheet("Last year")
    heads = ["UPN", "Surname", "Forename", "Possible", "Attended", "Authorised", "Unauthorised"]
    for row in (heads, [B, "Cole", "Otis", 104, 90, 8, 6], [C, "Reid", "Mai", 104, 82, 10, 12]):
        sheet.append(row)
    for row in (heads, [D, "Shaw", "Zoë", 380, 300, 40, 40]):
        hidden.append(row)
    sheet.row_dimensions[3].hidden = True
    hidden.sheet_state = "hidden"
    workbook.save(path)
    workbook.close()


SUMMARY_ROW = f"{HEAD},Possible,Attended,Authorised,Unauthorised"
EXPORTS = {
    "a-row-a-term": Export(
        {
            "termly": "Student ID,UPN,Legal First Name,Legal Last Name,Year Group,Registration Group,"
            "Academic Year,Term,"
            "Possible Sessions,Present Sessions,Absent Sessions (Authorised),Absent Sessions (Unauthorised)\n"
            "AUR0101,B801200005001,Nia,Birch,Year 4,Y4,2025-26,Summer,120,111,6,3\n"
            "AUR0101,B801200005001,Nia,Birch,Year 5,Y5,2026-27,Autumn,108,94,9,5\n"
            "AUR0102,P207000016049,Otis,Cole,Reception,R,2026-27,Autumn,108,108,0,0\n"
        },
        check_terms,
    ),
    "absences-only": Export({"Absences": absences(True)}, refused("Only absences are listed here")),
    "absences-only-with-pupils": Export({"Absences": absences(False), "pupils": PUPILS}, check_absences),
    "class-list-and-names": Export(
        {
            "pupils": "Class list for Year 8,,,,,,\n"
            "Legal Forename,Preferred Forename,Legal Surname,UPN,DOB,Year,Reg Group\n"
            f"Nia,,Birch,{A},14/03/2013,8,8A\nOtis,,O'Cole,r 8882 0151 7102,2013-07-01,8,8A\n"
            f"Sam,,Lee,{A},15.03.13,8,8A\nThị Mai,Mai,Nguyễn,T1234567890123,1st June 2013,8,8B\n",
            "attendance": "Name,Reg,Possible,Present,Authorised,Unauthorised,Unexplained\n"
            '"O\'COLE, Otis",8A,104,82,10,12,0\n"Nguyen, Thi Mai",8B,104,82,10,12,0\nTotals,,208,164,20,24,0\n',
        },
        check_class_list,
    ),
    "contacts-priority-court-order": Export(
        {
            "attendance": f"{SUMMARY_ROW}\n{B},Cole,Otis,8A,104,90,8,6\n{C},Reid,Mai,8B,104,82,10,12\n",
            "contacts": "UPN,Priority,Contact Title,Contact Forename,Contact Surname,Relationship,"
            "Parental Responsibility,"
            "Court Order,House Number,House Name,Apartment,Street,District,Town,County,Post Code,Mail Merge\n"
            f"{B},2,Mr,Cai,Cole,Father,T,F,,Mill House,,Beck Lane,,Oxley Bridge,,ZE9 9ZZ,T\n"
            f"{B},1,Mrs,Siân,Cole,Mother,T,F,2,,,Long Row,,Netherford,,ZE8 4QT,T\n"
            f"{C},1,Ms,Hoa,Reid,Mother,True,False,14,,Flat 2,Beck Lane,,Netherford,,ZE8 4QT,T\n"
            f"{C},3,Mrs,Edie,Pell,Grandmother,F,F,9,,,Long Row,,Netherford,,ZE8 4QT,F\n",
        },
        check_contacts,
    ),
    "council-form-fields": Export(
        {
            "fields_txt": "A council's form\n 1 REQUESTED BY: Name | Designation | School name\n"
            " 2 PUPIL: Legal Name | M/F\n"
        },
        refused("No headings were found that we know"),
    ),
    "ctf-attendance": Export(
        {"ctf_xml": "<CTfile><Header><DocumentName>Common Transfer File</DocumentName></Header></CTfile>"},
        refused("This is a Common Transfer File"),
    ),
    "full-attendance": Export({"a": f"{SUMMARY_ROW}\n{A},Birch,Nia,8A,104,104,0,0\n"}, check_full),
    "joiner-and-leaver": Export(
        {
            "attendance": f"{HEAD},Date of admission,Date of leaving,Possible,Attended,Authorised,Unauthorised\n"
            f"{A},Birch,Nia,8A,16/11/2026,,8,4,4,0\n{B},Cole,Otis,8A,01/09/2023,23/10/2026,72,52,8,12\n"
        },
        check_joiner,
    ),
    "lessons-and-sessions": Export({"lessons": marks_and_lessons()}, check_lessons),
    "lost-letters": Export(
        {
            "a": (
                f"{SUMMARY_ROW};Contact Forename;Contact Surname\n{A};Wójcik;£ukasz;8A;104;90;8;6;Ma³gorzata;Wójcik\n"
            )
            .replace(",", ";")
            .encode("cp1252")
        },
        check_lost,
    ),
    "marks-by-reference": Export(
        {
            "marks": "Pupil ID,Date,Session,Mark\n4711,16/11/2026,AM,/\n4711,16/11/2026,PM,\\\n4711,17/11/2026,AM,N\n"
            "4711,17/11/2026,PM,N\n4711,18/11/2026,AM,C1\n4711,18/11/2026,PM,Y7\n4711,19/11/2026,AM,-\n"
            "4711,19/11/2026,PM,\n"
        },
        check_by_reference,
    ),
    "marks-in-words": Export({"Attendance By Date": marks_in_words(), "pupils": PUPILS}, check_marks),
    "marks-string": Export({"marks": marks_as_strings()}, check_marks),
    "merge-wild-cards": Export(
        {
            "merge": "Surname,Forename,RegGroup,TotalSessions,Authorised,Unauthorised,TotalAbsences,AttendPercentage\n"
            "Birch,Nia,8A,104,4,0,4,96.2\nCole,Otis,8A,104,8,6,14,86.5\n"
        },
        check_wild_cards,
    ),
    "nightly-report": Export(
        {
            "report": "\ufeffadno,Legal Forename,Legal Surname,Preferred Forename,Preferred Surname,"
            "Year of Entry,% Attend,"
            "Possible,Present,AEA,Authorised,Unauthorised\r\n000123,Robin,Ash,Rob,Ash,2025,90.4,104,92,2,7,3\r\n"
        },
        check_nightly,
    ),
    "old-codes": Export(
        {
            "pupils": PUPILS.partition(f"{B},")[0],
            "marks": "UPN,Date,Session,Mark\n"
            + "".join(
                f"{A},0{day}/09/2026,AM,{code}\n{A},0{day}/09/2026,PM,\\\n"
                for day, code in zip((3, 4, 7, 8, 9), "HJYC/", strict=True)
            )
            + f"{A},10/09/2026,AM,/\n",
        },
        check_old_codes,
    ),
    "percent-comma": Export(
        {
            "a": f"{HEAD};Attendance\n{A};Birch;Nia;8A;96,2%\n{B};Cole;Otis;8A;86,5%\n".replace(
                f"{HEAD}", "UPN;Surname;Forename;Reg"
            )
        },
        check_percent_comma,
    ),
    "percent-only": Export(
        {"a": f"{HEAD},Attendance\n{A},Birch,Nia,8A,96.2\n{B},Cole,Otis,8A,86.5\n{C},Reid,Mai,8B,100\n"}, check_percent
    ),
    "periods-json": Export(
        {
            "a_json": json.dumps(
                {
                    "success": True,
                    "data": [
                        {
                            "studentId": 4711,
                            "calendarStartDate": "2026-11-16T00:00:00",
                            "mark": mark,
                            "periodDisplayName": period,
                        }
                        for mark, period in (("/", "AM"), ("L", "P1"), ("\\", "PM"))
                    ],
                }
            )
        },
        check_periods,
    ),
    "rates-and-counts": Export(
        {
            "a": "id,student_name,year_name,registration_group_name,attendance_rate,possible_marks_count,"
            "present_marks_count,authorised_absences_count,unauthorised_absences_count,missing_marks_count\n"
            "4711,Robin Ash,Year 8,8B,90.4,104,94,7,3,2\n"
        },
        check_rates,
    ),
    "reference-zeros-lost": Export(
        {
            "a": "Adno,Surname,Forename,Possible,Attended\n3411,Birch,Nia,104,90\n",
            "contacts": "Adno,Contact Forename,Contact Surname,Postcode\n003411,Jo,Birch,ZE8 4QT\n",
        },
        check_zeros,
    ),
    "registration-certificate": Export(
        {
            "certificate": "School\nRegistration Certificate\nName:,Birch,,Reg Group:,8A,,UPN:,A1\n"
            "Week Beginning,Mon,Tue,Wed,Thu,Fri\n31/08/2026,##,##,##,/\\,/\\\n07/09/2026,/\\,/\\,/\\,II,II\n"
        },
        refused("This is one pupil's registration certificate"),
    ),
    "session-attendance-json": Export(
        {
            "a_json": json.dumps(
                {
                    "data": [
                        {
                            "date": {"date": "2026-11-16 00:00:00.000000"},
                            "session": "AM",
                            "student": {"data": {"id": "A2", "mis_id": "4711", "upn": "B801200005001"}},
                            "attendance_code": {"data": {"code": "N"}},
                        },
                        {"date": "2026-11-16", "session": "PM", "student_id": "A2", "attendance_code_id": "A3"},
                    ],
                    "meta": {"pagination": {"more": True}},
                }
            )
        },
        check_pages,
    ),
    "sims-attendance-table": Export(
        {
            "attendance": "UPN,Adno,Surname,Forename,Reg,Possible Marks,Present Marks,Approved Ed. Activity,"
            "Authorised Absences,Unauthorised Absences,Present + AEA,Unexplained Absences,"
            "Late before Reg,Late after Reg,"
            "Late Both,Missing Marks,Attendance not Required\n"
            f"{A},003411,Birch,Nia,8A,104,99,1,4,0,100,0,3,0,3,0,4\n{B},003412,Cole,Otis,8A,104,90,0,8,6,"
            f"90,2,5,1,6,0,4\n"
        },
        check_sims,
    ),
    "spells-unknown": Export({"a": f"{SUMMARY_ROW},Unexplained\n{A},Birch,Nia,8A,104,99,5,0,0\n"}, check_spells),
    "statistics-with-dates": Export(
        {
            "statistics": "Student Name,UPN,Admission No,Year Group,Registration Form,Attendance %,Possible Sessions,"
            "Present Sessions,Authorised Absence,Unauthorised Absence,Late Marks,Start Date,End Date\n"
            f'"Cole, Otis",{B},003412,Year 8,8A,86.5%,104,90,8,6,5,01/09/2026,13/11/2026\n'
        },
        check_statistics,
    ),
    "summary-json": Export(
        {
            "a_json": json.dumps(
                {
                    "student_session_summaries": [
                        {
                            "student_id": 1,
                            "upn": A,
                            "possible_sessions": 104,
                            "present": 100,
                            "authorised_absence": 4,
                            "unauthorised_absence": 0,
                            "late": 2,
                        }
                    ],
                    "has_more": False,
                }
            )
        },
        check_summary_json,
    ),
    "titles-totals-serials": Export(
        {
            "a": "Attendance Summary\n01/09/2026 to 13/11/2026\n\nUPN,Surname,Forename,DOB,Reg,Possible,Attended\n"
            f"{A},Birch,Nia,41404,8A,104,90\n{B},Cole,Otis,04/05/13,8A,104,104\n,Total,,,,208,194\n"
            "Printed on 20/11/2026 by P Hale,,,,,,\n"
        },
        check_titles,
    ),
    "two-references": Export(
        {
            "a": "studentId,preferredFirstName,preferredLastName,firstName,lastName,dateOfBirth,upn,admissionNumber,"
            "inCareFlag,presentPercentageWithEA,contact1Name,contact1ParentalResponsibility,contact2Name,"
            "contact2ParentalResponsibility\n"
            "4711,Rob,Ash,Robin,Ash,2014-05-02T00:00:00,B801200005001,004711,0,90.38,Ms Jo Ash,True,Mr Sam Ash,True\n"
        },
        check_two_references,
    ),
    "weekly-grid": Export(
        {
            "Weekly": "Weekly attendance,,Week commencing 16/11/2026\n"
            "Student,Tutor Group,Mon AM,Mon PM,Tue AM,Tue PM,Wed AM,Wed PM,Thu AM,Thu PM,Fri AM,Fri PM,%\n"
            'Nia Birch,8A,/,\\,/,\\,/,\\,/,\\,/,\\,100\n"Cole, Otis",8A,/,\\,I,I,I,I,/,\\,N,N,40\n'
            "Mai Reid,8B,O,O,/,\\,/,\\,/,\\,/,\\,80\n"
        },
        check_weekly,
    ),
    "wonde-students-json": Export(
        {"a_json": json.dumps({"data": [student(0, A, 100, 4, 0, 0), student(1, B, 90, 8, 6, 2)]})}, check_students
    ),
    "workbook-filter-hidden-sheet": Export({"book_xlsx": write_hidden}, check_workbook),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_of_this_kind_is_read_right_or_says_what_to_do(tmp_path, name):
    export = EXPORTS[name]
    write_export(export, tmp_path)
    export.check(read_export(tmp_path, ON))
    shared = SHARED / name
    if shared.is_dir():
        found = [file for file in shared.iterdir() if file.name != "expect.md"]
        export.check(read_export(found[0] if len(found) == 1 else shared, ON))


def write_export(export: Export, folder: Path) -> None:
    for stem, content in export.files.items():
        if callable(content):
            content(folder / "book.xlsx")
        else:
            write_files(folder, **{stem: content})


@pytest.mark.parametrize("name", EXPORTS)
def test_every_row_of_an_export_of_this_kind_is_used_left_out_or_at_fault(tmp_path, name):
    write_export(EXPORTS[name], tmp_path)
    outcomes = [read_export(tmp_path, ON)]
    if (SHARED / name).is_dir():
        found = [file for file in (SHARED / name).iterdir() if file.name != "expect.md"]
        outcomes.append(read_export(found[0] if len(found) == 1 else SHARED / name, ON))
    for outcome in outcomes:
        assert outcome.is_refused or outcome.counts
        for count in outcome.counts.values():
            assert count.rows == count.used + count.left_out.total() + count.at_fault
            assert min(count.rows, *count.by_pupil.values(), *count.left_out.values(), 0) == 0


def test_no_shared_export_is_forgotten():
    assert not SHARED.is_dir() or {folder.name for folder in SHARED.iterdir() if folder.is_dir()} <= set(EXPORTS)

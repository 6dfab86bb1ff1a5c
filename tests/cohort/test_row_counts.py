"""Every row of every kind of table is used, left out or at fault, whatever somebody did to the table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cohort.row_counts import LeftOut
from tests.cohort.export_making import Outcome, read_export, write_files, write_workbook

ON = date(2026, 11, 20)
MONDAY = date(2026, 9, 7)
KEYS = ("A1", "B2", "C3")
PEOPLE = "Pupil reference,Surname,Forename\nA1,Ash,Jo\nB2,Birch,Kit\nC3,Cole,Ada\n"
SUMMARY = "Pupil reference,Surname,Forename,Possible,Attended,Authorised,Unauthorised"


@dataclass(frozen=True)
class Kind:
    """A kind of table, and how many of its rows can be seen in the records."""

    headings: str
    rows: tuple[str, ...]
    seen: Callable[[Outcome], int]
    beside: Mapping[str, str] = field(default_factory=lambda: {"people": PEOPLE})


def marked_days(outcome: Outcome) -> list[tuple[str, date, int]]:
    """Every mark in the records: the pupil, the day, and 0 for the morning or 1 for the afternoon."""
    return [
        (key, record.register.start + timedelta(days=place // 2), place % 2)
        for key, record in outcome.records.items()
        if record.register
        for place, byte in enumerate(record.register.marks)
        if byte
    ]


def days(outcome: Outcome) -> int:
    return len({(key, day) for key, day, _ in marked_days(outcome)})


def weeks(outcome: Outcome) -> int:
    return len({(key, day - timedelta(days=day.weekday())) for key, day, _ in marked_days(outcome)})


def marked_pupils(outcome: Outcome) -> int:
    return len({key for key, _, _ in marked_days(outcome)})


FIVE = [MONDAY + timedelta(days=number) for number in range(5)]
KINDS = {
    "summary": Kind(
        SUMMARY, tuple(f"P{n},Ash,Jo,104,{104 - n},{n},0" for n in range(1, 9)), lambda found: len(found.records), {}
    ),
    "further summary": Kind(
        "Pupil reference,Possible,Attended,Authorised,Unauthorised",
        tuple(f"{key},104,90,7,7" for key in KEYS),
        lambda found: sum(record.summary is not None for record in found.records.values()),
    ),
    "long marks": Kind(
        "Pupil reference,Date,Session,Code",
        tuple(f"{key},{day},{half},/" for key in KEYS for day in FIVE[:2] for half in ("AM", "PM")),
        lambda found: len(marked_days(found)),
    ),
    "long marks by day": Kind(
        "Pupil reference,Date,Session,Code",
        tuple(f"{key},{day},AM,/" for day in FIVE[:4] for key in KEYS),
        lambda found: len(marked_days(found)),
    ),
    "day marks": Kind(
        "Pupil reference,Date,AM,PM", tuple(f"{key},{day},/,\\" for key in KEYS for day in FIVE[:3]), days
    ),
    "wide marks": Kind(
        "Pupil reference," + ",".join(f"{day:%d/%m/%Y} {half}" for day in FIVE[:2] for half in ("AM", "PM")),
        tuple(f"{key},/,\\,/,\\" for key in KEYS),
        marked_pupils,
    ),
    "weekly marks": Kind(
        "Pupil reference,Week beginning,Mon AM,Mon PM,Tue AM,Tue PM,Wed AM,Wed PM,Thu AM,Thu PM",
        tuple(f"{key},{MONDAY + timedelta(weeks=number)},/,\\,/,\\,/,\\,/,\\" for key in KEYS for number in range(2)),
        weeks,
    ),
    "mark strings": Kind(
        "Pupil reference,Start date,Marks", tuple(f"{key},{MONDAY},/\\/\\/\\/\\/\\" for key in KEYS), marked_pupils
    ),
    "history": Kind(
        "Pupil reference,On,Event",
        tuple(f"{key},2026-09-{day},letter_1" for key in KEYS for day in (14, 28)),
        lambda found: sum(len(record.history) for record in found.records.values()),
    ),
    "judgements": Kind(
        "Pupil reference,Word,Answer",
        tuple(f"{key},{word},yes" for key in KEYS for word in ("parent_engaged", "reason_given")),
        lambda found: sum(len(record.facts) for record in found.records.values()),
    ),
    "contacts": Kind(
        "Pupil reference,Contact Forename,Contact Surname,Parental Responsibility,Address Line 1,Postcode",
        tuple(f"{key},{name},Ash,yes,2 Long Row,ZE8 4QT" for key in KEYS for name in ("Jo", "Sam")),
        lambda found: sum(len(record.contacts) for record in found.records.values()),
    ),
}
CHANGES = (
    "nothing",
    "nothing",
    "dropped",
    "doubled",
    "merged",
    "emptied",
    "without a cell",
    "without an identifier",
    "of a stranger",
    "a total",
    "a remark",
)
ORDERS = ("kept", "sorted", "reversed", "headings in the middle", "titles above")


def change(row: str, what: str) -> list[str]:
    """What becomes of a row."""
    changed = {
        "dropped": [],
        "doubled": [row, row],
        "merged": [f"{row},{row}"],
        "emptied": ["," * row.count(",")],
        "without a cell": [row.rpartition(",")[0]],
        "without an identifier": [row[row.index(",") :]],
        "of a stranger": [f"Z9{row[row.index(',') :]}"],
        "a total": [row, "Total" + "," * row.count(",")],
        "a remark": [row, "Printed for the office" + "," * row.count(",")],
    }
    return changed.get(what, [row])


def put_in_order(headings: str, rows: Sequence[str], how: str) -> tuple[list[str], int]:
    """All lines of the table, and how many of them are not headings."""
    ordered = {"sorted": sorted(rows), "reversed": list(reversed(rows))}.get(how, list(rows))
    middle = len(ordered) // 2 if how == "headings in the middle" else 0
    above = ["Report of the office", ""] if how == "titles above" else ordered[:middle]
    return [*above, headings, *ordered[middle:]], len(above) + len(ordered) - middle


def assert_accounted(outcome: Outcome, name: str, rows: int, seen: int) -> None:
    count = outcome.counts[name]
    assert count.rows == rows
    assert count.rows == count.used + count.left_out.total() + count.at_fault
    assert count.used == seen
    told = " ".join(problem for problem in outcome.problems if name in problem)
    for number in count.faulty:
        assert re.search(rf"(?<!\d){number}(?!\d)", told) or "and others" in told, (number, told)


@settings(max_examples=40)
@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_every_row_of_a_damaged_table_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    kind = KINDS[name]
    changes = data.draw(st.lists(st.sampled_from(CHANGES), min_size=len(kind.rows), max_size=len(kind.rows)))
    rows = [line for row, what in zip(kind.rows, changes, strict=True) for line in change(row, what)]
    lines, number = put_in_order(kind.headings, rows, data.draw(st.sampled_from(ORDERS)))
    folder = write_files(tmp_path_factory.mktemp("damaged"), table="\n".join(lines) + "\n", **kind.beside)
    outcome = read_export(folder, ON)
    if outcome.is_refused:
        assert outcome.problems
    else:
        assert_accounted(outcome, "table.csv", number, kind.seen(outcome))


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(CHANGES), min_size=8, max_size=8),
    st.lists(st.sampled_from(CHANGES), min_size=12, max_size=12),
)
def test_every_row_of_every_sheet_of_a_damaged_workbook_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, of_pupils: list[str], of_marks: list[str]
) -> None:
    book, numbers = {}, {}
    for sheet, kind, changes in (("Pupils", "summary", of_pupils), ("Marks", "long marks", of_marks)):
        rows = [line for row, what in zip(KINDS[kind].rows, changes, strict=True) for line in change(row, what)]
        rows = [row.replace("A1", "P1").replace("B2", "P2").replace("C3", "P3") for row in rows]
        book[sheet] = [[cell or None for cell in line.split(",")] for line in (KINDS[kind].headings, *rows)]
        numbers[sheet] = max((place for place, row in enumerate(book[sheet]) if any(row)), default=0)
    path = tmp_path_factory.mktemp("damaged") / "book.xlsx"
    outcome = read_export(write_workbook(path, book), ON)
    if outcome.is_refused:
        assert outcome.problems
        return
    assert_accounted(outcome, "book.xlsx, sheet Pupils", numbers["Pupils"], len(outcome.records))
    assert_accounted(outcome, "book.xlsx, sheet Marks", numbers["Marks"], len(marked_days(outcome)))


@settings(max_examples=30)
@given(st.lists(st.sampled_from(("nothing", "doubled", "null", "without an identifier", "a wrong figure")), max_size=8))
def test_every_pupil_of_a_damaged_json_cohort_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, changes: list[str]
) -> None:
    pupils: list[object] = []
    for number, what in enumerate(changes):
        pupil = {"pupil_reference": f"P{number}", "first_name": "Jo", "last_name": "Ash", "sessions_possible": 104}
        changed: dict[str, list[object]] = {
            "doubled": [pupil, pupil],
            "null": [None],
            "without an identifier": [{**pupil, "pupil_reference": ""}],
            "a wrong figure": [{**pupil, "sessions_possible": "many"}],
        }
        pupils += changed.get(what, [pupil])
    path = tmp_path_factory.mktemp("damaged") / "cohort.json"
    path.write_text(json.dumps({"on": f"{ON}", "pupils": pupils}), encoding="utf-8")
    outcome = read_export(path, ON)
    (count,) = outcome.counts.values()
    assert (count.rows, count.used, count.at_fault) == (
        len(pupils),
        changes.count("nothing"),
        len(pupils) - changes.count("nothing"),
    )


def left_out(folder: Path, **files: str | list[list[object]]) -> dict[str, dict[LeftOut, int]]:
    """Why rows of each table were left out, and how many."""
    outcome = read_export(write_files(folder, **files), ON)
    return {name: {why: rows for why, rows in count.left_out.items() if rows} for name, count in outcome.counts.items()}


def test_titles_totals_remarks_and_empty_rows_are_counted_apart(tmp_path: Path) -> None:
    table = f"Attendance\n\n{SUMMARY}\nA1,Ash,Jo,104,90,7,7\n,,,,,,\nTotal,,,104,90,7,7\nPrinted for the office,,,,,,\n"
    assert left_out(tmp_path, table=table) == {
        "table.csv": {LeftOut.ABOVE: 2, LeftOut.EMPTY: 1, LeftOut.TOTAL: 1, LeftOut.REMARK: 1}
    }


def test_two_rows_of_headings_are_both_headings(tmp_path: Path) -> None:
    wide = ",,,07/09/2026,\nPupil reference,Surname,Forename,AM,PM\nA1,Ash,Jo,/,\\\n"
    outcome = read_export(write_files(tmp_path, wide=wide), ON)
    count = outcome.counts["wide.csv"]
    assert (count.rows, count.used) == (1, 1)


def test_a_contact_in_a_row_of_its_own_is_used_and_a_row_that_says_nothing_new_is_left_out(tmp_path: Path) -> None:
    heads = "Pupil reference,Surname,Forename,Contact Forename,Contact Surname"
    pupils = f"{heads}\nA1,Ash,Jo,Sam,Ash\nA1,Ash,Jo,Ada,Ash\nA1,Ash,Jo,,\nB2,Birch,Kit,Max,Birch\n"
    assert left_out(tmp_path / "one", pupils=pupils) == {"pupils.csv": {LeftOut.NO_CONTACT: 1}}
    same = f"{SUMMARY}\nA1,Ash,Jo,104,90,7,7\nA1,Ash,Jo,104,90,7,7\n"
    assert left_out(tmp_path / "two", pupils=same) == {"pupils.csv": {LeftOut.REPEATED: 1}}


def test_marks_that_change_nothing_are_counted_by_the_reason(tmp_path: Path) -> None:
    marks = (
        "Pupil reference,Date,Session,Code\nA1,2026-09-07,AM,/\nA1,2026-09-07,AM,/\nA1,2026-09-07,PM,\n"
        "A1,2026-11-23,AM,/\nA1,2026-09-08,P3,/\nZ9,2026-09-08,AM,/\n"
    )
    assert left_out(tmp_path, people=PEOPLE, marks=marks)["marks.csv"] == {
        LeftOut.REPEATED: 1,
        LeftOut.NO_CODE: 1,
        LeftOut.LATER: 1,
        LeftOut.LESSON: 1,
        LeftOut.PUPIL_UNKNOWN: 1,
    }


def test_marks_that_another_file_has_too_are_left_out(tmp_path: Path) -> None:
    wide = "Pupil reference,07/09/2026 AM,07/09/2026 PM\nA1,/,\\\nB2,/,\\\n"
    long = "Pupil reference,Date,Session,Code\nA1,2026-09-07,AM,/\nA1,2026-09-07,PM,\\\n"
    assert left_out(tmp_path, people=PEOPLE, a=long, b=wide)["b.csv"] == {LeftOut.NO_NEW_MARK: 1}


def test_what_a_decision_does_not_need_is_counted_too(tmp_path: Path) -> None:
    found = left_out(
        tmp_path,
        people=PEOPLE,
        history="Pupil reference,On,Event\nA1,,\nB2,2026-09-14,letter_1\n",
        answers="Pupil reference,Word,Answer\nA1,parent_engaged,\nA1,parent_engaged,yes\nA1,parent_engaged,Yes\n",
        meetings="Date,Time,Place\n2026-11-30,9:00,Room 4\n",
    )
    assert found == {
        "people.csv": {},
        "history.csv": {LeftOut.NO_EVENT: 1},
        "answers.csv": {LeftOut.NO_ANSWER: 1, LeftOut.REPEATED: 1},
        "meetings.csv": {LeftOut.MEETING: 1},
    }


def test_everything_about_a_pupil_who_cannot_be_used_is_left_out_but_the_row_with_the_problem(tmp_path: Path) -> None:
    marks = "Pupil reference,Date,Session,Code\n" + "".join(
        f"{key},2026-09-07,{half},{code}\n"
        for key in KEYS
        for half, code in (("AM", "/"), ("PM", "?" if key == "B2" else "\\"))
    )
    history = "Pupil reference,On,Event\nB2,2026-09-14,letter_1\nC3,2026-09-14,letter_1\n"
    outcome = read_export(write_files(tmp_path, people=PEOPLE, marks=marks, history=history), ON)
    found = {name: (count.used, dict(count.left_out), count.faulty) for name, count in outcome.counts.items()}
    assert found == {
        "people.csv": (2, {LeftOut.PUPIL_UNUSABLE: 1}, set()),
        "marks.csv": (4, {LeftOut.PUPIL_UNUSABLE: 1}, {5}),
        "history.csv": (1, {LeftOut.PUPIL_UNUSABLE: 1}, set()),
    }


def test_a_table_that_nobody_understands_has_no_row_that_is_used(tmp_path: Path) -> None:
    outcome = read_export(write_files(tmp_path, people=PEOPLE, notes="one\ntwo\nthree\n"), ON)
    count = outcome.counts["notes.csv"]
    assert (count.rows, count.used, count.at_fault) == (3, 0, 3)
    assert any("notes.csv: No headings were found" in problem for problem in outcome.problems)


def test_two_different_answers_to_one_question_are_a_problem_and_not_the_last_one(tmp_path: Path) -> None:
    answers = "Pupil reference,Word,Answer\nA1,parent_engaged,yes\nA1,parent_engaged,no\n"
    outcome = read_export(
        write_files(tmp_path, people=PEOPLE, a=answers, b=answers.replace("yes\nA1,parent_engaged,no", "no")), ON
    )
    assert set(outcome.records) == {"B2", "C3"}
    assert outcome.problems == [
        "a.csv, row 3, Answer: Row 2 answers the same question differently. Keep the row that is right.",
        "b.csv, row 2, Answer: a.csv, row 2, answers the same question differently. Keep the row that is right.",
    ]

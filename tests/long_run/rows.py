"""Whether every row of a changed export ended as a fact of a pupil, or in a sentence about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from service.attendance.reading.mark_lists import SESSIONS
from service.attendance.reading.value_kinds import read_loose_day
from service.attendance.record import AttendanceRecord
from service.attendance.upn import tidy_upn
from tests.long_run.mutators import Rows
from tests.long_run.workshop import ON, Outcome, WrongError

_ROWS = re.compile(r"\brows?:? ((?:\d[\d,]*(?:, | and )?)+)")
_MORE_ROWS = re.compile(r"more rows: ([\d, ]+)")
_XML_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")  # in a workbook a character that its XML may not hold
_KEY = re.compile(r"P\d")
_GROUP = re.compile(r"\W*(?:total|mean|average|sum)\b.*|\W*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of a file that sentences name, and the pupils that they name."""

    rows: frozenset[int]
    pupils: frozenset[str]
    notices: str


def find_told(outcome: Outcome, file: str, rows: Rows) -> Told:
    """What was said about a file's rows."""
    sentences = [str(problem) for problem in outcome.problems] + outcome.notices
    about = [sentence for sentence in sentences if sentence.removeprefix("Note: ").startswith(file.partition(".")[0])]
    named = {problem.row for problem in outcome.problems if problem.row and problem.file.startswith(file)}
    for sentence in about:
        found = [*_ROWS.findall(sentence), *_MORE_ROWS.findall(sentence)]
        named |= {int(number) for text in found for number in re.findall(r"\d+", text.replace(",", " "))}
    pupils = {tidy_upn(row[0]) for number, row in enumerate(rows, 1) if number in named and row}
    return Told(frozenset(named), frozenset(pupils | outcome.unusable), "\n".join(outcome.notices))


IsUsed = Callable[[Sequence[str], AttendanceRecord, Told], bool]


def check_rows(outcome: Outcome, file: str, rows: Rows, headings: Sequence[str], is_used: IsUsed) -> None:
    """Raises WrongError for the rows that were neither used nor told; of a table whose headings are still whole."""
    is_told_whole = any(problem.file == file and problem.row is None for problem in outcome.problems)
    if outcome.is_refused or is_told_whole or not (place := place_of(headings, rows)):
        return
    told, width = find_told(outcome, file, rows), len(rows[place - 1])
    lost = [
        number
        for number, row in _facts(rows, place)
        # columns that joined the headings are said to be unused, with what stands in them
        if not _is_accounted(number, [*row[: len(headings)], *row[width:]], outcome, told, is_used)
    ]
    if lost:
        raise WrongError("a row lost without a word" if len(lost) == 1 else "rows lost without a word")


def _facts(rows: Rows, headings: int) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows that say something of a pupil: not the headings, nor the same again, blank rows, totals, remarks of one
    cell, and no row above the headings without an identifier, which is only counted."""
    for number, row in enumerate(rows, 1):
        filled = [cell for cell in row if cell.strip()]
        if list(row) == list(rows[headings - 1]) or len(filled) < 2 or _GROUP.fullmatch(filled[0]):
            continue
        if number > headings or any(map(_KEY.fullmatch, filled)):
            yield number, row


def place_of(headings: Sequence[str], rows: Rows) -> int:
    """The number of the row with the headings; 0 where they were changed, so that columns mean something else."""
    whole = list(headings)
    return next((number for number, row in enumerate(rows, 1) if row[: len(whole)] == whole), 0)


def _is_accounted(number: int, row: Sequence[str], outcome: Outcome, told: Told, is_used: IsUsed) -> bool:
    key = tidy_upn(row[0]) if row else ""
    if number in told.rows:
        return True
    others = (cell for cell in row[1:] if cell != key and _KEY.fullmatch(cell) and cell in outcome.records)
    if key in outcome.records and any(others):  # another pupil's row is in this one
        return False
    if key in told.pupils:
        return True
    record = outcome.records.get(key)
    return record is not None and is_used(row, record, told)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def uses_pupil(row: Sequence[str], record: AttendanceRecord, _told: Told) -> bool:
    """Whether a row of a list of pupils is in its record."""
    name = _plain(_XML_ESCAPE.sub("", _cell(row, 1)))
    return not name or name == _plain(record.last_name)


def uses_mark(row: Sequence[str], record: AttendanceRecord, told: Told) -> bool:
    """Whether a mark is in its pupil's register, or was left out with a word."""
    day, half = read_loose_day(_cell(row, 1)), SESSIONS.get(_cell(row, 2))
    is_lesson = half is None and ("of a lesson" in told.notices or "of lessons" in told.notices)
    if not _cell(row, 3):
        return is_lesson or "no code" in told.notices or (day is not None and _is_no_school(day))
    if day is None or half is None:
        return is_lesson
    if day > ON:
        return "after 20/11/2026" in told.notices
    session = ("AM", "PM")[half]
    return record.register is not None and any(
        mark.session == session for mark in record.register.marks_between(day, day)
    )


def _is_no_school(day: date) -> bool:
    return day > ON or day.weekday() > 4 or date(2026, 10, 26) <= day <= date(2026, 10, 30) or day < date(2026, 9, 2)


def uses_event(row: Sequence[str], record: AttendanceRecord, _told: Told) -> bool:
    """Whether something that was done is in its pupil's history."""
    day, event = read_loose_day(_cell(row, 1)), _cell(row, 2)
    if not any(_cell(row, place) for place in range(1, len(row))):
        return True
    return any(one.on == day and one.event == event for one in record.history or ())


def uses_contact(row: Sequence[str], record: AttendanceRecord, _told: Told) -> bool:
    """Whether a contact is in its pupil's record."""
    name = _plain(_cell(row, 2))
    return not name or any(_plain(one.last_name) == name for one in record.contacts)

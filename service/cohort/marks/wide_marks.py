"""Wide marks: a pupil a row, a session a column; an empty cell is no mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from service.attendance.codes import BY_BYTE, CURRENT_BYTES, REFORM
from service.attendance.reading.mark_lists import LONGEST_DAYS
from service.attendance.reading.value_kinds import EARLIEST, LATEST
from service.cohort.day_order import refuse_month_first_headings
from service.cohort.marks.registers import CohortMarks
from service.cohort.marks.session_columns import SessionColumn
from service.cohort.sheet import Sheet
from service.errors import CohortError, Problem


class _Column(NamedTuple):
    """A column whose day is known; `slot` is its place in a register, or -1 where each mark needs a closer look."""

    place: int
    day: date
    half: int
    slot: int


def read_wide_marks(sheet: Sheet, marks: CohortMarks) -> None:
    """Take every row of a wide file of marks. Raises CohortError when a heading's day cannot be known."""
    refuse_month_first_headings(sheet)
    columns = _find_columns(sheet, marks)
    known = set(marks.registers)
    for number, row in sheet.rows(sheet.count):
        if key := marks.begin_row(sheet, number, row):
            _read_row(sheet, marks, columns, number, row, key, key in known)
            marks.end_row(sheet, key, number)


def _read_row(
    sheet: Sheet,
    marks: CohortMarks,
    columns: Sequence[_Column],
    number: int,
    row: Sequence[str],
    key: str,
    is_known: bool,
) -> None:
    register, width, codes = marks.register_of(key, sheet, number), len(row), CURRENT_BYTES
    last = (columns[-1].slot | 1) + 1 if columns else 0
    if len(register) < last:
        register.extend(bytes(last - len(register)))
    filled = len(register) - register.count(0)
    for place, day, half, slot in columns:
        code = row[place] if place < width else ""
        if not code or code.isspace():
            continue
        byte = codes.get(code)
        if slot < 0 or byte is None:
            marks.put(sheet, key, day, half, code, number, sheet.headings.cells[place].strip())
            continue
        taken = register[slot]
        if taken and is_known:
            marks.compared.setdefault(sheet.name, set()).add(key)
        if taken and taken != byte:
            _refuse_two(sheet, marks, key, day, half, (taken, byte), number, place)
        register[slot] = taken or byte
    if len(register) - register.count(0) > filled:
        marks.note_new()


def _refuse_two(
    sheet: Sheet, marks: CohortMarks, key: str, day: date, half: int, two: tuple[int, int], number: int, place: int
) -> None:
    """Refuse a second, different mark for a session, of another file or of another row of the same pupil."""
    first, second = (BY_BYTE[byte].code for byte in two)
    when = f"{day:%d/%m/%Y} {('AM', 'PM')[half]}"
    other = marks.first_rows[key][0]
    where = f" ({other} has {first}, this file {second})" if other != sheet.name else f": {first} and {second}"
    sentence = f"There are two different marks for {when}{where}. Keep the right one."
    marks.refuse(sheet, key, number, sheet.problem("two-marks", sentence, number, sheet.headings.cells[place].strip()))


def _find_columns(sheet: Sheet, marks: CohortMarks) -> list[_Column]:
    """The columns in the order of their days, each with its place in a register where marks can be taken unseen."""
    dated = sorted((day, column.half, column.place) for column, day in _dated(sheet, marks))
    if not dated:
        return []
    usable = [day for day, _, _ in dated if EARLIEST <= day <= LATEST]
    if usable and (usable[-1] - usable[0]).days <= LONGEST_DAYS:
        marks.slot_of(usable[0])
    base = marks.base

    def slot(day: date, half: int) -> int:
        plain = base and max(REFORM, base) <= day <= LATEST and (day - base).days <= LONGEST_DAYS
        plain = plain and not marks.days.is_after(day) and marks.days.is_school_day(day)
        return (day - base).days * 2 + half if plain and base else -1

    columns = [_Column(place, day, half, slot(day, half)) for day, half, place in dated]
    return sorted(columns, key=lambda column: column.slot)


def _dated(sheet: Sheet, marks: CohortMarks) -> list[tuple[SessionColumn, date]]:
    dated, unknown = [], dict[str, list[str]]()
    for column in sheet.headings.sessions:
        days = column.days_within(marks.days.calendar, marks.days.on)
        if len(days) == 1:
            dated.append((column, days[0]))
        else:
            heading = sheet.headings.cells[column.place].strip()
            unknown.setdefault(_why_unknown(marks, days), []).append(heading)
    if unknown:
        raise CohortError([_unknown_year(sheet, detail, headings) for detail, headings in unknown.items()])
    return dated


def _unknown_year(sheet: Sheet, detail: str, headings: Sequence[str]) -> Problem:
    """A cause at the first of its headings, with the number of others."""
    more = len(headings) - 1
    same = f" The same in {more:,} more {'columns' if more > 1 else 'column'}, to {headings[-1]}." if more else ""
    return sheet.problem("unknown-year", detail + same, sheet.heading_row, headings[0])


def _why_unknown(marks: CohortMarks, days: Sequence[date]) -> str:
    if not marks.days.calendar.is_known:
        return "The year of this heading is not known. Add a calendar, or write the year: 02/09/2026 AM."
    if days:
        return f"This heading can mean {' or '.join(f'{day:%d/%m/%Y}' for day in days)}. Write the year."
    return "No day in the terms of the calendar fits this heading. Write the year, or correct the calendar."

"""A week's grid: a row a pupil and a week, a column for each half day or each day from Monday to Friday."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from service.attendance.calendar import monday_of
from service.attendance.reading.value_kinds import read_loose_day
from service.cohort.marks.registers import CohortMarks
from service.cohort.sheet import Sheet
from service.cohort.summary.periods import find_only_week
from service.errors import CohortError, Problem

_TWO_MARKS = 2


def read_weekly_marks(sheet: Sheet, marks: CohortMarks) -> None:
    """Take every row of a week's grid. Raises CohortError when nothing says which week it is."""
    monday = _find_week(sheet)
    if monday is None and not sheet.headings.has("week"):
        columns = [sheet.headings.cells[column.place].strip() for column in sheet.headings.weekdays]
        sentence = (
            f"Say which week this is: the columns {columns[0]} to {columns[-1]} have no dates. Write the week's Monday "
            "above the headings, for example Week commencing 16/11/2026."
        )
        raise CohortError(Problem("no-week", sentence, file=sheet.name))
    for number, row in sheet.rows(sheet.count):
        key = marks.begin_row(sheet, number, row)
        if not key:
            continue
        day = read_loose_day(sheet.cell(row, "week")) if sheet.headings.has("week") else monday
        if day is None:
            detail = "Enter the first day of the week, for example 16/11/2026."
            marks.refuse(
                sheet, key, number, sheet.problem("not-a-date", detail, number, sheet.headings.heading_of("week"))
            )
            continue
        for place, found, half, code in _marks_of(sheet, row, monday_of(day)):
            marks.put(sheet, key, found, half, code, number, sheet.headings.cells[place].strip())
        marks.end_row(sheet, key, number)


def _find_week(sheet: Sheet) -> date | None:
    """The Monday of the week that the rows above the headings name, or the file's name."""
    return find_only_week(sheet.titles) or find_only_week([sheet.name.replace("_", " ")])


def _marks_of(sheet: Sheet, row: Sequence[str], monday: date) -> Iterator[tuple[int, date, int, str]]:
    """Each mark of a row with its column, its day and its half; a cell of a whole day holds two marks."""
    for place, weekday, half in sheet.headings.weekdays:
        cell = row[place].strip() if place < len(row) else ""
        day = monday + timedelta(days=weekday)
        if half is not None:
            if cell:
                yield place, day, half, cell
        elif len(cell) == _TWO_MARKS:
            yield from ((place, day, number, code) for number, code in enumerate(cell))
        elif cell:
            codes = cell.split()
            both = codes if len(codes) == _TWO_MARKS else (cell, cell)
            yield from ((place, day, number, code) for number, code in enumerate(both))

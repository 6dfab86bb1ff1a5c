"""A row a day: the marks of a morning and an afternoon beside each other, perhaps with those of lessons."""

from __future__ import annotations

import re
from datetime import date

from service.attendance.reading.value_kinds import read_loose_day
from service.cohort.marks.registers import CohortMarks
from service.cohort.sheet import Sheet

_HALVES = ("morning", "afternoon")
_BETWEEN = re.compile(r"\s+|\s*[|,;]\s*")


def read_day_marks(sheet: Sheet, marks: CohortMarks) -> None:
    """Take every row of a file with a row a day; marks of lessons are left out and counted."""
    halves = [(half, word) for half, word in enumerate(_HALVES) if sheet.headings.has(word)]
    for number, row in sheet.rows(sheet.count):
        key = marks.begin_row(sheet, number, row)
        if not key:
            continue
        day = read_loose_day(sheet.cell(row, "date"))
        if day is None:
            detail = "Enter a real date, for example 20/11/2026."
            marks.refuse(
                sheet, key, number, sheet.problem("not-a-date", detail, number, sheet.headings.heading_of("date"))
            )
            continue
        for half, word in halves:
            if code := sheet.cell(row, word):
                marks.put(sheet, key, day, half, code, number, sheet.headings.heading_of(word))
        if sheet.headings.has("mark_string"):
            _put_pair(sheet, marks, key, day, number, sheet.cell(row, "mark_string"))
        lessons = sum(place < len(row) and bool(row[place].strip()) for place in sheet.headings.lessons)
        if lessons:
            marks.leave_out_lessons(sheet, lessons)
        marks.end_row(sheet, key, number)


def _put_pair(sheet: Sheet, marks: CohortMarks, key: str, day: date, number: int, cell: str) -> None:
    """Take both marks of a day out of one cell: "/\\", "/ \\" or "/|\\"."""
    if not cell:
        return
    heading, parts = sheet.headings.heading_of("mark_string"), _BETWEEN.split(cell)
    codes = list(cell) if len(cell) == len(_HALVES) else parts
    if len(codes) != len(_HALVES):
        detail = "Write two marks, that of the morning and that of the afternoon, with a space between them."
        marks.refuse(sheet, key, number, sheet.problem("unclear-marks", detail, number, heading))
        return
    for half, code in enumerate(codes):
        marks.put(sheet, key, day, half, code, number, heading)

"""Rows of a calendar -> its entries."""

from __future__ import annotations

from collections.abc import Sequence

from service.attendance.calendar import CalendarEntry
from service.attendance.reading.calendar_lines import read_entry
from service.cohort.sheet import Sheet
from service.errors import Problem


def read_calendar_rows(sheets: Sequence[Sheet], problems: list[Problem]) -> tuple[CalendarEntry, ...]:
    """The entries of the calendar files; what is wrong with a row goes to `problems`."""
    entries = []
    for sheet in sheets:
        for number, row in sheet.rows(sheet.count):
            cells = {word: row[place].strip() for word, place in sheet.headings.places.items() if place < len(row)}
            found = read_entry(cells)
            if isinstance(found, CalendarEntry):
                entries.append(found)
                sheet.count.use("")
            else:
                sheet.count.fault(number)
                problems.append(sheet.problem("calendar-problem", found, number))
    return tuple(entries)

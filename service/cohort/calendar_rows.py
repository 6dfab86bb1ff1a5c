"""Rows of a calendar -> its entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from service.attendance.calendar import CalendarEntry
from service.attendance.value_kinds import read_day
from service.cohort.sheet import Sheet
from service.errors import Problem, did_you_mean

KINDS = ("term", "closed")


def read_calendar_rows(sheets: Sequence[Sheet], problems: list[Problem]) -> tuple[CalendarEntry, ...]:
    """The entries of the calendar files; what is wrong with a row goes to `problems`."""
    entries = []
    for sheet in sheets:
        for number, row in sheet.rows():
            cells = {word: row[place].strip() for word, place in sheet.headings.places.items() if place < len(row)}
            found = read_entry(cells)
            if isinstance(found, CalendarEntry):
                entries.append(found)
            else:
                problems.append(sheet.problem("calendar-problem", found, number))
    return tuple(entries)


def read_entry(cells: dict[str, str]) -> CalendarEntry | str:
    """A line of a calendar with from, to, kind and name, or a sentence about what is wrong with it."""
    first, last = (_read(cells.get(word, "")) for word in ("from", "to"))
    kind = cells.get("kind", "").lower()
    if first is None or last is None:
        return "Enter real dates under from and to, for example 2026-09-02."
    if last < first:
        return f"The last day ({last:%d/%m/%Y}) lies before the first ({first:%d/%m/%Y})."
    if (last - first).days > 366:
        return "A term or closure of more than a year is a mistake in a date."
    if kind not in KINDS:
        return f'"{kind}" is not a kind of day: write term or closed.{did_you_mean(kind, KINDS)}'
    return CalendarEntry(first, last, kind == "term", cells.get("name", ""))


def _read(text: str) -> date | None:
    return read_day(text.strip(), british=True)

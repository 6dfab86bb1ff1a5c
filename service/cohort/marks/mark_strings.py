"""Marks as one string of characters from a day on: two a day, with or without Saturdays and Sundays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from service.attendance.closed_days import MarkDays
from service.attendance.reading.value_kinds import read_loose_day
from service.cohort.marks.registers import CohortMarks
from service.cohort.sheet import Sheet

_CLOSED = frozenset("# -")
_FRIDAY = 4


def read_mark_strings(sheet: Sheet, marks: CohortMarks) -> None:
    """Take every row of a file that holds a pupil's marks in one cell, with the day that they begin on."""
    heading = sheet.headings.heading_of("mark_string")
    for number, row in sheet.rows(sheet.count):
        key = marks.begin_row(sheet, number, row)
        if not key:
            continue
        text, start = sheet.cell(row, "mark_string"), read_loose_day(sheet.cell(row, "period_start"))
        if start is None:
            detail = "Enter the day of the first mark, for example 02/09/2026."
            marks.refuse(
                sheet,
                key,
                number,
                sheet.problem("not-a-date", detail, number, sheet.headings.heading_of("period_start")),
            )
            continue
        days = _find_days(text, start, marks.days)
        if isinstance(days, str):
            marks.refuse(sheet, key, number, sheet.problem("unclear-marks", days, number, heading))
            continue
        for (day, half), code in zip(days, text, strict=True):
            if code != " ":
                marks.put(sheet, key, day, half, code, number, heading)
        marks.end_row(sheet, key, number)


def _find_days(text: str, start: date, days: MarkDays) -> list[tuple[date, int]] | str:
    """The session of each character, or why nobody can tell."""
    if any(character.isdigit() for character in text):
        return "Codes of two characters, such as C1, cannot be told apart in one string. Export a row a mark."
    whole, weekdays = (_sessions(start, len(text), with_weekends) for with_weekends in (True, False))
    fits = [
        found
        for found in (whole, weekdays)
        if all(_can_stand(code, day, days) for (day, _), code in zip(found, text, strict=True))
    ]
    if whole == weekdays or len(fits) == 1:
        return fits[0] if fits else _NO_FIT
    return fits[0] if fits and _has_weekend(whole) else _NO_FIT


_NO_FIT = (
    "The marks do not fit the days from the start date on: some would be for a Saturday, a Sunday or a day when the "
    "school is closed. Correct the start date, or export a row a mark."
)


def _can_stand(code: str, day: date, days: MarkDays) -> bool:
    return code in _CLOSED or (day.weekday() <= _FRIDAY and days.is_school_day(day))


def _has_weekend(sessions: list[tuple[date, int]]) -> bool:
    return any(day.weekday() > _FRIDAY for day, _ in sessions)


def _sessions(start: date, length: int, with_weekends: bool) -> list[tuple[date, int]]:
    return [session for session, _ in zip(_all_sessions(start, with_weekends), range(length), strict=False)]


def _all_sessions(day: date, with_weekends: bool) -> Iterator[tuple[date, int]]:
    while True:
        if with_weekends or day.weekday() <= _FRIDAY:
            yield day, 0
            yield day, 1
        day += timedelta(days=1)

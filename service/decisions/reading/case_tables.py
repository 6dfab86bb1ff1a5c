"""Reads a cases file strictly before any of its cases is decided: a case that is written wrongly proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.decisions.reading.tables import Table, open_table
from service.errors import Problem

_KINDS = ("term", "closed")
_MISSPELT = "unknown-key"


@dataclass(frozen=True, slots=True)
class Case:
    """A case: its place in the file, its values as they are written, and the calendar that it is decided by."""

    place: str
    values: dict[str, Any]
    school: SchoolCalendar


def read_cases(path: Path, problems: list[Problem]) -> list[Case]:
    """The cases of a file that can be decided; what is wrong with the file or the others goes to `problems`."""
    table = open_table(path, problems)
    school = _read_calendar(table)
    cases = [case for inner in table.tables("case", "case") if (case := _read_case(inner, school))]
    table.close()
    return cases


def count_cases(path: Path) -> int:
    """How many cases a file holds; none where it cannot be read."""
    return len(open_table(path, []).tables("case"))


def _read_calendar(table: Table) -> SchoolCalendar:
    entries = (_read_entry(inner) for inner in table.tables("calendar"))
    return SchoolCalendar(tuple(entry for entry in entries if entry))


def _read_entry(table: Table) -> CalendarEntry | None:
    first, last = table.day("from", required=True), table.day("to", required=True)
    kind = table.word("kind", _KINDS, "kind of days", required=True)
    name = table.text("name")
    table.close()
    if first and last and last < first:
        table.refuse("wrong-date", "to", "to must not be before from.")
    return CalendarEntry(first, last, kind == "term", name) if first and last else None


def _read_case(table: Table, school: SchoolCalendar) -> Case | None:
    before = len(table.problems)
    table.text("name", required=True)
    table.day("on", required=True)
    own = _read_calendar(table) if "calendar" in table.values else school
    if pupil := table.table("pupil", table.where):
        _check_pupil(pupil, own)
    elif "pupil" not in table.values:
        table.refuse("missing-key", "pupil", "Add pupil: what is known about the pupil.")
    if expect := table.table("expect", table.where):
        _check_expected(expect)
    table.close()
    is_sound = all(problem.code == _MISSPELT for problem in table.problems[before:])
    return Case(table.where, table.values, own) if is_sound else None


def _check_pupil(pupil: Table, school: SchoolCalendar) -> None:
    """Only what is the cases' own is checked here: the rest is read as every other record."""
    attended: set[date] = set()
    if attends := pupil.table("attends"):
        attended = {day for day in _read_days(attends) if school.is_open(day)}
        attends.close()
    absences = pupil.tables("absent")
    if absences and not attends:
        pupil.refuse("missing-key", "attends", "Add attends: absences are taken out of the days attended.")
    for absence in absences:
        _check_absence(absence, attended)


def _check_absence(absence: Table, attended: set[date]) -> None:
    days = _read_days(absence)
    if (session := absence.text("session")) and session not in ("AM", "PM"):
        absence.refuse("unknown-session", "session", f'session must be "AM" or "PM", not "{session}".')
    absence.text("code", required=True)
    absence.close()
    if attended and days and attended.isdisjoint(days):
        detail = "Choose a day on which the school is open and the pupil attends: nothing can be missed on this one."
        absence.refuse("closed-day", "on" if "on" in absence.values else "from", detail)


def _read_days(table: Table) -> list[date]:
    """The days of `on`, or of `from` to `to`."""
    on = table.day("on")
    first = on or table.day("from", required="on" not in table.values)
    last = on or table.day("to", required="on" not in table.values)
    if not first or not last:
        return []
    if last < first:
        table.refuse("wrong-date", "to", "to must not be before from.")
    return list(days_between(first, last))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _check_expected(expect: Table) -> None:
    expect.table("figures")
    for reason in expect.tables("reasons"):
        reason.text("text")

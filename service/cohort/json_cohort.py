"""A cohort as JSON: {"on", "pupils", "calendar"}."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.attendance.strict_json import pointer_part, read_json
from service.attendance.value_kinds import read_day
from service.cohort.calendar_rows import read_entry
from service.errors import CohortError, Problem, did_you_mean

_WORDS = ("on", "pupils", "calendar")


@dataclass(frozen=True, slots=True)
class JsonCohort:
    """What a JSON cohort holds: pupils still as they were written."""

    pupils: list[Any]
    calendar: SchoolCalendar
    on: date | None


def read_json_cohort(path: Path) -> JsonCohort:
    """The cohort of a JSON file. Raises CohortError with every fault of the file as a whole."""
    values = read_json(path.read_bytes(), path.name)
    problems = _find_problems(values)
    entries: list[CalendarEntry] = []
    if not problems:
        entries = list(read_calendar(values.get("calendar", []), problems))
    if problems:
        raise CohortError(Problem(item.code, item.detail, item.pointer, path.name) for item in problems)
    on = values.get("on")
    return JsonCohort(values["pupils"], SchoolCalendar(tuple(entries)), read_day(on, british=False) if on else None)


def _find_problems(values: Any) -> list[Problem]:
    if not isinstance(values, dict):
        return [Problem("wrong-shape", 'Give an object with "pupils", and "on" and "calendar" where known.')]
    problems = [
        Problem(
            "unknown-word", f'"{word}" is not a word of a cohort.{did_you_mean(word, _WORDS)}', f"/{pointer_part(word)}"
        )
        for word in values
        if word not in _WORDS
    ]
    if not isinstance(values.get("pupils"), list):
        problems.append(Problem("missing", "Give the pupils as a list.", "/pupils"))
    on = values.get("on")
    if on is not None and (not isinstance(on, str) or read_day(on, british=False) is None):
        problems.append(Problem("not-a-date", "Enter a real date, for example 2026-11-20.", "/on"))
    return problems


def read_calendar(items: Any, problems: list[Problem]) -> list[CalendarEntry]:
    """The entries of a calendar as JSON writes them; what is wrong goes to `problems`."""
    if not isinstance(items, list):
        problems.append(Problem("wrong-shape", "Give the calendar as a list.", "/calendar"))
        return []
    entries = []
    for place, item in enumerate(items):
        cells = {str(word): str(value) for word, value in item.items()} if isinstance(item, dict) else {}
        found = read_entry(cells)
        if isinstance(found, str):
            problems.append(Problem("calendar-problem", found, f"/calendar/{place}"))
        else:
            entries.append(found)
    return entries

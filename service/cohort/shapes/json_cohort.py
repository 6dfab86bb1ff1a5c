"""A cohort as JSON: {"on", "pupils", "calendar"}."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from service.attendance.asked import CohortFileSchema, read_words
from service.attendance.calendar import SchoolCalendar
from service.attendance.strict_json import read_json
from service.errors import CohortError, Problem


@dataclass(frozen=True, slots=True)
class JsonCohort:
    """What a JSON cohort holds: pupils still as they were written."""

    pupils: list[Any]
    calendar: SchoolCalendar
    on: date | None


def read_json_cohort(path: Path) -> JsonCohort:
    """The cohort of a JSON file. Raises CohortError with every fault of the file as a whole."""
    values = read_json(path.read_bytes(), path.name)
    if not isinstance(values, dict):
        sentence = 'Give an object with "pupils", and "on" and "calendar" where known.'
        raise CohortError(Problem("wrong-shape", sentence, file=path.name))
    problems: list[Problem] = []
    words = read_words(CohortFileSchema(), values, problems)
    if problems:
        raise CohortError(replace(item, file=path.name) for item in problems)
    return JsonCohort(words["pupils"], words.get("calendar", SchoolCalendar()), words.get("on"))

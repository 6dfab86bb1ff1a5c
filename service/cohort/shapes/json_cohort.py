"""A cohort as JSON: {"on", "pupils", "calendar"}."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.asked import CohortFileSchema, read_words
from service.errors import CohortError, Problem

_OWN = frozenset(("pupils", "on", "calendar"))


@dataclass(frozen=True, slots=True)
class JsonCohort:
    """What a JSON cohort holds: pupils still as they were written."""

    pupils: list[Any]
    calendar: SchoolCalendar
    on: date | None


def is_own_cohort(values: Any) -> bool:
    """Whether a JSON document is meant as a cohort of this service."""
    return isinstance(values, dict) and not _OWN.isdisjoint(values)


def read_json_cohort(values: dict[str, Any], name: str) -> JsonCohort:
    """The cohort of a JSON document. Raises CohortError with every fault of the file as a whole."""
    problems: list[Problem] = []
    words = read_words(CohortFileSchema(), values, problems)
    if problems:
        raise CohortError(replace(item, file=name) for item in problems)
    return JsonCohort(words["pupils"], words.get("calendar", SchoolCalendar()), words.get("on"))

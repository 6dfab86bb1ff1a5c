"""The day's decisions, kept at hand between two looks: only pupils who changed meanwhile are decided about anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from service.decisions.policy import Policy
from service.errors import RequestError
from service.memory.due_today import Due, decide_remembered, find_due
from service.memory.memory import Memory, OpenSchool
from service.memory.remembered import remember
from service.memory.today import Today, open_day
from service.storage.pupils_kept import list_versions

MOST_DAYS = 12
MANY = 40


@dataclass(slots=True)
class DayAtHand:
    """A school's day with everybody's decision, by the pupil's number, in the order in which they became known."""

    today: Today
    due: dict[int, Due] = field(default_factory=dict)


class DueKept:
    """Keeps the days that were looked at last."""

    def __init__(self) -> None:
        self._days: dict[tuple[int, str, date], DayAtHand] = {}
        self._lock = Lock()

    def look(self, memory: Memory, school: OpenSchool, policy: Policy, on: date) -> DayAtHand:
        """A day with everybody's decision, as things are now."""
        with memory.database.read() as connection:
            versions = list_versions(connection, school.id)
        key = (school.id, policy.name, on)
        with self._lock:
            kept = self._days.pop(key, None)
            if kept is None or kept.today.school != school or not school.calendar.covers(on):
                kept = DayAtHand(open_day(memory, school, policy, on))
            kept = _renew(memory, kept, versions)
            self._days[key] = kept
            for oldest in list(self._days)[:-MOST_DAYS]:
                del self._days[oldest]
        return kept


def _renew(memory: Memory, kept: DayAtHand, versions: dict[int, int]) -> DayAtHand:
    """The day with what has changed decided about anew; the one before stays as it is for whoever looks at it."""
    found = {number: due for number, due in kept.due.items() if _is_same(due, versions.get(number))}
    changed = [number for number in versions if number not in found]
    if len(changed) > MANY:
        found = {due.remembered.stored.id: due for due in find_due(memory, kept.today)}
    else:
        found |= _decide_each(memory, kept.today, changed)
    return DayAtHand(kept.today, {number: found[number] for number in versions if number in found})


def _is_same(due: Due, version: int | None) -> bool:
    return due.remembered.stored.version == version


def _decide_each(memory: Memory, today: Today, numbers: list[int]) -> dict[int, Due]:
    decided = {}
    for number in numbers:
        try:
            decided[number] = decide_remembered(remember(memory, today, number))
        except RequestError:  # erased meanwhile
            continue
    return decided

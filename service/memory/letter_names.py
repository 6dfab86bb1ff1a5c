"""What letters and events are called in a school's exports: the names of every policy, its own before others."""

from __future__ import annotations

from service.attendance.school import School
from service.cohort.event_rows import Past
from service.desk import Desk


def known_events(desk: Desk) -> frozenset[str]:
    """Everything that a history may hold under any policy."""
    return frozenset[str]().union(*(policy.events for policy in desk.policies.values()))


def past_of(desk: Desk, school: School, nothing_sent: bool) -> Past:
    """How a history is read: letters under the names of any policy, those of the school's own before others."""
    own = desk.policies.get(school.policy)
    names: dict[str, str] = {}
    for policy in (*desk.policies.values(), *([own] if own else [])):
        names |= policy.letter_names
    return Past(names, nothing_sent)

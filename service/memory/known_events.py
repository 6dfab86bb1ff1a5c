"""What a school's history may hold, whichever policy named it."""

from __future__ import annotations

from service.cohort.event_rows import Past
from service.desk import Desk
from service.memory.memory import OpenSchool


def events_of(desk: Desk) -> frozenset[str]:
    """Everything that a history may hold under any policy."""
    return frozenset[str]().union(*(policy.events for policy in desk.policies.values()))


def past_of(desk: Desk, school: OpenSchool, nothing_sent: bool) -> Past:
    """How a history is read: letters under the names of any policy, those of the school's own before others."""
    own = desk.policies.get(school.school.policy)
    names: dict[str, str] = {}
    for policy in (*desk.policies.values(), *([own] if own else [])):
        names |= policy.letter_names
    return Past(names, nothing_sent)

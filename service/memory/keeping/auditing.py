"""Whether the audit of every school is whole."""

from __future__ import annotations

from dataclasses import dataclass

from service.memory.memory import Memory, OpenSchool
from service.storage.audit_chain import count_links, verify
from service.storage.schools import list_schools


@dataclass(frozen=True, slots=True)
class Verified:
    """A school's audit: how many entries it has, and what is wrong with them."""

    key: str
    entries: int
    problems: tuple[str, ...]


def verify_one(memory: Memory, school: OpenSchool) -> Verified:
    """The audit of one school."""
    with memory.database.read() as connection:
        problems = tuple(verify(connection, school.id))
        return Verified(school.stored.key, count_links(connection, school.id), problems)


def verify_all(memory: Memory) -> list[Verified]:
    """The audit of every school, read at one moment."""
    with memory.database.read() as connection:
        return [
            Verified(school.key, count_links(connection, school.id), tuple(verify(connection, school.id)))
            for school in list_schools(connection)
        ]

"""The audit of a school as somebody looks at it, and whether that of every school is whole."""

from __future__ import annotations

from dataclasses import dataclass

from service.memory.memory import COMMAND, THIS_MACHINE, Memory, OpenSchool
from service.storage.access.api_keys import list_keys
from service.storage.audit_chain import AuditLink, count_links, list_links, verify
from service.storage.database import SERVICE, Connection
from service.storage.people.people_kept import read_person
from service.storage.schools import list_schools

_NOBODY = {
    SERVICE: "The service itself",
    COMMAND: "A command",
    THIS_MACHINE: "A program without a key",
    "": "Not noted then",
}
"""By whom an entry is, where that is neither a person nor a key."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Some entries of a school's audit, the latest first; `by` says who each `who` of theirs is."""

    total: int
    links: list[AuditLink]
    by: dict[str, str]


def list_entries(memory: Memory, school: OpenSchool, begin: int, most: int) -> Entries:
    """So many entries of a school's audit after the first ones, with the names of the people and the keys."""
    with memory.database.read() as connection:
        links = list_links(connection, school.id, begin, most)
        keys = {f"key {key.id}": f"The key {key.name}" for key in list_keys(connection, school.id)}
        known = _NOBODY | keys
        by = {who: known.get(who) or _name_person(connection, who) for who in {link.who for link in links}}
        return Entries(count_links(connection, school.id), links, by)


def _name_person(connection: Connection, who: str) -> str:
    kind, _, number = who.partition(" ")
    person = read_person(connection, int(number)) if kind == "person" else None
    return person.name if person else who.capitalize()


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

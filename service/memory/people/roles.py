"""What people may do at a school."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

OFFICER, SIGNATORY, READER, ADMINISTRATOR = "officer", "signatory", "reader", "administrator"


class Role(NamedTuple):
    """A role as a person reads it."""

    name: str
    meaning: str


ROLES = MappingProxyType(
    {
        OFFICER: Role("Attendance officer", "does everything about pupils, and issues letters"),
        SIGNATORY: Role("Signatory", "does what an officer does, and approves the letters that need it"),
        READER: Role("Reader", "sees everything and changes nothing"),
        ADMINISTRATOR: Role("Administrator", "does everything, and changes the school's settings and people"),
    }
)
WRITERS = frozenset((OFFICER, SIGNATORY, ADMINISTRATOR))
EVERYBODY = frozenset(ROLES)
SIGNATORIES = frozenset((SIGNATORY,))
ADMINISTRATORS = frozenset((ADMINISTRATOR,))

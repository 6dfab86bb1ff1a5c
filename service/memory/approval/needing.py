"""Which letters of a school a signatory has to approve."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from service.attendance.school import ENFORCEMENT, EVERY_LETTER
from service.decisions.policy import Policy
from service.memory.memory import OpenSchool
from service.memory.people.roles import SIGNATORY
from service.storage.database import Connection
from service.storage.people.roles_kept import list_people


class Needs(NamedTuple):
    """The letters that a signatory approves: those named, or every one."""

    letters: frozenset[str]
    is_every: bool = False

    def has(self, letter: str) -> bool:
        """Whether a signatory has to approve this letter."""
        return self.is_every or letter in self.letters


def find_needs(connection: Connection, school: OpenSchool, policy: Policy) -> Needs:
    """What a signatory of the school approves under a policy, as the school says.

    Where the school has not said, those are enforcement letters and notices, once somebody is a signatory.
    """
    said = school.school.needs_approval
    enforcement = policy.steps.enforcement_letters
    if said is None:
        return Needs(enforcement if has_signatory(connection, school.id) else frozenset())
    letters = frozenset(said) | (enforcement if ENFORCEMENT in said else frozenset())
    return Needs(letters, EVERY_LETTER in said)


def are_for_signatory(connection: Connection, school: OpenSchool, policy: Policy, letters: Collection[str]) -> bool:
    """Whether a signatory has to approve one of these letters."""
    if school.school.needs_approval is None and policy.steps.enforcement_letters.isdisjoint(letters):
        return False
    return any(map(find_needs(connection, school, policy).has, letters))


def has_signatory(connection: Connection, school: int) -> bool:
    """Whether anybody can approve a letter."""
    return any(one.role == SIGNATORY for one in list_people(connection, school))

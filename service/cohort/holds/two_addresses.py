"""One contact with two addresses in two files: nobody can tell which door is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from service.cohort.contacts.same_contact import ToldContact
from service.errors import Problem


def find_two_addresses(contacts: Iterable[ToldContact]) -> Iterator[Problem]:
    """A hold for each contact that two files send to different addresses."""
    for one, other in combinations(contacts, 2):
        if one.is_same_as(other) and one.has_other_door(other):
            sentence = (
                f"A contact has one address in {one.file}, row {one.row}, and another in {other.file}, row {other.row}."
                " Find out which is right and correct the other file."
            )
            yield Problem("two-addresses", sentence, file=one.file, row=one.row)

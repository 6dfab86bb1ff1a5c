"""One contact of whom two files say different things: nobody can tell which door, or whose duty, is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from service.cohort.contacts.same_contact import ToldContact
from service.errors import Problem


def find_two_contacts(contacts: Iterable[ToldContact]) -> Iterator[Problem]:
    """A hold for each contact whom two files send to different addresses, or give parental responsibility and none."""
    for one, other in combinations(contacts, 2):
        if not one.is_same_as(other):
            continue
        if one.differs_in_responsibility(other):
            sentence = (
                f"{one.file}, row {one.row}, and {other.file}, row {other.row}, differ on whether a contact has "
                "parental responsibility. Find out which is right and correct the other file."
            )
            yield Problem("two-answers", sentence, file=one.file, row=one.row)
        if one.has_other_door(other):
            sentence = (
                f"A contact has one address in {one.file}, row {one.row}, and another in {other.file}, row {other.row}."
                " Find out which is right and correct the other file."
            )
            yield Problem("two-addresses", sentence, file=one.file, row=one.row)

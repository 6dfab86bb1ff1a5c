"""Who signs a letter: always a person, never an office."""

from __future__ import annotations

import re

from service.letters.facts import LetterFacts

OFFICES = frozenset(
    "academy authority council department headteacher office officer school service services team".split()
)
"""Words of an office's or a role's name."""


def find_sender(letter: LetterFacts) -> tuple[str | None, str]:
    """Who signs and as what: the person whom the school names for the letter's role, else its usual sender.

    A letter that speaks as its role, and what the council sends, is signed by nobody else. None: no person is known.
    """
    name, role = _named_sender(letter)
    return (name if name and is_person(name) else None), role


def is_person(name: str) -> bool:
    """Whether this is a person's name; what follows it after a comma or in brackets may be a role."""
    return OFFICES.isdisjoint(re.split(r"[,(/]", name.casefold())[0].split())


def _named_sender(letter: LetterFacts) -> tuple[str, str]:
    school, role = letter.school, letter.kind.sender_role
    if role in school.senders:
        return school.senders[role], role
    if letter.kind.sent_by == "local authority":
        return school.word("local_authority_officer_name"), role
    if role.lower().startswith("head") and school.word("headteacher_name"):
        return school.word("headteacher_name"), role
    if letter.kind.speaks_as_role:
        return "", role
    return school.word("sender_name"), school.word("sender_role") or role

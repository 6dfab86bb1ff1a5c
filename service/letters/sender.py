"""Who signs a letter: always a person, never an office."""

from __future__ import annotations

import re

from service.letters.facts import LetterFacts

OFFICES = frozenset(
    "academy authority council department headteacher office officer school service services team".split()
)
"""Words of an office's or a role's name."""
_ROLES = frozenset(
    "the our head deputy assistant principal admin administrator reception secretary manager lead leader staff senior "
    "governors trust pastoral safeguarding attendance education welfare family year house name".split()
)
"""Words with which a role begins, and a person's name only after a title or a forename: Ms Head, Jo Head."""
_NOBODY = frozenset("unknown tbc tba n/a na none name insert xxx xx x your to be confirmed the".split())
_TITLES = frozenset("mr mrs ms miss mx dr prof professor rev reverend sir lady lord dame canon fr mme m".split())


def find_sender(letter: LetterFacts) -> tuple[str | None, str]:
    """Who signs and as what: the person whom the school names for the letter's role, else its usual sender.

    A letter that speaks as its role, and what the council sends, is signed by nobody else. None: no person is known.
    """
    name, role = _named_sender(letter)
    is_known = is_person(name) and name.casefold() != letter.school.word("school_name").casefold()
    return (name if is_known else None), role


def is_person(name: str) -> bool:
    """Whether this is a person's name; what follows it after a comma or in brackets may be a role."""
    words = re.split(r"[,(]|(?<=\w{3})/", name.casefold())[0].split()
    is_titled = bool(words) and words[0].strip(".") in _TITLES
    own = words[is_titled:]
    if not any(sum(map(str.isalpha, word)) > 1 - is_titled for word in own) or any(
        "[" in word or "?" in word for word in own
    ):
        return False
    return OFFICES.isdisjoint(own) and not _NOBODY.issuperset(own) and (is_titled or own[0] not in _ROLES)


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

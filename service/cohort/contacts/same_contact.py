"""Whether two rows tell of the same contact, and what both say together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.attendance.reading.records import ADDRESS_WORDS

_NUMBER = re.compile(r"\d+[a-z]?\b", re.I)
_WARNINGS = {"court_order": "yes", "receives_post": "no"}
"""What counts wherever one of the rows says it."""


class ToldContact(NamedTuple):
    """A contact as a row of a file tells it."""

    file: str
    row: int
    words: Mapping[str, str]

    def is_same_as(self, other: ToldContact) -> bool:
        """Whether another file tells of the same person; two rows of one file are two people."""
        return self.file != other.file and bool(self._name()) and self._name() == other._name()

    def has_other_door(self, other: ToldContact) -> bool:
        """Whether the addresses are of different doors; one that says less than the other is the same."""
        lines, others = self._lines(), other._lines()
        if not lines or not others:
            return False
        codes = {_plain(contact.words.get("postcode", "")) for contact in (self, other)} - {""}
        if len(codes) > 1:
            return True
        numbers, further = ({number.casefold() for number in _NUMBER.findall(text)} for text in (lines, others))
        if numbers or further:
            return numbers != further
        return _plain(lines.split("\n")[0]) != _plain(others.split("\n")[0])

    def _name(self) -> tuple[str, ...]:
        names = tuple(_plain(self.words.get(word, "")) for word in ("first_name", "last_name"))
        return names if all(names) else ()

    def _lines(self) -> str:
        return "\n".join(line for word in ADDRESS_WORDS if (line := self.words.get(word, "").strip()))


def places_of(contacts: Sequence[ToldContact]) -> list[int]:
    """For each contact its place among the people told of, from 0: one in two files is one person."""
    people: list[ToldContact] = []
    places = []
    for contact in contacts:
        known = (place for place, one in enumerate(people) if contact.is_same_as(one))
        if (place := next(known, None)) is None:
            place = len(people)
            people.append(contact)
        places.append(place)
    return places


def join_contacts(contacts: Sequence[ToldContact]) -> list[dict[str, str]]:
    """What the rows say of each person together; the first is believed, and a warning wherever it stands."""
    people: dict[int, dict[str, str]] = {}
    for contact, place in zip(contacts, places_of(contacts), strict=True):
        person = people.setdefault(place, {})
        has_address = any(word in person for word in ADDRESS_WORDS)
        for word, text in contact.words.items():
            is_address = word in ADDRESS_WORDS or word == "postcode"
            if _WARNINGS.get(word) == text or (word not in person and not (is_address and has_address)):
                person[word] = text
    return [people[place] for place in sorted(people)]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()

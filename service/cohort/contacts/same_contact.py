"""Whether two rows tell of the same contact, and what both say together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.attendance.reading.records import ADDRESS_WORDS
from service.attendance.reading.value_kinds import is_no, is_yes

_NUMBER = re.compile(r"\d+[a-z]?\b", re.I)
_WARNINGS = {"court_order": is_yes, "receives_post": is_no, "confidential_address": is_yes}
"""What counts wherever one of the rows says it."""


class ToldContact(NamedTuple):
    """A contact as a row of a file tells it."""

    file: str
    row: int
    words: Mapping[str, str]

    @property
    def name(self) -> tuple[str, ...]:
        """First and last name as they are compared; nothing where one of them is missing."""
        names = tuple(_plain(self.words.get(word, "")) for word in ("first_name", "last_name"))
        return names if all(names) else ()

    def is_same_as(self, other: ToldContact) -> bool:
        """Whether another file tells of the same person; two rows of one file are two people."""
        return self.file != other.file and bool(self.name) and self.name == other.name

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

    def differs_in_responsibility(self, other: ToldContact) -> bool:
        """Whether one says that this person has parental responsibility and the other that they have none."""
        texts = [contact.words.get("parental_responsibility", "") for contact in (self, other)]
        return any(map(is_yes, texts)) and any(map(is_no, texts))

    def _lines(self) -> str:
        return "\n".join(line for word in ADDRESS_WORDS if (line := self.words.get(word, "").strip()))


def places_of(contacts: Sequence[ToldContact]) -> list[int]:
    """For each contact its place among the people told of, from 0: one in two files is one person."""
    people: dict[tuple[str, ...], dict[str, int]] = {}  # by name: the first of each file
    places, number = [], 0
    for contact in contacts:
        namesakes = people.setdefault(contact.name, {})
        known = [place for file, place in namesakes.items() if file != contact.file] if contact.name else []
        places.append(min(known, default=number))
        if not known:
            namesakes.setdefault(contact.file, number)
            number += 1
    return places


def join_contacts(contacts: Sequence[ToldContact]) -> list[dict[str, str]]:
    """What the rows say of each person together; the first is believed, and a warning wherever it stands."""
    people: dict[int, dict[str, str]] = {}
    for contact, place in zip(contacts, places_of(contacts), strict=True):
        person = people.setdefault(place, {})
        has_address = any(word in person for word in ADDRESS_WORDS)
        for word, text in contact.words.items():
            is_address = word in ADDRESS_WORDS or word == "postcode"
            is_warning = word in _WARNINGS and _WARNINGS[word](text)
            if is_warning or (word not in person and not (is_address and has_address)):
                person[word] = text
    return [people[place] for place in sorted(people)]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()

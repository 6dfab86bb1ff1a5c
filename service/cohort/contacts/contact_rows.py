"""Contacts in columns or in rows of their own -> the words of a record's contact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from service.attendance.holding.holds import is_held
from service.attendance.holding.stopgaps import is_stopgap
from service.attendance.reading.records import ADDRESS_WORDS
from service.cohort.columns.headings import contact_column
from service.cohort.contacts.address_parts import PARTS_OF_AN_ADDRESS, compose_address, fold_line, split_block
from service.cohort.contacts.contact_names import split_name, without_title
from service.cohort.sheet import Sheet
from service.errors import Problem

_NAMES = ("first_name", "last_name", "full_name")
_COMPOSED = frozenset(("full_name", "priority", "court_order", "no_contact", *PARTS_OF_AN_ADDRESS))
_FLAGS = ("court_order", "no_contact")
_READ_IT = "Read what this says before anybody is written to: it is neither a plain yes nor a plain no."
_WHOSE = "Check whom this is about before anybody is written to: it stands beside no contact."
_IN_TWO_WAYS = (
    "Here the address has a line that its other columns do not have. Keep the one that is right, or delete this column."
)
_YES = frozenset(("yes", "y", "true", "t", "1"))


class _Notes(Protocol):
    def note(self, pointer: str, file: str, row: int, column: str = "") -> None: ...


class ContactReader:
    """Reads one contact out of the columns that hold its parts."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int]) -> None:
        self.sheet = sheet
        self.columns = {word: place for word, place in columns.items() if word not in _COMPOSED}
        self.composed = {word: place for word, place in columns.items() if word in _COMPOSED}
        self.name_place = columns.get("full_name")

    def contact(self, row: Sequence[str]) -> dict[str, str]:
        """The contact's words; empty when no column says anything about it."""
        width = len(row)
        cells = {word: row[place] for word, place in self.columns.items() if place < width and row[place]}
        contact = without_title({word: text for word, text in cells.items() if not is_stopgap(word, text)})
        cells = {word: text for word, place in self.composed.items() if place < width and (text := row[place].strip())}
        parts = {word: text for word, text in cells.items() if not is_stopgap(word, text)}
        if not parts:
            return contact
        if "full_name" in parts:
            contact = {**split_name(parts["full_name"]), **contact}
        if not PARTS_OF_AN_ADDRESS.isdisjoint(parts):
            lines = compose_address([contact.pop(word, "") for word in ADDRESS_WORDS], parts)
            contact |= dict(zip(ADDRESS_WORDS, lines, strict=False))
        if contact and is_held(parts.get("court_order", "")):
            contact["court_order"] = "yes"
        if contact and is_held(parts.get("no_contact", "")):
            contact["receives_post"] = "no"
        return contact

    def priority(self, row: Sequence[str]) -> int:
        """The contact's place among the pupil's contacts; a large number where nobody gave one."""
        place = self.composed.get("priority", len(row))
        text = row[place].strip() if place < len(row) else ""
        return int(text) if text.isdecimal() and len(text) < 4 else 1_000

    def holds(self, number: int, row: Sequence[str]) -> Iterator[Problem]:
        """What is written where a plain yes or no says whether somebody may be written to, or where nobody stands."""
        contact = self.contact(row)
        is_anybody = bool(contact)
        if (place := self.composed.get("address")) is not None and place < len(row):
            told = " ".join(contact.get(word, "") for word in (*ADDRESS_WORDS, "postcode"))
            if any(fold_line(line) not in fold_line(told) for line in split_block(row[place])):
                yield self.sheet.problem(
                    "two-addresses", _IN_TWO_WAYS, number, self.sheet.headings.cells[place].strip()
                )
        for word in _FLAGS:
            place = self.composed.get(word, len(row))
            text = row[place].strip() if place < len(row) else ""
            is_plain = word == "court_order" or text.casefold() in _YES
            if not is_held(text) or (is_anybody and is_plain):
                continue
            sentence = _READ_IT if is_anybody else _WHOSE
            yield self.sheet.problem("do-not-write", sentence, number, self.sheet.headings.cells[place].strip())

    def locate(self, pointer: str, number: int, locator: _Notes) -> None:
        """Remember where each of the contact's words stood."""
        cells = self.sheet.headings.cells
        if self.name_place is not None:
            for word in ("title", "first_name", "last_name"):
                locator.note(f"{pointer}/{word}", self.sheet.name, number, cells[self.name_place])
        for word, place in {**self.composed, **self.columns}.items():
            locator.note(f"{pointer}/{word}", self.sheet.name, number, cells[place])


def read_own_rows(sheet: Sheet) -> ContactReader:
    """The reader of a table in which each contact has a row; names without "contact" are then the pupil's own where
    the contact's stand beside them."""
    places = sheet.headings.places
    columns = {found[1]: places[word] for word in places if (found := contact_column(word))}
    is_named = any(word in columns for word in _NAMES)
    for word in _NAMES:
        if word in places and word not in columns and not is_named:
            columns[word] = places[word]
    if "letters_held" in places:
        columns.setdefault("no_contact", places["letters_held"])
    return ContactReader(sheet, columns)

"""Contacts in columns or in rows of their own -> the words of a record's contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from service.cohort.headings import CONTACT_WORDS, contact_column
from service.cohort.sheet import Sheet

_TITLES = frozenset("mr mrs ms miss mx dr prof professor rev reverend sir lady lord dame canon fr imam rabbi".split())
_NAMES = ("first_name", "last_name", "full_name")


class _Notes(Protocol):
    def note(self, pointer: str, file: str, row: int, column: str = "") -> None: ...


class ContactReader:
    """Reads one contact out of the columns that hold its parts."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int]) -> None:
        self.sheet = sheet
        self.columns = {word: place for word, place in columns.items() if word not in ("full_name", "house_number")}
        self.name_place = columns.get("full_name")
        self.house_place = columns.get("house_number")

    def contact(self, row: Sequence[str]) -> dict[str, str]:
        """The contact's words; empty when no column says anything about it."""
        width = len(row)
        contact = {word: row[place] for word, place in self.columns.items() if place < width and row[place]}
        if self.name_place is not None and self.name_place < width and row[self.name_place].strip():
            contact = {**split_name(row[self.name_place]), **contact}
        if self.house_place is not None and self.house_place < width and (house := row[self.house_place].strip()):
            contact["address_line_1"] = f"{house} {contact.get('address_line_1', '')}".strip()
        return contact

    def locate(self, pointer: str, number: int, locator: _Notes) -> None:
        """Remember where each of the contact's words stood."""
        cells = self.sheet.headings.cells
        if self.name_place is not None:
            for word in ("title", "first_name", "last_name"):
                locator.note(f"{pointer}/{word}", self.sheet.name, number, cells[self.name_place])
        for word, place in self.columns.items():
            locator.note(f"{pointer}/{word}", self.sheet.name, number, cells[place])


def read_own_rows(sheet: Sheet) -> ContactReader:
    """The reader of a table in which each contact has a row; names without "contact" are then the pupil's own where
    the contact's stand beside them."""
    places = sheet.headings.places
    columns = {found[1]: places[word] for word in places if (found := contact_column(word))}
    is_named = any(word in columns for word in _NAMES)
    for word in CONTACT_WORDS:
        if word in places and word not in columns and not (is_named and word in _NAMES):
            columns[word] = places[word]
    return ContactReader(sheet, columns)


def split_pupil_name(text: str) -> tuple[str, str]:
    """First and last name of a pupil: "SURNAME, Forename" or "Forename Surname"."""
    last, comma, first = text.partition(",")
    if not comma:
        first, _, last = text.strip().rpartition(" ")
    return first.strip(), last.strip()


def split_name(text: str) -> dict[str, str]:
    """The words of a contact's name: "Mrs Freya Patel" or "Patel, Freya"; a joint name stays whole as the last name."""
    if "&" in text or " and " in text:
        return {"last_name": text.strip()}
    words = text.replace(",", " , ").split()
    title = words.pop(0) if words and words[0].rstrip(".").casefold() in _TITLES else ""
    first, last = split_pupil_name(" ".join(words))
    found = {"title": title, "first_name": first, "last_name": last}
    return {word: value for word, value in found.items() if value}

"""Another system's JSON, by its shape -> the rows of a table, as a CSV file would hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.cohort.columns.aliases import shipped_headings
from service.cohort.shapes.shape_file import Shape, find_value
from service.cohort.text_file import NO_CODE
from service.errors import CohortError, Problem

_MARK_WORDS = ("date", "session", "code")
_HALVES = ("AM", "PM")
_WHO = ("upn", "pupil_reference", "first_name", "last_name", "registration_group")


@dataclass(frozen=True, slots=True)
class JsonTable:
    """The pupils, marks or weeks of a JSON document; the first row is the headings, item n is row n + 1."""

    name: str
    shape: Shape
    items: Sequence[Any]
    who: Mapping[str, Mapping[str, str]]
    """What is known of each pupil whom rows name only by a number."""

    def rows(self) -> Iterator[list[str]]:
        """The headings, then a row an item; of a map of dates a row a mark."""
        words = self.words
        yield [_heading(word) for word in words]
        for item in self.items:
            cells = self._cells(item)
            if self.shape.kind == "dates":
                yield from self._dated(item, cells)
            else:
                yield [cells[word] for word in words]

    def hidden_rows(self) -> Iterator[tuple[int, list[str]]]:
        """None: JSON hides nothing."""
        return iter(())

    @property
    def words(self) -> tuple[str, ...]:
        """The columns that hold something in some row, those of marks in any case."""
        if self.shape.kind == "dates":
            return (*self.shape.columns.words, *_MARK_WORDS)
        used = {word for item in self.items for word, cell in self._cells(item).items() if cell}
        kept = {*used, *(_MARK_WORDS if self.shape.kind == "mark" else ())}
        return tuple(word for word in self.shape.columns.words if word in kept)

    def _cells(self, item: Any) -> dict[str, str]:
        cells = {word: _first(item, pointers) for word, pointers in self.shape.columns.words.items()}
        if self.shape.same_pupil:
            known = self.who.get(_first(item, self.shape.same_pupil), {})
            cells |= {word: cell for word, cell in known.items() if not cells.get(word)}
        if self.shape.no_code and not cells.get("code") and find_value(item, self.shape.no_code) is not None:
            cells["code"] = NO_CODE + self.shape.no_code_sentence
        return cells

    def _dated(self, item: Any, cells: Mapping[str, str]) -> Iterator[list[str]]:
        found = find_value(item, self.shape.dates)
        who = [cells[word] for word in self.shape.columns.words]
        for day, marks in found.items() if isinstance(found, Mapping) else ():
            two = marks if isinstance(marks, str) and len(marks) == len(_HALVES) else None
            codes = two or [_first(marks, (where,)) for where in (self.shape.morning, self.shape.afternoon)]
            yield from ([*who, day, half, code] for half, code in zip(_HALVES, codes, strict=True) if code)


@dataclass(frozen=True, slots=True)
class JsonContacts:
    """The contacts of the pupils of a JSON document, a row each."""

    name: str
    shape: Shape
    items: Sequence[Any]

    def rows(self) -> Iterator[list[str]]:
        """The headings, then a row a contact."""
        who, words = ("upn", "pupil_reference"), tuple(self.shape.contacts.words)
        yield [*map(_heading, who), *(_heading(f"contact_1_{word}") for word in words)]
        for item in self.items:
            keys = [_first(item, self.shape.columns.words.get(word, ())) for word in who]
            contacts = find_value(item, self.shape.contacts.rows)
            for contact in contacts if isinstance(contacts, list) else ():
                yield [*keys, *(_first(contact, self.shape.contacts.words[word]) for word in words)]

    def hidden_rows(self) -> Iterator[tuple[int, list[str]]]:
        """None: JSON hides nothing."""
        return iter(())


def read_shaped(values: Any, shape: Shape, name: str) -> list[JsonTable | JsonContacts]:
    """The tables of a JSON document of that shape. Raises CohortError when its rows are not where they should be."""
    items = find_value(values, shape.columns.rows)
    if not isinstance(items, list):
        sentence = f"This is not {shape.title}: there is no list of them in it. Choose another shape."
        raise CohortError(Problem("wrong-shape", sentence, file=name))
    tables: list[JsonTable | JsonContacts] = [JsonTable(name, shape, items, _find_who(shape, items))]
    if shape.contacts.rows:
        tables.append(JsonContacts(f"{name}, contacts", shape, items))
    return tables


def _find_who(shape: Shape, items: Sequence[Any]) -> dict[str, dict[str, str]]:
    who: dict[str, dict[str, str]] = {}
    for item in items if shape.same_pupil else ():
        cells = {word: _first(item, shape.columns.words.get(word, ())) for word in _WHO}
        who.setdefault(_first(item, shape.same_pupil), {}).update({word: cell for word, cell in cells.items() if cell})
    return who


def _heading(word: str) -> str:
    return next(iter(shipped_headings().get(word, ())), word)


def _first(item: Any, pointers: Sequence[str]) -> str:
    """The text of the first pointer that leads to one."""
    return next((text for pointer in pointers if (text := _say(find_value(item, pointer)))), "")


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""

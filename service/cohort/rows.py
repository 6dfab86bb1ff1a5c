"""Rows of people, histories and judgements -> the words of a record, and where each stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from service.attendance.words import FACTS, MEETING
from service.cohort.headings import contact_column
from service.cohort.sheet import Sheet
from service.errors import Problem, did_you_mean

_EVENT_WORDS = ("on", "event", "outcome", "recipient", "by", "method", "note")
CONTACT_WORDS = (
    "title relationship parental_responsibility lives_with_pupil receives_post confidential_address address_line_1 "
    "address_line_2 address_line_3 address_line_4 address_line_5 postcode email language"
).split()
"""Words that mean the first contact where a row is about a pupil."""
_NOT_OF_A_RECORD = frozenset(("full_name", "sessions_present", "sessions_approved", *_EVENT_WORDS))


class Locator:
    """Remembers where each part of a record stood, to say so when it is wrong."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, int, str]] = {}

    def note(self, pointer: str, file: str, row: int, column: str = "") -> None:
        """Remember the file, row and heading of a part."""
        self._places[pointer] = (file, row, column)

    def place(self, problem: Problem, file: str, row: int) -> Problem:
        """A problem of a record, at the cell it came from; else at the pupil's own row."""
        pointer, rest = problem.pointer, ""
        while pointer and pointer not in self._places:
            pointer, _, part = pointer.rpartition("/")
            rest = part if not rest else f"{part} {rest}"
        found_file, found_row, column = self._places.get(pointer, (file, row, problem.pointer.strip("/")))
        return replace(problem, pointer="", file=found_file, row=found_row, column=column or rest)


class RowReader:
    """Reads the rows of one sheet about pupils; the columns are worked out once."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        places = sheet.headings.places
        contacts = {word: found for word in places if (found := contact_column(word))}
        if sheet.kind != "contacts":
            contacts |= {word: (1, word) for word in CONTACT_WORDS if word in places}
        self.plain = [
            (word, place) for word, place in places.items() if word not in contacts and word not in _NOT_OF_A_RECORD
        ]
        self.contact_columns: dict[int, list[tuple[str, int]]] = {}
        for word, (number, part) in contacts.items():
            self.contact_columns.setdefault(number, []).append((part, places[word]))
        self.name_place = places.get("full_name")
        self.attended = [places[word] for word in ("sessions_present", "sessions_approved") if word in places]

    @property
    def key_heading(self) -> str:
        """The heading of the column that names the pupil."""
        return self.sheet.headings.cells[self.sheet.key_place or 0]

    def key_of(self, row: Sequence[str]) -> str:
        """Which pupil a row belongs to, "" when it does not say."""
        for word in ("upn", "pupil_reference"):
            place = self.sheet.headings.places.get(word)
            if place is not None and place < len(row) and row[place].strip():
                return row[place].strip().upper()
        return ""

    def values(self, number: int, row: Sequence[str], locator: Locator) -> dict[str, Any]:
        """The words of a record that a row gives; empty cells are left out."""
        width, name, cells = len(row), self.sheet.name, self.sheet.headings.cells
        values: dict[str, Any] = {}
        for word, place in self.plain:
            if place < width and row[place]:
                values[word] = row[place]
                locator.note(f"/{word}", name, number, cells[place])
        for n in sorted(self.contact_columns):
            columns = [(part, place) for part, place in self.contact_columns[n] if place < width and row[place]]
            if columns:
                contacts = values.setdefault("contacts", [])
                for part, place in columns:
                    locator.note(f"/contacts/{len(contacts)}/{part}", name, number, cells[place])
                contacts.append({part: row[place] for part, place in columns})
        self._add_name(row, values)
        self._add_attended(row, values)
        return values

    def contact(self, row: Sequence[str]) -> dict[str, str]:
        """A contact that has a row of its own."""
        return {
            word: row[place]
            for word, place in self.plain
            if word not in ("upn", "pupil_reference") and place < len(row) and row[place]
        }

    def _add_name(self, row: Sequence[str], values: dict[str, Any]) -> None:
        """A name in one column: "SURNAME, Forename" or "Forename Surname"."""
        if self.name_place is None or "last_name" in values or self.name_place >= len(row):
            return
        last, comma, first = row[self.name_place].partition(",")
        if not comma:
            first, _, last = row[self.name_place].strip().rpartition(" ")
        values["first_name"], values["last_name"] = first.strip(), last.strip()

    def _add_attended(self, row: Sequence[str], values: dict[str, Any]) -> None:
        """Sessions attended from present and approved activities, which some reports count apart."""
        if "sessions_attended" in values or not self.attended:
            return
        cells = [row[place].strip() for place in self.attended if place < len(row)]
        if all(cell.isdigit() for cell in cells) and len(cells) == len(self.attended):
            values["sessions_attended"] = str(sum(map(int, cells)))


def read_history(sheets: Sequence[Sheet], problems: list[Problem]) -> dict[str, list[tuple[int, str, dict[str, Any]]]]:
    """What was done, by pupil: row, file and the event as a record holds it."""
    history: dict[str, list[tuple[int, str, dict[str, Any]]]] = {}
    for sheet in sheets:
        reader = RowReader(sheet)
        places = {word: place for word in _EVENT_WORDS if (place := sheet.headings.places.get(word)) is not None}
        if "on" not in places:
            places["on"] = sheet.headings.places["date"]
        for number, row in sheet.rows():
            key = _key_or_problem(reader, number, row, problems)
            event = {word: row[place] for word, place in places.items() if place < len(row) and row[place]}
            if key:
                history.setdefault(key, []).append((number, sheet.name, event))
    return history


def read_judgements(sheets: Sequence[Sheet], problems: list[Problem]) -> dict[str, list[tuple[int, str, str, Any]]]:
    """What people answered, by pupil: row, file, word and answer; rows without an answer are left out."""
    answers: dict[str, list[tuple[int, str, str, Any]]] = {}
    known = (*FACTS, *MEETING)
    for sheet in sheets:
        reader, places = RowReader(sheet), sheet.headings.places
        for number, row in sheet.rows():
            key = _key_or_problem(reader, number, row, problems)
            word = row[places["word"]].strip().lower() if places["word"] < len(row) else ""
            answer = row[places["answer"]].strip() if places["answer"] < len(row) else ""
            if key and word not in known:
                sentence = f'"{word}" is not a word that can be answered.{did_you_mean(word, known)}'
                problems.append(Problem("unknown-word", sentence, file=sheet.name, row=number, column="word"))
            elif key and answer:
                answers.setdefault(key, []).append((number, sheet.name, word, answer))
    return answers


def _key_or_problem(reader: RowReader, number: int, row: Sequence[str], problems: list[Problem]) -> str:
    key = reader.key_of(row)
    if not key:
        sentence = "Say which pupil this row belongs to."
        problems.append(
            Problem("no-identifier", sentence, file=reader.sheet.name, row=number, column=reader.key_heading)
        )
    return key

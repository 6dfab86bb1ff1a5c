"""What further files say about the pupils of an export, by pupil."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from service.cohort.contacts.contact_names import settle_name
from service.cohort.contacts.contact_rows import ContactReader, read_own_rows
from service.cohort.contacts.same_contact import ToldContact, join_contacts, places_of
from service.cohort.event_rows import EventRow, Past, event_places, read_history
from service.cohort.holds.held_columns import HeldColumns
from service.cohort.holds.two_files import ToldPupil, find_two_reports, warnings_of
from service.cohort.holds.unsent_rows import find_unsent_rows
from service.cohort.names import NAME_WORDS, is_mangled_form
from service.cohort.record_rows import (
    AnswerRow,
    Locator,
    RowFaults,
    RowReader,
    read_judgements,
)
from service.cohort.row_counts import LeftOut
from service.cohort.sheet import Sheet
from service.cohort.survey import Survey, with_rows
from service.errors import CohortError, Problem

MOST_LEFT_OVER = 1_000
_MOST_ROWS = 50
"""Rows of one table about a pupil, of contacts or figures, that are put together."""
_TOO_MANY = f"Nobody has more than {_MOST_ROWS} contacts. Look at what this column says of whose they are."


class FurtherRow(NamedTuple):
    """A row about a pupil in another file than the list of pupils."""

    number: int
    row: Sequence[str]
    reader: RowReader

    @property
    def is_sure_of_name(self) -> bool:
        """Whether it says which part of the pupil's name is the surname, should it have one."""
        return not self.reader.guessed_name(self.row)


def told_by(further: FurtherRow) -> ToldPupil:
    """A pupil as a further row tells of them."""
    return ToldPupil(further.reader.sheet.name, further.number, further.reader.values(further.row))


class ContactRow(NamedTuple):
    """A row that is a contact."""

    number: int
    row: Sequence[str]
    reader: ContactReader


@dataclass
class Parts:
    """Summaries, contacts, history, judgements and right names, each by pupil, and the faults of their rows."""

    summaries: dict[str, list[FurtherRow]] = field(default_factory=dict)
    contacts: dict[str, list[ContactRow]] = field(default_factory=dict)
    history: dict[str, list[EventRow]] = field(default_factory=dict)
    history_known: bool = False
    """Whether anything says what was sent before; a pupil it does not name then got nothing."""
    judgements: dict[str, list[AnswerRow]] = field(default_factory=dict)
    names: dict[str, list[tuple[Sheet, dict[str, Any]]]] = field(default_factory=dict)
    faults: RowFaults = field(default_factory=RowFaults)
    holds: dict[str, list[Problem]] = field(default_factory=dict)
    """What keeps letters about a pupil back, though the decision can be made."""
    mended: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """The pupils whose names were put right, by the file that had them wrong and the one that had them right."""

    def put_together(self, reader: RowReader, row: Sequence[str], key: str) -> dict[str, Any]:
        """The words of one pupil's record, out of the pupil's own row and all the others."""
        values = reader.values(row)
        if told := [further.reader.values(further.row) for further in self.summaries.get(key, ())]:
            warnings = warnings_of([values, *told])
            for words in told:
                values = {**words, **values}
            values |= warnings
        for sheet, names in self.names.get(key, ()):
            self._mend(values, names, (reader.sheet.name, sheet.name), key)
        if key in self.contacts or self.summaries.get(key):
            contacts = list(self.told_contacts(reader, 0, row, key))
            values |= {"contacts": join_contacts(contacts)} if contacts else {}
        if whole := reader.guessed_name(row):
            told_apart = [one.reader.values(one.row) for one in self.summaries.get(key, ()) if one.is_sure_of_name]
            settle_name(values, whole, told_apart)
        for answer in self.judgements.get(key, ()):
            values[answer.word] = answer.answer
        if self.history_known:
            values["history"] = [event.event for event in self.history.get(key, ())]
        return values

    def _locate_contacts(self, reader: RowReader, number: int, row: Sequence[str], key: str, locator: Locator) -> None:
        """Where the contacts that have a row of their own stood."""
        told, own = list(self.told_contacts(reader, number, row, key)), self.contacts.get(key, ())
        places, first = places_of(told), len(told) - len(own)
        for place, contact in zip(places[first:], own, strict=True):
            if place not in places[:first]:
                contact.reader.locate(f"/contacts/{place}", contact.number, locator)

    def told_pupils(self, reader: RowReader, number: int, row: Sequence[str], key: str) -> list[ToldPupil]:
        """A pupil as the list of pupils and each further row tell of them."""
        return [
            ToldPupil(reader.sheet.name, number, reader.values(row)),
            *(told_by(further) for further in self.summaries.get(key, ())),
        ]

    def told_contacts(self, reader: RowReader, number: int, row: Sequence[str], key: str) -> Iterator[ToldContact]:
        """Every contact of a pupil as a file tells it, also one that another file tells first."""
        for words in reader.values(row).get("contacts", ()):
            yield ToldContact(reader.sheet.name, number, words)
        for further in self.summaries.get(key, ())[:_MOST_ROWS]:
            for words in further.reader.values(further.row).get("contacts", ()):
                yield ToldContact(further.reader.sheet.name, further.number, words)
        for contact in self.contacts.get(key, ()):
            yield ToldContact(contact.reader.sheet.name, contact.number, contact.reader.contact(contact.row))

    def _mend(self, values: dict[str, Any], names: Mapping[str, Any], files: tuple[str, str], key: str) -> None:
        """Put the right name in the place of one that lost letters."""
        mended = [word for word in NAME_WORDS if is_mangled_form(values.get(word, ""), names.get(word, ""))]
        for word in mended:
            values[word] = names[word]
        if mended:
            self.mended.setdefault(files, set()).add(key)

    def locate(self, reader: RowReader, number: int, row: Sequence[str], key: str) -> Locator:
        """Where each of these words stood."""
        locator = Locator()
        for further in self.summaries.get(key, ()):
            further.reader.locate(further.number, further.row, locator)
        reader.locate(number, row, locator)
        self._locate_contacts(reader, number, row, key, locator)
        for answer in self.judgements.get(key, ()):
            locator.note(
                f"/{answer.word}", answer.sheet.name, answer.number, answer.sheet.headings.heading_of("answer")
            )
        for place, event in enumerate(self.history.get(key, ())):
            cells = event.sheet.headings.cells
            locator.note(f"/history/{place}", event.sheet.name, event.number)
            for word, column in event_places(event.sheet).items():
                locator.note(f"/history/{place}/{word}", event.sheet.name, event.number, cells[column])
        return locator

    def notices(self) -> Iterator[str]:
        """What a person should know about names that were put right."""
        for (wrong, right), keys in self.mended.items():
            names = "1 name" if len(keys) == 1 else f"{len(keys):,} names"
            yield f"{wrong}: letters were lost in {names}; they were taken from {right}, which has them right."

    def left_over(self, seen: Container[str]) -> Iterator[Problem]:
        """Rows that belong to no pupil of the list."""
        rows: dict[tuple[str, Problem], list[int]] = {}
        for key, number, sheet, what in self._all_rows():
            if key not in seen:
                column = sheet.headings.cells[sheet.key_place or 0].strip()
                sentence = f"{what} belongs to a pupil who is not in the list of pupils."
                cause = sheet.problem("unknown-pupil", sentence, 0, column)
                rows.setdefault((key, cause), []).append(number)
        yield from (with_rows(cause, numbers) for (_, cause), numbers in rows.items())

    def _all_rows(self) -> Iterator[tuple[str, int, Sheet, str]]:
        """Every row about a pupil: whose it is, its number and table, and what to call it."""
        for key, events in self.history.items():
            yield from ((key, one.number, one.sheet, "This") for one in events)
        for key, answers in self.judgements.items():
            yield from ((key, one.number, one.sheet, "This answer") for one in answers)
        for key, contacts in self.contacts.items():
            yield from ((key, one.number, one.reader.sheet, "This contact") for one in contacts)
        for key, summaries in self.summaries.items():
            yield from ((key, one.number, one.reader.sheet, "This row") for one in summaries)


def read_parts(sheets: Mapping[str, Sequence[Sheet]], surveys: Mapping[str, Survey], past: Past) -> Parts:
    """The parts in tables of these kinds; `surveys` holds what was found on a first look, by the table's name.

    Raises CohortError where two of them have different figures for most pupils.
    """
    parts = Parts()
    for sheet in sheets.get("summary", ()):
        reader, held = RowReader(sheet, surveys.get(sheet.name)), HeldColumns(sheet)
        for number, row in sheet.rows(sheet.count):
            key = parts.faults.key_of(sheet, number, row)
            if not key:
                continue
            further = parts.summaries.setdefault(key, [])
            found = (*_say_twice(further, sheet, number), *reader.faults(number, row))
            further.append(FurtherRow(number, row, reader))
            parts.holds.setdefault(key, []).extend([*reader.holds(number, row), *held.holds(number, row)])
            if not parts.faults.keep(key, sheet, number, found):
                sheet.count.use(key)
    several = ([told_by(row) for row in rows] for rows in parts.summaries.values() if rows[1:])
    if reports := list(find_two_reports(several)):
        raise CohortError(reports)
    for sheet in sheets.get("contacts", ()):
        _read_contacts(sheet, sheet.rows(sheet.count), parts)
    histories = sheets.get("history", ())
    parts.history = read_history(histories, parts.faults, past)
    for key, hold in (found for sheet in histories for found in find_unsent_rows(sheet)):
        parts.holds.setdefault(key, []).append(hold)
    parts.history_known = past.nothing_sent or bool(histories)
    parts.faults.of_nobody.extend(past.faults(histories))
    parts.judgements = read_judgements(sheets.get("judgements", ()), parts.faults)
    return parts


def _say_twice(further: Sequence[FurtherRow], sheet: Sheet, number: int) -> Iterator[Problem]:
    """Two rows of one table about a pupil: nobody can tell whose figures are right."""
    earlier = next((row.number for row in further if row.reader.sheet is sheet), None)
    if earlier is not None and not sheet.is_once:
        sentence = f"Row {earlier} is about the same pupil. Keep the row that is right."
        yield sheet.problem("repeated-pupil", sentence, number)


def _read_contacts(sheet: Sheet, rows: Iterable[tuple[int, Sequence[str]]], parts: Parts) -> None:
    """The contacts of these rows of a table with a row each."""
    reader, held, found, crowded = read_own_rows(sheet), HeldColumns(sheet), set[str](), set[str]()
    for number, row in rows:
        key = parts.faults.key_of(sheet, number, row)
        if not key or parts.faults.keep_broken(key, sheet, number, row):
            continue
        parts.holds.setdefault(key, []).extend([*reader.holds(number, row), *held.holds(number, row)])
        if not reader.contact(row):
            sheet.count.leave_out(LeftOut.NO_CONTACT)
            continue
        own = parts.contacts.setdefault(key, [])
        if len(own) == _MOST_ROWS:
            if key not in crowded:
                column = sheet.headings.cells[sheet.key_place or 0].strip()
                parts.faults.keep(key, sheet, number, [sheet.problem("too-many-contacts", _TOO_MANY, number, column)])
            crowded.add(key)
            sheet.count.fault(number)
            continue
        own.append(ContactRow(number, row, reader))
        sheet.count.use(key)
        found.add(key)
    if "priority" in reader.composed:
        for key in found:
            parts.contacts[key].sort(key=lambda contact: contact.reader.priority(contact.row))


def read_further_contacts(sheet: Sheet, parts: Parts, seen: set[str]) -> None:
    """The contacts of a list of pupils that has a row for each of them: all but those of the rows that are the pupils.

    `seen` holds the pupils of the tables before; those of this one are added.
    """
    _read_contacts(sheet, _besides_first(replace(sheet, is_once=False), seen), parts)


def _besides_first(sheet: Sheet, seen: set[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows about a pupil who has been seen before; until now they counted as the pupil's own."""
    for number, row in sheet.rows():
        key = sheet.key_of(row)
        if key and key in seen:
            sheet.count.use(key, -1)
            yield number, row
        seen.add(key)


def find_right_names(keys: Iterable[str], sheets: Sequence[Sheet]) -> dict[str, list[tuple[Sheet, dict[str, Any]]]]:
    """What these tables call the pupils whose names lost letters elsewhere."""
    wanted = set(keys)
    names: dict[str, list[tuple[Sheet, dict[str, Any]]]] = {}
    for sheet in sheets if wanted else ():
        reader = RowReader(sheet)
        for _, row in sheet.rows():
            key = sheet.key_of(row)
            if key in wanted:
                found = {word: text for word, text in reader.values(row).items() if word in NAME_WORDS}
                names.setdefault(key, []).append((sheet, found))
    return names

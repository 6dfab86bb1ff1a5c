"""Taking back what was issued or recorded by mistake, and printing a letter again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from service.attendance.reading.value_kinds import find_text_fault
from service.errors import Problem, RequestError
from service.memory.hooks.telling import tell_letter_reversed
from service.memory.memory import Memory, OpenSchool
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.happened import find_event, reverse_event
from service.storage.issued import REVERSED, find_letters, list_of_day, reverse_letters
from service.storage.pupils_kept import raise_version
from service.storage.stored import StoredLetter

DIGITS = 18
"""Digits that an event's number may have: no database is asked for more than it can hold."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back: the event's name and day, and the references of its letters, one for each recipient."""

    event: str
    on: date
    references: tuple[str, ...]


Also = Callable[[Connection, TakenBack, int], None]
"""What else is noted with what was taken back from a pupil."""


def take_back(
    memory: Memory,
    school: OpenSchool,
    what: str,
    why: str,
    by: str = "",
    also: Also = lambda connection, taken, pupil: None,
) -> TakenBack:
    """Take back a letter by its reference, or an event by its number; a letter can then be issued again.

    Raises RequestError without a reason, when there is no such thing, or when it was taken back already.
    """
    if not why.strip():
        raise _refuse("no-reason", "Say why with --why: the reason stays in the history.")
    if fault := find_text_fault(why):
        raise _refuse("unusable-text", fault)
    with memory.database.write(school.id) as connection:
        number = _find_event(connection, school, what)
        found = find_event(connection, school.id, number) if number else None
        if found is None:
            raise _refuse("unknown-event", f'There is no letter or event "{what}". `history` shows what there is.')
        pupil, stored = found
        if not reverse_event(connection, school.id, stored.id, by, why.strip()):
            raise _refuse("taken-back", f'"{what}" has been taken back already.')
        references = reverse_letters(connection, school.id, stored.id)
        raise_version(connection, school.id, pupil)
        note(connection, school.id, "event reversed", f"event {stored.id}")
        if references:
            tell_letter_reversed(connection, school.id, list(references))
        taken = TakenBack(stored.event.event, stored.event.on, tuple(references))
        also(connection, taken, pupil)
    return taken


def _find_event(connection: Connection, school: OpenSchool, what: str) -> int:
    """The number of an event, given as a number or as the reference of one of its letters."""
    text = what.strip().removeprefix("#")
    if text.isdecimal():
        return int(text) if len(text) <= DIGITS else 0
    letters = find_letters(connection, school.id, what)
    return _latest(letters).event if letters else 0


def read_again(memory: Memory, school: OpenSchool, reference: str) -> tuple[StoredLetter, bytes]:
    """An issued letter and its bytes, the same as when it was issued.

    Raises RequestError when there is no such letter, or its file is not kept any more.
    """
    with memory.database.read() as connection:
        letters = find_letters(connection, school.id, reference)
    if not letters:
        raise _refuse("unknown-letter", f'There is no letter with the reference "{reference}".')
    letter = _latest(letters)
    return letter, content_of(memory, school, letter)


def letters_of_day(memory: Memory, school: OpenSchool, day: date) -> list[StoredLetter]:
    """The letters that were issued on a day and not taken back, in the order in which they were issued."""
    with memory.database.read() as connection:
        return list_of_day(connection, school.id, day)


def content_of(memory: Memory, school: OpenSchool, letter: StoredLetter) -> bytes:
    """An issued letter's bytes. Raises RequestError when its file is missing or damaged."""
    content = memory.files.get(school.id, letter.file)
    if content is None:
        sentence = f"The file of {letter.reference} is missing or damaged where files are kept. Restore a backup."
        raise _refuse("missing-file", sentence)
    return content


def name_of(letter: StoredLetter, content: bytes) -> str:
    """What a letter's file is called where it is given out: its reference, and a Word file or a message's text."""
    return f"{letter.id}-{letter.reference}{'.docx' if content.startswith(b'PK') else '.txt'}"


def _latest(letters: list[StoredLetter]) -> StoredLetter:
    """The letter that counts; of those that were taken back, the last."""
    return next((letter for letter in reversed(letters) if letter.state != REVERSED), letters[-1])


def _refuse(code: str, sentence: str) -> RequestError:
    return RequestError(code, "This cannot be done", Problem(code, sentence))

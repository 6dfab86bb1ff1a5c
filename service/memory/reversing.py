"""Taking back what was issued or recorded by mistake, and printing a letter again."""

from __future__ import annotations

from dataclasses import dataclass

from service.errors import Problem, RequestError
from service.memory.memory import Memory, OpenSchool
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.happened import find_event, reverse_event
from service.storage.issued import REVERSED, find_letters, reverse_letters
from service.storage.pupils_kept import raise_version
from service.storage.stored import StoredLetter


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back: the event's name, and the references of its letters, one for each recipient."""

    event: str
    references: tuple[str, ...]


def take_back(memory: Memory, school: OpenSchool, what: str, why: str, by: str = "") -> TakenBack:
    """Take back a letter by its reference, or an event by its number; a letter can then be issued again.

    Raises RequestError without a reason, when there is no such thing, or when it was taken back already.
    """
    if not why.strip():
        raise _refuse("no-reason", "Say why with --why: the reason stays in the history.")
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
    return TakenBack(stored.event.event, tuple(references))


def _find_event(connection: Connection, school: OpenSchool, what: str) -> int:
    """The number of an event, given as a number or as the reference of one of its letters."""
    text = what.strip().removeprefix("#")
    if text.isdecimal():
        return int(text)
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
    content = memory.files.get(school.id, letter.file)
    if content is None:
        raise _refuse("missing-file", f"The file of {letter.reference} is missing from the place where files are kept.")
    return letter, content


def _latest(letters: list[StoredLetter]) -> StoredLetter:
    """The letter that counts; of those that were taken back, the last."""
    return next((letter for letter in reversed(letters) if letter.state != REVERSED), letters[-1])


def _refuse(code: str, sentence: str) -> RequestError:
    return RequestError(code, "This cannot be done", Problem(code, sentence))

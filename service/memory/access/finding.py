"""Issued letters and events, found by what they are called."""

from __future__ import annotations

from collections.abc import Iterable

from service.attendance.wishes import Wishes
from service.memory.memory import Memory, OpenSchool
from service.memory.wishing.read_wishes import wishes_behind
from service.storage.happened import find_event
from service.storage.issued import REVERSED, find_letters, list_after
from service.storage.stored import StoredLetter


def find_issued(memory: Memory, school: OpenSchool, reference: str) -> StoredLetter | None:
    """The letter with a reference: the one that counts; of those that were taken back, the last."""
    with memory.database.read() as connection:
        letters = find_letters(connection, school.id, reference)
    return next((letter for letter in reversed(letters) if letter.state != REVERSED), letters[-1] if letters else None)


def page_of_issued(
    memory: Memory, school: OpenSchool, after: int, most: int
) -> tuple[list[tuple[StoredLetter, str, str]], bool]:
    """The letters after the one with a number, each with its pupil's reference and UPN; whether there are more."""
    with memory.database.read() as connection:
        found = list_after(connection, school.id, after, most + 1)
    return found[:most], len(found) > most


def wishes_of_letters(memory: Memory, school: OpenSchool, letters: Iterable[StoredLetter]) -> dict[int, Wishes]:
    """What somebody wanted of some letters, by the number of the decision that they came from."""
    with memory.database.read() as connection:
        return wishes_behind(connection, school.id, letters)


def has_event(memory: Memory, school: OpenSchool, pupil: int, number: int) -> bool:
    """Whether an event is one of a pupil's history."""
    with memory.database.read() as connection:
        found = find_event(connection, school.id, number)
    return found is not None and found[0] == pupil

"""The log of letters: which were issued, about whom and to whom, and whether they were taken back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from service.attendance.wishes import NO_WISHES, Wishes
from service.memory.memory import Memory, OpenSchool
from service.memory.wishing.read_wishes import wishes_behind
from service.storage.database import Connection
from service.storage.dispatch.dispatches import Dispatch, last_steps
from service.storage.issued import LetterSearch, count_letters, read_words, search_letters
from service.storage.pupils_kept import read_own_words
from service.storage.stored import StoredLetter


@dataclass(frozen=True, slots=True)
class LoggedLetter:
    """A letter with the words of its pupil as they are known now, and to whom it went."""

    letter: StoredLetter
    last_name: str
    first_name: str
    registration_group: str
    recipient: str
    last_step: Dispatch | None = None
    """That it was printed or sent, where somebody said so."""
    wishes: Wishes = NO_WISHES
    """What somebody wanted of it before it was issued."""


@dataclass(frozen=True, slots=True)
class LetterPage:
    """Some of the letters that were looked for, and how many there are."""

    letters: tuple[LoggedLetter, ...]
    total: int


def look_up_letters(
    memory: Memory, school: OpenSchool, wanted: LetterSearch, begin: int = 0, most: int = 50
) -> LetterPage:
    """The letters that are looked for, the latest first."""
    with memory.database.read() as connection:
        found = search_letters(connection, school.id, wanted, begin, most)
        total = count_letters(connection, school.id, wanted)
        return LetterPage(tuple(_log(connection, school.id, found)), total)


def _log(connection: Connection, school: int, letters: Collection[StoredLetter]) -> Iterable[LoggedLetter]:
    names: dict[int, tuple[str, str, str]] = {}
    steps = last_steps(connection, school, [letter.id for letter in letters])
    wished = wishes_behind(connection, school, letters)
    for letter in letters:
        if letter.pupil not in names:
            names[letter.pupil] = _names(connection, school, letter)
        words = json.loads(read_words(connection, school, letter.id))
        yield LoggedLetter(
            letter,
            *names[letter.pupil],
            _recipient(words),
            steps.get(letter.id),
            wished.get(letter.decision, NO_WISHES),
        )


def _names(connection: Connection, school: int, letter: StoredLetter) -> tuple[str, str, str]:
    record = read_own_words(connection, school, letter.pupil)
    return (record.last_name, record.first_name, record.registration_group) if record else ("", "", "")


def _recipient(words: dict[str, object]) -> str:
    """To whom a letter went, as its envelope says."""
    lines = words.get("address_lines")
    first = lines[0] if isinstance(lines, list) and lines else ""
    return str(words.get("recipient_name") or first)

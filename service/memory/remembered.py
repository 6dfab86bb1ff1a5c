"""The pupils of a school as they are remembered, ready to be decided about."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass

from service.errors import Problem, RequestError
from service.memory.joining import join_record
from service.memory.memory import Memory, OpenSchool
from service.memory.today import Today
from service.pupil import Pupil
from service.storage.pupils_kept import find_pupil, list_known
from service.storage.stored import StoredPupil
from service.storage.whole_pupils import PupilRows, build_pupils, read_pupil, read_pupil_rows, read_some


@dataclass(frozen=True, slots=True)
class Remembered:
    """A pupil as stored, and as one is decided about."""

    stored: StoredPupil
    pupil: Pupil


def remember_all(memory: Memory, today: Today) -> Iterator[Remembered]:
    """Every pupil of a school who is not gone, at one moment."""
    for rows in read_all(memory, today):
        yield from remember_rows(today, rows)


def read_all(memory: Memory, today: Today) -> Generator[PupilRows, None, None]:
    """What is stored of every pupil of a school who is not gone, at one moment, some hundred pupils at a time."""
    with memory.database.read() as connection:
        yield from read_pupil_rows(connection, today.school.id, today.on)


def remember_rows(today: Today, rows: PupilRows) -> Iterator[Remembered]:
    """The pupils of what is stored; the database is not asked again."""
    return (build_remembered(today, stored) for stored in build_pupils(rows))


def remember(memory: Memory, today: Today, number: int) -> Remembered:
    """One pupil. Raises RequestError when the pupil is not known any more."""
    with memory.database.read() as connection:
        stored = read_pupil(connection, today.school.id, number, today.on)
    if stored is None:
        raise unknown_pupil()
    return build_remembered(today, stored)


def remember_some(memory: Memory, today: Today, numbers: Collection[int]) -> dict[int, Remembered]:
    """Some pupils at one moment, by their numbers; those that are not known any more are missing."""
    with memory.database.read() as connection:
        found = list(read_some(connection, today.school.id, numbers, today.on))
    return {stored.id: build_remembered(today, stored) for stored in found}


def build_remembered(today: Today, stored: StoredPupil) -> Remembered:
    """A stored pupil with the record of a day."""
    return Remembered(stored, today.about(join_record(stored, today.on, today.days)))


def number_of(memory: Memory, school: OpenSchool, name: str) -> int:
    """The number of the pupil with this UPN or reference. Raises RequestError when there is none."""
    with memory.database.read() as connection:
        number = find_pupil(connection, school.id, name)
    if number is None:
        raise unknown_pupil()
    return number


def keys_of(memory: Memory, school: OpenSchool, numbers: Collection[int]) -> dict[int, str]:
    """What pupils are known by in files and answers, by their numbers."""
    with memory.database.read() as connection:
        known = list_known(connection, school.id)
    return {one.id: one.upn or one.reference for one in known if one.id in numbers}


def unknown_pupil() -> RequestError:
    """What to say when nobody has this UPN or reference."""
    sentence = "No pupil of this school has that UPN or reference. Check it, or import an export with the pupil first."
    return RequestError("unknown-pupil", "Which pupil?", Problem("unknown-pupil", sentence))

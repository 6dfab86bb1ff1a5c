"""The pupils of a school as they are remembered, ready to be decided about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.decisions.policy import Policy
from service.errors import Problem, RequestError
from service.issue import Pupil
from service.memory.joining import join_record
from service.memory.memory import Memory, OpenSchool
from service.storage.pupils import find_pupil
from service.storage.stored import StoredPupil
from service.storage.whole_pupils import read_pupil, read_pupils


@dataclass(frozen=True, slots=True)
class Remembered:
    """A pupil as stored, and as one is decided about."""

    stored: StoredPupil
    pupil: Pupil


def remember_all(memory: Memory, school: OpenSchool, policy: Policy, on: date) -> Iterator[Remembered]:
    """Every pupil of a school who is not gone, at one moment."""
    with memory.database.read() as connection:
        for stored in read_pupils(connection, school.id, on):
            yield build_remembered(school, stored, policy, on)


def remember(memory: Memory, school: OpenSchool, number: int, policy: Policy, on: date) -> Remembered:
    """One pupil. Raises RequestError when the pupil is not known any more."""
    with memory.database.read() as connection:
        stored = read_pupil(connection, school.id, number, on)
    if stored is None:
        raise unknown_pupil()
    return build_remembered(school, stored, policy, on)


def build_remembered(school: OpenSchool, stored: StoredPupil, policy: Policy, on: date) -> Remembered:
    """A stored pupil with the record of a day."""
    return Remembered(stored, Pupil(join_record(stored, on), school.school, policy, on, school.calendar))


def number_of(memory: Memory, school: OpenSchool, name: str) -> int:
    """The number of the pupil with this UPN or reference. Raises RequestError when there is none."""
    with memory.database.read() as connection:
        number = find_pupil(connection, school.id, name)
    if number is None:
        raise unknown_pupil()
    return number


def unknown_pupil() -> RequestError:
    """What to say when nobody has this UPN or reference."""
    sentence = "No pupil of this school has that UPN or reference. Check it, or import an export with the pupil first."
    return RequestError("unknown-pupil", "Which pupil?", Problem("unknown-pupil", sentence))

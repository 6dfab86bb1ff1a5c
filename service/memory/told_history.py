"""One pupil's history as somebody asks for it: events, letters and corrected marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.attendance.wishes import Wishes
from service.memory.memory import Memory, OpenSchool
from service.memory.remembered import unknown_pupil
from service.memory.wishing.read_wishes import wishes_behind
from service.storage.happened import list_events
from service.storage.issued import list_letters
from service.storage.kept_marks import Correction
from service.storage.pupils_kept import find_pupil
from service.storage.registers_kept import list_corrections
from service.storage.stored import StoredEvent, StoredLetter


@dataclass(frozen=True, slots=True)
class Told:
    """A pupil's history, in order; what was taken back included."""

    events: tuple[StoredEvent, ...]
    letters: tuple[StoredLetter, ...]
    corrections: tuple[tuple[Correction, str], ...]
    wishes: Mapping[int, Wishes]
    """What somebody wanted of letters, by the number of the decision that they came from."""


def tell_history(memory: Memory, school: OpenSchool, name: str) -> Told:
    """The history of the pupil with this UPN or reference. Raises RequestError when there is none."""
    with memory.database.read() as connection:
        pupil = find_pupil(connection, school.id, name)
    if pupil is None:
        raise unknown_pupil()
    return tell_history_of(memory, school, pupil)


def tell_history_of(memory: Memory, school: OpenSchool, pupil: int) -> Told:
    """The history of a pupil by number."""
    with memory.database.read() as connection:
        letters = tuple(list_letters(connection, school.id, pupil))
        return Told(
            tuple(list_events(connection, school.id, pupil)),
            letters,
            tuple(list_corrections(connection, school.id, pupil)),
            wishes_behind(connection, school.id, letters),
        )

"""What the database knows of one pupil, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from service.attendance.record import AttendanceRecord, Event

ISSUED, RECORDED, IMPORTED = "issued", "recorded", "imported"
"""How an event became known, the surest first."""


class StoredEvent(NamedTuple):
    """An event of the history: how it is known, since when, and who took it back and why ("" while it counts)."""

    id: int
    event: Event
    source: str
    noted_at: str = ""
    reversed_at: str = ""
    reversed_by: str = ""
    reversed_why: str = ""

    @property
    def counts(self) -> bool:
        """Whether it has not been taken back."""
        return not self.reversed_at


@dataclass(frozen=True, slots=True)
class StoredHold:
    """A reason not to write before a day, or until it is lifted when no day is named."""

    id: int
    until: date | None
    why: str


class StoredWish(NamedTuple):
    """What somebody wants of a pupil's next letter: kind, letter, words, why, by whom and on which day."""

    kind: str
    letter: str
    words: str
    why: str
    by: str
    day: date


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a person answered to a question about a pupil, and on which day."""

    answer: str
    day: date


@dataclass(frozen=True, slots=True)
class StoredPupil:
    """A pupil: the record as last given, without history; what was done; what people said.

    `persons` are the contacts' own numbers in the database, in the record's order. `version` rises with every change.
    """

    id: int
    token: str
    version: int
    record: AttendanceRecord
    given_on: date
    gone_on: date | None
    persons: tuple[int, ...] = ()
    events: tuple[StoredEvent, ...] = ()
    answers: Mapping[str, StoredAnswer] | None = None
    holds: tuple[StoredHold, ...] = ()
    wishes: tuple[StoredWish, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """A letter that was issued: to whom (contacts' numbers in the record of its day), the file's hash and the state."""

    id: int
    pupil: int
    event: int
    decision: int
    day: date
    letter: str
    label: str
    occasion: str
    recipient: str
    reference: str
    file: str
    state: str
    noted_at: str

"""A batch as it is asked for and found again: its school, policy and day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions
from service.decisions.policy import Policy
from service.errors import Problem, RequestError
from service.memory.memory import Memory, OpenSchool
from service.memory.once_for_all import read_assumptions
from service.memory.today import Today, open_day
from service.storage.batched.batch_values import StoredBatch
from service.storage.batched.batches_kept import read_batch


@dataclass(frozen=True, slots=True)
class BatchAsked:
    """What a batch is asked to do: the policy and the day, who asks, free meetings, what is true of everybody."""

    policy: Policy
    on: date
    by: str = ""
    slots: Sequence[Mapping[str, str]] = ()
    assumptions: Assumptions = NOTHING_ASSUMED


@dataclass(frozen=True, slots=True)
class UploadAsked:
    """The export of a batch: the hash of its ZIP, the system it comes from, and whether nothing was sent before."""

    file: str
    shape: str = ""
    nothing_sent: bool = False

    def told(self) -> str:
        """How to read it, as text for the batch's row."""
        return json.dumps([self.shape, self.nothing_sent])


def read_upload(batch: StoredBatch) -> UploadAsked | None:
    """The export that a batch has still to understand; None for a batch without one."""
    return UploadAsked(batch.export, *json.loads(batch.told)) if batch.export else None


def write_slots(slots: Sequence[Mapping[str, str]]) -> str:
    """Meetings as text for a batch's row."""
    return json.dumps([dict(slot) for slot in slots], ensure_ascii=False)


def read_slots_left(text: str) -> list[dict[str, str]]:
    """The meetings of a batch that are free."""
    found: list[dict[str, str]] = json.loads(text or "[]")
    return found


def write_meeting(slot: Mapping[str, str]) -> str:
    """A meeting as text for a row, always the same for the same meeting."""
    return json.dumps(dict(slot), ensure_ascii=False, sort_keys=True)


def read_meeting(text: str) -> dict[str, str] | None:
    """The meeting that a row was given."""
    return None if not text else dict(json.loads(text))


def find_batch(memory: Memory, school: OpenSchool, number: int) -> StoredBatch:
    """A batch of a school. Raises RequestError when there is none."""
    with memory.database.read() as connection:
        found = read_batch(connection, school.id, number)
    if found is None:
        raise unknown_batch(number)
    return found


def unknown_batch(number: int) -> RequestError:
    """What to say when a school has no such batch."""
    return refuse("unknown-batch", f"There is no batch {number}. Look in the list of batches.")


def refuse(code: str, sentence: str, title: str = "This cannot be done with this batch") -> RequestError:
    """Why something cannot be done with a batch."""
    return RequestError(code, title, Problem(code, sentence))


class Days:
    """The day of the batch that is worked on; kept from chunk to chunk: finding it may read every register."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._key: Any = None
        self._today: Today | None = None

    def of(self, school: OpenSchool, batch: StoredBatch) -> Today:
        """The school's day of a batch."""
        key = (batch.id, batch.state, batch.released_at, school)
        if self._today is None or key != self._key:
            policy, said = self.memory.desk.policy(batch.policy), read_assumptions(batch.assumptions)
            self._key, self._today = key, open_day(self.memory, school, policy, batch.day, said)
        return self._today

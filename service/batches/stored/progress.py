"""How far a batch is: rows in each state, what is due, how much is left and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.batches.stored.batch_asked import unknown_batch
from service.memory.memory import Memory, OpenSchool
from service.storage.batched.batch_values import (
    ISSUED,
    PROBLEMS,
    READY,
    RUNNING,
    UNDERSTOOD,
    WAITING,
    StoredBatch,
)
from service.storage.batched.batches_kept import read_batch
from service.storage.batched.rows_kept import count_letters
from service.storage.database import moment


@dataclass(frozen=True, slots=True)
class Progress:
    """A batch at one moment. `rows` are counted by state, `letters` by state and the letter's name.

    `seconds_left` is reckoned from the rows done so far; None where nothing is done yet, or nothing is left.
    """

    batch: StoredBatch
    rows: dict[str, int]
    letters: dict[tuple[str, str], int]
    seconds_left: int | None

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())

    @property
    def problems(self) -> int:
        """The rows about which somebody has something to do."""
        return sum(self.rows.get(state, 0) for state in PROBLEMS)

    @property
    def left(self) -> int:
        """The rows that are still to be done in this step."""
        return self.rows.get(WAITING if self.batch.state == UNDERSTOOD else READY, 0)


def tell_progress(memory: Memory, school: OpenSchool, number: int) -> Progress:
    """How far a batch is. Raises RequestError when there is none of that number."""
    with memory.database.read() as connection:
        batch = read_batch(connection, school.id, number)
        if batch is None:
            raise unknown_batch(number)
        letters = count_letters(connection, school.id, number)
        now = moment(connection)
    rows: dict[str, int] = {}
    for (state, _), count in letters.items():
        rows[state] = rows.get(state, 0) + count
    return Progress(batch, rows, letters, _seconds_left(batch, rows, now))


def _seconds_left(batch: StoredBatch, rows: dict[str, int], now: str) -> int | None:
    if batch.state == UNDERSTOOD:
        since, left = batch.added_at, rows.get(WAITING, 0)
        done = sum(rows.values()) - left
    elif batch.state == RUNNING:
        since, left, done = batch.begun_at, rows.get(READY, 0), rows.get(ISSUED, 0)
    else:
        return None
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(since)).total_seconds()
    return round(seconds / done * left) if done and left and seconds > 0 else None

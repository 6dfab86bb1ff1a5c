"""What follows in a batch when a chunk is done, within its transaction: meetings given out, decided, finished."""

from __future__ import annotations

from service.batches.stored.batch_asked import read_meeting, read_slots_left, write_meeting, write_slots
from service.memory.hooks.telling import tell_batch_finished
from service.storage.batched.batch_values import (
    DECIDE,
    DECIDED,
    FINISHED,
    HELD,
    NEEDS_MEETING,
    PROBLEMS,
    RELEASED,
    RUNNING,
    UNDERSTOOD,
    WAITING,
    WITH_PROBLEMS,
    StoredBatch,
)
from service.storage.batched.batches_kept import change_batch, move_batch, read_batch
from service.storage.batched.claims import add_chunks, steps_left
from service.storage.batched.rows_kept import count_rows, keep_rows, read_rows
from service.storage.database import Connection

CHUNK_ROWS = 50
"""Rows that are done in one transaction; at most so many are done again after an accident."""


def follow(connection: Connection, school: int, number: int) -> None:
    """Move a batch on when nothing is left of its step."""
    batch = read_batch(connection, school, number)
    if batch is None or steps_left(connection, school, number):
        return
    if batch.state == UNDERSTOOD:
        if not _give_meetings(connection, batch):
            move_batch(connection, school, number, DECIDED, [UNDERSTOOD])
    elif batch.state in (RELEASED, RUNNING):
        finish_batch(connection, school, number)


def finish_batch(connection: Connection, school: int, number: int) -> None:
    """The end of a batch of which nothing is left to do."""
    counts = count_rows(connection, school, number)
    end = WITH_PROBLEMS if any(counts.get(state) for state in PROBLEMS) else FINISHED
    if move_batch(connection, school, number, end, [DECIDED, RELEASED, RUNNING], "ended_at"):
        tell_batch_finished(connection, school, number, end)


def _give_meetings(connection: Connection, batch: StoredBatch) -> bool:
    """Give free meetings to the rows that wait for one, in their order, and have those decided again; whether any was
    given. A meeting whose letter is held back for another reason is free again."""
    waiting = read_rows(connection, batch.school, batch.id, [NEEDS_MEETING, HELD])
    idle = [row for row in waiting if row.meeting and row.state == HELD]
    free = [*filter(None, (read_meeting(row.meeting) for row in idle)), *read_slots_left(batch.slots)]
    invited = [row for row in waiting if row.state == NEEDS_MEETING and not row.meeting]
    given = list(zip(invited, free, strict=False))
    keep_rows(connection, batch.school, batch.id, [{"number": row.number, "meeting": ""} for row in idle])
    words = [{"number": row.number, "meeting": write_meeting(slot), "state": WAITING} for row, slot in given]
    keep_rows(connection, batch.school, batch.id, words)
    if free or idle:
        change_batch(connection, batch.school, batch.id, slots=write_slots(free[len(given) :]))
    add_chunks(connection, batch.school, batch.id, DECIDE, [row.number for row, _ in given], CHUNK_ROWS)
    return bool(given)

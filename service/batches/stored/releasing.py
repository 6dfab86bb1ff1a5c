"""What people do with a batch: look, leave out, choose another letter, release, cancel, try again."""

from __future__ import annotations

from collections.abc import Callable

from service.batches.stored.batch_asked import find_batch, refuse
from service.batches.stored.following import CHUNK_ROWS, finish_batch
from service.issue import letters_of_policy
from service.memory.hooks.telling import tell_batch_finished
from service.memory.memory import Memory, OpenSchool
from service.storage.audit_chain import note
from service.storage.batched.batch_values import (
    AGAIN,
    CANCELLED,
    DECIDE,
    DECIDED,
    DUE,
    FINISHED,
    ISSUE,
    LEFT_OUT,
    NOTHING,
    READY,
    RELEASED,
    RUNNING,
    UNDERSTOOD,
    UPLOADED,
    WAITING,
    WITH_PROBLEMS,
    StoredBatch,
)
from service.storage.batched.batches_kept import change_batch, move_batch
from service.storage.batched.claims import add_chunks, drop_chunks
from service.storage.batched.rows_kept import change_states, find_row, keep_rows, read_rows, seen_of
from service.storage.database import Connection
from service.storage.failpoints import reach
from service.storage.pupil_rows import forget_files

SHORT = 12
"""Characters of a hash that a person types."""
CAN_RETRY = (DECIDED, FINISHED, WITH_PROBLEMS)
"""The states of a batch in which what was not issued can be decided again."""
_CHANGED = "This has changed since you looked. Look at the batch again, then release what you see."
_CAN_CHANGE = (*AGAIN, DUE, NOTHING, LEFT_OUT)
Keep = Callable[[Connection], None]


def _keep_nothing(_connection: Connection) -> None:
    """Nothing else is written down."""


def look(memory: Memory, school: OpenSchool, number: int) -> str:
    """What a release must name: the beginning of the hash of everything that it would issue."""
    with memory.database.read() as connection:
        return seen_of(connection, school.id, number)[:SHORT]


def release(
    memory: Memory, school: OpenSchool, number: int, seen: str, by: str = "", keep: Keep = _keep_nothing
) -> None:
    """Let the letters that were looked at be issued; `keep` writes down more in the same transaction.

    Raises RequestError when the batch is not decided, or is not what was seen any more.
    """
    with memory.database.write(school.id) as connection:
        reach("release-begun")
        now = seen_of(connection, school.id, number)
        if not seen.strip() or not now.startswith(seen.strip().lower()):
            raise refuse("changed", _say_changed(memory, school, number))
        words = {"seen": now, "released_by": by}
        if not move_batch(connection, school.id, number, RELEASED, [DECIDED], "released_at", **words):
            raise refuse("not-decided", _say_state(memory, school, number))
        numbers = [row.number for row in read_rows(connection, school.id, number, [DUE])]
        change_states(connection, school.id, number, [DUE], READY)
        add_chunks(connection, school.id, number, ISSUE, numbers, CHUNK_ROWS)
        if not numbers:
            finish_batch(connection, school.id, number)
        note(connection, school.id, "batch released", f"batch {number}", now)
        keep(connection)
        reach("release-ready")
    reach("release-kept")


def _say_changed(memory: Memory, school: OpenSchool, number: int) -> str:
    """Why what was seen is not there: somebody released it meanwhile, or something else has changed."""
    batch = find_batch(memory, school, number)
    is_released = batch.released_at and batch.state != DECIDED
    return f"Batch {number} was released already; its letters are issued once." if is_released else _CHANGED


def _say_state(memory: Memory, school: OpenSchool, number: int) -> str:
    return f"Batch {number} cannot be released now: it is {find_batch(memory, school, number).state}."


def leave_out(memory: Memory, school: OpenSchool, number: int, pupil: int, why: str, by: str = "") -> None:
    """Issue nothing to a pupil in a batch that is decided. Raises RequestError without a reason."""
    if not why.strip():
        raise refuse("no-reason", "Say why with --why: the reason stays with the batch.")
    _change_row(memory, school, number, pupil, {"state": LEFT_OUT, "why": why.strip(), "by": by}, "pupil left out")


def choose_letter(
    memory: Memory, school: OpenSchool, number: int, pupil: int, letter: str, why: str, by: str = ""
) -> None:
    """Issue another letter than the one that is due; "" is the one that is due. The pupil is decided again."""
    if letter and not why.strip():
        raise refuse("no-reason", "Say why with --why: the reason stays with the batch.")
    if letter:
        batch = find_batch(memory, school, number)
        letters_of_policy(memory.desk.policy(batch.policy).in_force(batch.day), batch.policy, letter)
    words = {"state": WAITING, "asked": letter, "why": why.strip(), "by": by}
    _change_row(memory, school, number, pupil, words, "letter chosen")


def _change_row(memory: Memory, school: OpenSchool, number: int, pupil: int, words: dict[str, str], what: str) -> None:
    batch = find_batch(memory, school, number)
    with memory.database.write(school.id) as connection:
        if batch.state != DECIDED or not move_batch(connection, school.id, number, DECIDED, [DECIDED]):
            raise refuse("not-decided", f"Batch {number} cannot be changed now: it is {batch.state}.")
        row = find_row(connection, school.id, number, pupil)
        if row is None or row.state not in _CAN_CHANGE:
            raise refuse("not-in-batch", "This pupil is not in this batch, or the letter is issued already.")
        keep_rows(connection, school.id, number, [{"number": row.number, **words}])
        if words["state"] == WAITING:
            add_chunks(connection, school.id, number, DECIDE, [row.number], 1)
            move_batch(connection, school.id, number, UNDERSTOOD, [DECIDED])
        note(connection, school.id, what, f"batch {number} pupil {pupil}")


def cancel(memory: Memory, school: OpenSchool, number: int, why: str, by: str = "", keep: Keep = _keep_nothing) -> None:
    """Issue nothing more of a batch; what was issued stays. Raises RequestError when it has ended already."""
    batch = find_batch(memory, school, number)
    with memory.database.write(school.id) as connection:
        words = {"ended_by": by, "ended_why": why.strip(), "export": ""}
        open_states = (UPLOADED, UNDERSTOOD, DECIDED, RELEASED, RUNNING)
        if not move_batch(connection, school.id, number, CANCELLED, open_states, "ended_at", **words):
            raise refuse("ended", f"Batch {number} has ended already: it is {batch.state}.")
        drop_chunks(connection, school.id, number)
        change_states(connection, school.id, number, [READY], DUE)
        unused = _forget_export(connection, batch)
        note(connection, school.id, "batch cancelled", f"batch {number}")
        tell_batch_finished(connection, school.id, number, CANCELLED)
        keep(connection)
    for name in unused:
        memory.files.delete(school.id, name)


def _forget_export(connection: Connection, batch: StoredBatch) -> list[str]:
    return forget_files(connection, batch.school, [batch.export]) if batch.export else []


def retry(memory: Memory, school: OpenSchool, number: int, keep: Keep = _keep_nothing) -> int:
    """Decide again what was not issued, to be looked at and released; how many rows.

    Raises RequestError when the batch is still at work, or was cancelled.
    """
    batch = find_batch(memory, school, number)
    with memory.database.write(school.id) as connection:
        if not move_batch(connection, school.id, number, UNDERSTOOD, CAN_RETRY):
            raise refuse("at-work", f"Batch {number} cannot be tried again now: it is {batch.state}.")
        rows = [row.number for row in read_rows(connection, school.id, number, AGAIN) if row.pupil]
        change_states(connection, school.id, number, AGAIN, WAITING)
        add_chunks(connection, school.id, number, DECIDE, rows, CHUNK_ROWS)
        if not rows:
            move_batch(connection, school.id, number, batch.state, [UNDERSTOOD])
            keep(connection)
            return 0
        change_batch(connection, school.id, number, ended_at="", begun_at="")
        note(connection, school.id, "batch tried again", f"batch {number}")
        keep(connection)
    return len(rows)

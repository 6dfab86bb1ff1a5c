"""A school's batches and their rows in pages, and whether there was one that is kept no longer."""

from __future__ import annotations

from service.batches.stored.batch_asked import refuse, unknown_batch
from service.batches.stored.starting import BATCH_STARTED
from service.errors import RequestError
from service.memory.memory import Memory, OpenSchool
from service.storage.audit_chain import has_link
from service.storage.batched.batch_values import WORKING, BatchRow, StoredBatch
from service.storage.batched.batches_kept import page_batches, read_batch
from service.storage.batched.rows_kept import page_rows

HIGHEST = (1 << 63) - 1
"""The highest number that a row can have."""


def find_or_gone(memory: Memory, school: OpenSchool, number: int) -> StoredBatch:
    """A batch of a school. Raises RequestError when there is none, or none any more."""
    with memory.database.read() as connection:
        found = read_batch(connection, school.id, number)
        is_gone = found is None and has_link(connection, school.id, BATCH_STARTED, f"batch {number}")
    if found:
        return found
    raise _say_gone(number) if is_gone else unknown_batch(number)


def _say_gone(number: int) -> RequestError:
    sentence = f"Batch {number} was kept as long as the school keeps letters, and is gone."
    return refuse("batch-gone", sentence, "This batch is gone")


def find_still(memory: Memory, school: OpenSchool, number: int) -> StoredBatch:
    """A batch whose rows do not change at the moment. Raises RequestError while it is at work."""
    batch = find_or_gone(memory, school, number)
    if batch.state in WORKING:
        sentence = f"Batch {number} is {batch.state}. Ask again when it waits for you or has ended."
        raise refuse("at-work", sentence, "This batch is still at work")
    return batch


def page_of_batches(memory: Memory, school: OpenSchool, before: int, most: int) -> tuple[list[StoredBatch], bool]:
    """The batches before the one with a number (0: all), the latest first; whether there are more."""
    with memory.database.read() as connection:
        found = page_batches(connection, school.id, before or HIGHEST, most + 1)
    return found[:most], len(found) > most


def page_of_rows(
    memory: Memory, school: OpenSchool, number: int, state: str, after: int, most: int
) -> tuple[list[tuple[BatchRow, str, str]], bool]:
    """The rows of a batch after one, each with its pupil's reference and UPN; whether there are more."""
    with memory.database.read() as connection:
        found = page_rows(connection, school.id, number, state, after, most + 1)
    return found[:most], len(found) > most

"""Decides the rows of a chunk and keeps what is shown of each, so that somebody can look before a release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.batches.stored.batch_asked import read_meeting
from service.batches.stored.following import follow
from service.batches.stored.shown import Shown, show
from service.errors import AttendanceLettersError
from service.faults import note_pupil_fault
from service.memory.fingerprints import fingerprint_of
from service.memory.issuing import Issued, make_letters
from service.memory.memory import Memory
from service.memory.remembered import Remembered, remember_some
from service.memory.today import Today
from service.storage.batched.batch_values import FAILED, WAITING, BatchRow, Chunk
from service.storage.batched.claims import finish_chunk
from service.storage.batched.rows_kept import keep_rows, read_rows
from service.storage.failpoints import reach

_GONE = "This pupil is not remembered any more."


def decide_chunk(memory: Memory, today: Today, mine: Chunk) -> bool:
    """Decide the waiting rows of a chunk; False when somebody else has the work."""
    rows = open_rows(memory, mine, WAITING)
    known = remember_some(memory, today, [row.pupil for row in rows if row.pupil])
    reach("chunk-read")
    fingerprint = fingerprint_of(memory.desk, today.policy)
    kept = [_words(memory, row, known, fingerprint) for row in rows]
    reach("chunk-decided")
    with memory.database.write(mine.school) as connection:
        if not finish_chunk(connection, mine):
            return False
        keep_rows(connection, mine.school, mine.batch, kept)
        reach("chunk-noted")
        follow(connection, mine.school, mine.batch)
    reach("chunk-kept")
    return True


def open_rows(memory: Memory, mine: Chunk, state: str) -> list[BatchRow]:
    """The rows of a chunk that are in a state."""
    with memory.database.read() as connection:
        return read_rows(connection, mine.school, mine.batch, [state], (mine.first, mine.last))


def make_row(memory: Memory, row: BatchRow, about: Remembered) -> Issued:
    """What issuing a row would come to: the letter that a person named, or the one that is due."""
    return make_letters(memory, about, row.asked, read_meeting(row.meeting))


def _words(memory: Memory, row: BatchRow, known: Mapping[int, Remembered], fingerprint: str) -> dict[str, Any]:
    about = known.get(row.pupil or 0)
    if about is None:
        return _failed(row, _GONE)
    try:
        shown = show(make_row(memory, row, about), row.number, fingerprint)
    except (OSError, MemoryError):  # of the run, and not of this pupil
        raise
    except AttendanceLettersError as error:
        return _failed(row, " ".join(problem.detail for problem in error.problems))
    except Exception as error:  # one pupil's fault is no reason to decide about nobody
        return _failed(row, note_pupil_fault(error).detail)
    return _shown(row, shown)


def _shown(row: BatchRow, shown: Shown) -> dict[str, Any]:
    words = {"state": shown.state, "letter": shown.letter, "label": shown.label}
    return {
        "number": row.number,
        **words,
        "hash": shown.hash,
        "shown": shown.content,
        "why": row.why if row.asked else "",
    }


def _failed(row: BatchRow, why: str) -> dict[str, Any]:
    words = {"state": FAILED, "letter": "", "label": "", "hash": "", "shown": None}
    return {"number": row.number, **words, "why": why}

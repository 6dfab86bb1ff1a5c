"""One chunk of any batch claimed and done, by whoever works: a process of this machine's pool, or another machine's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from service.batches.stored.batch_asked import Days, find_batch
from service.batches.stored.deciding import decide_chunk
from service.batches.stored.following import follow
from service.batches.stored.issuing_rows import issue_chunk
from service.batches.stored.starting import give_up, understand
from service.errors import AttendanceLettersError
from service.faults import log_fault
from service.memory.memory import Memory, OpenSchool, open_schools
from service.storage.batched.batch_values import (
    DECIDE,
    FAILED,
    ISSUE,
    READY,
    RELEASED,
    RUNNING,
    UNDERSTAND,
    WAITING,
    Chunk,
)
from service.storage.batched.batches_kept import move_batch
from service.storage.batched.claims import (
    LEASE_SECONDS,
    claim,
    finish_chunk,
    give_back,
    renew,
    split_chunk,
)
from service.storage.batched.rows_kept import keep_rows, read_rows
from service.storage.batched.work_search import find_claimable
from service.storage.failpoints import reach

MOST_TRIES = 3
"""How often a chunk may end its owner before it is split, to find the row that does it."""
LONGEST_SECONDS = 3600
"""How long a chunk is kept by an owner who does not come to an end with it."""
_POISON = "The program ended each time it came to this row, so the row was left out. Report this."
_NO_EXPORT = "The program ended each time it read this export. Report this."


class Trouble(Exception):  # noqa: N818  # no error of this program
    """The disk or the database cannot go on at the moment: the chunk was given back, to be done later."""


class Worker:
    """Claims chunks and does them, one after another. `owner` says who it is, to others and after an accident."""

    def __init__(self, memory: Memory, owner: str, lease: int = LEASE_SECONDS) -> None:
        self.memory, self.owner, self.lease = memory, owner, lease
        self.days = Days(memory)

    def do_next(self, batch: int = 0) -> bool:
        """Claim a chunk, of any batch or of one, and do it; False when there is none.

        Raises Trouble when the disk or the database cannot go on.
        """
        try:
            mine = self._claim(batch)
        except (AttendanceLettersError, OSError) as error:
            raise Trouble from error
        if mine is None:
            return False
        reach("chunk-claimed")
        with self._kept(mine):
            self._do(mine)
        return True

    def _claim(self, batch: int) -> Chunk | None:
        with self.memory.database.write() as connection:
            found = find_claimable(connection, batch)
            mine = claim(connection, *found, self.owner, self.lease) if found else None
            if mine and mine.step == ISSUE:
                move_batch(connection, mine.school, mine.batch, RUNNING, [RELEASED], "begun_at")
        return mine

    def _do(self, mine: Chunk) -> None:
        try:
            if mine.tries > MOST_TRIES:
                self._take_apart(mine)
            else:
                self._do_step(mine)
        except (AttendanceLettersError, OSError) as error:
            self._give_back(mine, was_tried=False)
            raise Trouble from error
        except Exception as error:  # it counts against the chunk, which is split when it goes on
            log_fault(error)
            self._give_back(mine, was_tried=True)
            if mine.tries > MOST_TRIES:  # not even taking it apart goes: look again later, not at once
                raise Trouble from error
        except BaseException:  # somebody stops us
            self._give_back(mine, was_tried=False)
            raise

    def _do_step(self, mine: Chunk) -> None:
        school = self._school(mine)
        batch = find_batch(self.memory, school, mine.batch)
        if mine.step == UNDERSTAND:
            understand(self.memory, school, batch, mine)
        elif mine.step == DECIDE:
            decide_chunk(self.memory, self.days.of(school, batch), mine)
        else:
            issue_chunk(self.memory, self.days.of(school, batch), mine, batch.released_by)

    def _school(self, mine: Chunk) -> OpenSchool:
        return next(school for school in open_schools(self.memory) if school.id == mine.school)

    def _take_apart(self, mine: Chunk) -> None:
        """Split a chunk that ended its owners, or leave out the one row that did."""
        if mine.step == UNDERSTAND:
            give_up(self.memory, find_batch(self.memory, self._school(mine), mine.batch), mine, _NO_EXPORT)
            return
        with self.memory.database.write(mine.school) as connection:
            if mine.first < mine.last:
                split_chunk(connection, mine)
            elif finish_chunk(connection, mine):
                state = WAITING if mine.step == DECIDE else READY
                rows = read_rows(connection, mine.school, mine.batch, [state], (mine.first, mine.last))
                words = [{"number": row.number, "state": FAILED, "why": _POISON} for row in rows]
                keep_rows(connection, mine.school, mine.batch, words)
                follow(connection, mine.school, mine.batch)

    def _give_back(self, mine: Chunk, was_tried: bool) -> None:
        """Let others have the chunk at once; where that cannot be done either, its lease ends by itself."""
        with suppress(AttendanceLettersError, OSError), self.memory.database.write(mine.school) as connection:
            give_back(connection, mine, was_tried)

    @contextmanager
    def _kept(self, mine: Chunk) -> Iterator[None]:
        """Keep a chunk that takes longer than its lease, as long as this program works."""
        done = threading.Event()

        def keep() -> None:
            for _ in range(LONGEST_SECONDS * 3 // self.lease):
                if done.wait(self.lease / 3):
                    return
                with suppress(AttendanceLettersError, OSError), self.memory.database.write() as connection:
                    renew(connection, mine, self.lease)

        thread = threading.Thread(target=keep, name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

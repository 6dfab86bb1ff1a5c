"""Letters that are written down together, in a program that is killed at every statement that does it."""

from __future__ import annotations

import os
import signal
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event

from service.batches.engines.owners import free_the_dead, new_owner
from service.batches.stored import issuing_rows, releasing
from service.batches.stored.working import Worker
from service.memory.memory import Memory
from tests.batches.accidents.journeys import is_killed
from tests.batches.stored.working_batches import assert_all_issued_once, decided, now, release, take_many, work
from tests.memory.living import memory_of

TOGETHER = 3
PIECES = 30
"""More than there are statements when a piece is written down."""
WRITTEN = (
    *(f"INSERT INTO {table}" for table in ("file", "decision", "event", "letter", "addressee", "audit")),
    *(f"UPDATE {table}" for table in ("chunk", "pupil", "school", "batch_row")),
    "COMMIT",
)
"""What a program must have been killed just before, at the least."""


def kill_at(memory: Memory, number: int, noted: Path) -> None:
    """Kill this process just before a statement after a piece's files are kept, or before its end; note which."""
    reached, put_together = count(1), issuing_rows.put_together

    def reach(statement: str) -> None:
        if next(reached) == number:
            noted.write_text(" ".join(statement.split()))
            os.kill(os.getpid(), signal.SIGKILL)

    def put_and_count(*words: object) -> list[str]:
        names, engine = put_together(*words), memory.database.engine
        event.listen(engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_: reach(statement))
        event.listen(engine, "commit", lambda _: reach("COMMIT"))
        return names

    issuing_rows.put_together = put_and_count


@pytest.mark.slow
def test_killed_at_any_statement_letters_are_written_down_together_or_not_at_all(url, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(releasing, "CHUNK_ROWS", TOGETHER)
    killed, noted = list[str](), tmp_path / "noted"
    with memory_of(tmp_path, url) as memory:
        take_many(memory, TOGETHER * PIECES)
        batch = decided(memory)
        release(memory, batch)
        worker = Worker(memory, new_owner())
        for number in range(1, PIECES + 1):
            memory.database.close()  # a forked process opens its own connections

            def act(number: int = number) -> None:
                kill_at(memory, number, noted)
                Worker(memory, new_owner()).do_next()

            if not is_killed(act):
                break
            killed.append(noted.read_text())
            assert now(memory, batch).rows.get("issued", 0) == TOGETHER * (number - 1)
            assert free_the_dead(memory, "") == 1
            assert worker.do_next()
            assert now(memory, batch).rows["issued"] == TOGETHER * number
        assert len(killed) < PIECES
        work(memory)
        assert now(memory, batch).batch.state == "finished"
        assert_all_issued_once(memory, TOGETHER * PIECES)
    assert [words for words in WRITTEN if not any(statement.startswith(words) for statement in killed)] == []

"""PostgreSQL crashes in the middle of a repair, at the statement that frees what a dead process had claimed."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import event

from service.batches.engines.labour import Labour
from service.batches.engines.owners import new_owner
from service.batches.stored.working import Worker
from service.memory.memory import Memory
from service.storage.batched.work_search import list_owners
from tests.batches.accidents.journeys import is_killed
from tests.batches.stored.working_batches import assert_all_issued_once, decided, now, release, take_many
from tests.memory.living import memory_of
from tests.storage.own_postgres import new_database, postgres_folder, run_postgres, start, stop

PUPILS = 3


def claim_and_die(tmp_path: Path, url: str) -> None:
    """A process claims the only piece of work, and is killed."""

    def act() -> None:
        with memory_of(tmp_path, url) as memory:
            assert Worker(memory, new_owner())._claim(0)
            os.kill(os.getpid(), signal.SIGKILL)

    assert is_killed(act)


def crash_at_repair(memory: Memory, folder: Path) -> threading.Event:
    """Let the server crash as soon as a chunk of the dead is about to be freed; set when it is gone."""
    number, gone = folder / "data" / "postmaster.pid", threading.Event()

    def crash(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE chunk") and "owner IN" in statement and not gone.is_set():
            os.kill(int(number.read_text().split()[0]), signal.SIGQUIT)
            while number.exists():
                time.sleep(0.05)
            gone.set()

    event.listen(memory.database.engine, "before_cursor_execute", crash)
    return gone


@pytest.mark.slow
def test_a_database_that_crashes_during_a_repair_loses_no_work(tmp_path: Path) -> None:
    with postgres_folder() as folder, run_postgres(folder) as address:
        url = new_database(address)
        with memory_of(tmp_path, url) as memory:
            take_many(memory, PUPILS)
            number = decided(memory)
            release(memory, number)
            claim_and_die(tmp_path, url)
            gone, labour = crash_at_repair(memory, folder), Labour(memory, until_done=True)
            working = threading.Thread(target=labour.run)
            working.start()
            assert gone.wait(60)
            again = start(folder)
            try:
                working.join(60)
                assert now(memory, number).batch.state == "finished"
                with memory.database.read() as connection:
                    assert list_owners(connection) == set()
                assert_all_issued_once(memory, PUPILS)
            finally:
                labour.stop.set()
                working.join()
                memory.database.close()
                stop(again)

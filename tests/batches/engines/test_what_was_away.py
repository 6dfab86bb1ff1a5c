"""Redis, RabbitMQ, PostgreSQL or the disk's room away in the middle of a batch: it goes on when they are back."""

from __future__ import annotations

import os
import resource
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from service.memory.memory import Memory
from tests.batches.engines.own_queues import run_rabbitmq, run_redis
from tests.batches.engines.own_workers import OwnWorker, finish, wait_for_state, wait_until, worker
from tests.batches.stored.working_batches import assert_all_issued_once, begin, now, release, take_many
from tests.memory.living import memory_of
from tests.storage.own_postgres import new_database, postgres_folder, run_postgres, start, stop

PUPILS = 120
SMALL = 2_000
"""Bytes of a file that fit on a disk that is nearly full; every letter has more."""


@pytest.mark.slow
@pytest.mark.parametrize("run", [run_redis, run_rabbitmq])
def test_a_queue_that_was_away_and_comes_back_empty_stops_no_batch(run, memory, url, tmp_path: Path):
    with run() as queue, worker(tmp_path, url, queue.url) as working:
        take_many(memory, PUPILS)
        wait_for_state(memory, begin(memory), "decided", working)
        queue.stop()
        number = begin(memory)
        wait_until(lambda: "onnection" in working.says(), working)
        queue.start()
        finish(memory, number, working, PUPILS)


@pytest.mark.slow
def test_postgresql_stopped_and_started_again_stops_no_batch(redis, tmp_path: Path):
    with postgres_folder() as folder, run_postgres(folder) as address:
        url, number_of_server = new_database(address), folder / "data" / "postmaster.pid"
        with memory_of(tmp_path, url, FILES=str(tmp_path / "files")) as memory, worker(tmp_path, url, redis) as working:
            take_many(memory, PUPILS)
            number = begin(memory)
            wait_for_state(memory, number, "decided", working)
            release(memory, number)
            wait_for_state(memory, number, "running", working)
            os.kill(int(number_of_server.read_text().split()[0]), signal.SIGINT)
            wait_until(lambda: not number_of_server.exists(), working)
            time.sleep(1)
            again = start(folder)
            try:
                wait_for_state(memory, number, "finished", working)
                assert_all_issued_once(memory, PUPILS)
            finally:
                working.kill()
                memory.database.close()
                stop(again)


def give_room(working: OwnWorker, most: int) -> None:
    """How large a file of a worker may become."""
    for process in working.processes():
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def claims(memory: Memory) -> int:
    """How often a chunk was claimed."""
    with memory.database.read() as connection:
        return int(connection.execute(text("SELECT coalesce(sum(attempt), 0) FROM chunk")).scalar_one())


@pytest.mark.slow
def test_a_disk_that_is_full_costs_no_letter(memory, url, redis, tmp_path: Path):
    take_many(memory, 3)
    with worker(tmp_path, url, redis) as working:
        number = begin(memory)
        wait_for_state(memory, number, "decided", working)
        give_room(working, SMALL)
        release(memory, number)
        before = claims(memory)
        wait_until(lambda: claims(memory) >= before + 3, working)
        assert now(memory, number).rows == {"released": 3}
        give_room(working, resource.RLIM_INFINITY)
        wait_for_state(memory, number, "finished", working)
        assert_all_issued_once(memory, 3)

"""Batches that workers of many machines finish: woken by Redis or RabbitMQ, everything else in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from service.memory.memory import Memory, open_school
from service.settings import PREFIX
from service.storage.batched.work_search import list_owners
from service.storage.failpoints import FAIL_AT
from tests.batches.engines.own_workers import finish, wait_until, worker
from tests.batches.stored.working_batches import begin, take_many

KILLED = {"redis": ("chunk-files-kept:2", 2), "rabbitmq": ("chunk-claimed:2", 5)}
"""A place at which each process of the worker dies, the second time that it comes there, and how many do."""
SHORT = {f"{PREFIX}CHUNK_SECONDS": "1"}
PUPILS = 120


def owners(memory: Memory) -> set[str]:
    """Who works on something."""
    with memory.database.read() as connection:
        return list_owners(connection)


@contextmanager
def nobody_finishes(memory: Memory) -> Iterator[ExitStack]:
    """Let nobody come to an end with a chunk until this is closed."""
    with ExitStack() as held:
        held.enter_context(memory.database.write(open_school(memory).id))
        yield held


@pytest.mark.slow
@pytest.mark.parametrize("carrier", ["redis", "rabbitmq"])
def test_a_worker_whose_processes_are_killed_finishes_a_batch_by_itself(memory, url, carrier, tmp_path, request):
    place, deaths = KILLED[carrier]
    with worker(tmp_path, url, request.getfixturevalue(carrier), **{FAIL_AT: place}) as working:
        take_many(memory, PUPILS)
        finish(memory, begin(memory), working, PUPILS)
        assert working.deaths() == deaths
        assert working.stop() == 0


@pytest.mark.slow
def test_two_workers_share_a_batch_and_one_finishes_it_when_the_other_is_gone(memory, url, redis, tmp_path: Path):
    take_many(memory, PUPILS)
    number = begin(memory)
    with (
        nobody_finishes(memory) as held,
        worker(tmp_path, url, redis, "first") as first,
        worker(tmp_path, url, redis, "second") as second,
    ):
        wait_until(lambda: len(owners(memory)) == 2, second)
        first.kill()
        held.close()
        finish(memory, number, second, PUPILS)


@pytest.mark.slow
def test_a_process_that_takes_too_long_is_ended_and_another_does_its_work(memory, url, redis, tmp_path: Path):
    take_many(memory, 3)
    number = begin(memory)
    with nobody_finishes(memory) as held, worker(tmp_path, url, redis, **SHORT) as working:
        wait_until(lambda: "Hard time limit" in working.says(), working)
        held.close()
        finish(memory, number, working, 3)

"""The engine of many machines wakes workers as long as there is work, whatever of it was away before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from service.batches.engines.choosing import engine_for
from service.batches.engines.many_machines import LOOK_SECONDS, ManyMachines
from service.memory.memory import Memory
from service.settings import read_settings
from tests.batches.engines.own_queues import OwnRedis, run_redis
from tests.batches.engines.own_workers import many_machines
from tests.batches.stored.working_batches import begin, take_many, work
from tests.printing.converter_trouble import wait_for

QUEUE = "attendance-letters"


@contextmanager
def waking(tmp_path: Path, url: str, queue: str, find_memory: Callable[[], Memory | None]) -> Iterator[None]:
    """The engine while something happens; it is the one that the settings ask for, and it ends when told to."""
    engine = engine_for(read_settings(many_machines(tmp_path, url, queue)), find_memory)
    assert isinstance(engine, ManyMachines)
    with engine:
        yield
    assert not engine._thread.is_alive()


def messages(redis: OwnRedis) -> int:
    """How many messages wait."""
    with Redis.from_url(redis.url) as asking:
        return int(asking.llen(QUEUE))


def no_more_come(redis: OwnRedis) -> bool:
    """Whether nothing is sent in the time in which two messages would be."""
    time.sleep(LOOK_SECONDS)  # what was being sent is there now
    before = messages(redis)
    time.sleep(2 * LOOK_SECONDS)
    return messages(redis) == before


@pytest.mark.slow
def test_workers_are_woken_from_the_start_of_a_batch_until_nothing_is_left_to_do(memory, url, tmp_path: Path) -> None:
    take_many(memory, 1)
    with run_redis() as redis, waking(tmp_path, url, redis.url, lambda: memory):
        assert no_more_come(redis)
        assert messages(redis) == 0
        begin(memory)
        assert wait_for(lambda: messages(redis) >= 2, 20)
        assert work(memory) == 1
        assert no_more_come(redis)


@pytest.mark.slow
def test_nobody_is_woken_before_anything_is_remembered(memory, url, tmp_path: Path) -> None:
    found: list[Memory] = []
    take_many(memory, 1)
    begin(memory)
    with run_redis() as redis, waking(tmp_path, url, redis.url, lambda: found[0] if found else None):
        assert no_more_come(redis)
        assert messages(redis) == 0
        found.append(memory)
        assert wait_for(lambda: messages(redis) > 0, 20)


@pytest.mark.slow
def test_it_goes_on_waking_after_the_queue_and_the_database_were_away(memory, url, tmp_path: Path) -> None:
    take_many(memory, 1)
    begin(memory)
    looked: list[bool] = []

    def find_memory() -> Memory:
        looked.append(is_away := len(looked) < 2)
        if is_away:
            raise OSError("away")
        return memory

    with run_redis() as redis:
        redis.stop()
        with waking(tmp_path, url, redis.url, find_memory):
            assert wait_for(lambda: len(looked) >= 4, 60)
            redis.start()
            assert wait_for(lambda: messages(redis) > 0, 60)

"""The same message twice and more: work that one of them has begun is not begun by another."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text

from service.batches.engines.message_queue import ask_to_look, open_queue
from service.memory.memory import Memory
from service.settings import PREFIX, read_settings
from tests.batches.engines.own_queues import run_redis
from tests.batches.engines.own_workers import finish, many_machines, worker
from tests.batches.stored.working_batches import begin, take_many

PUPILS, TIMES = 120, 5
QUEUE = "attendance-letters"
TWO = {f"{PREFIX}BATCH_PROCESSES": "2"}


def double(queue: str, settings: dict[str, str]) -> int:
    """A message put into the queue several times, as it is, with its own number; how many messages wait."""
    app = open_queue(read_settings(settings))
    ask_to_look(app)
    app.close()
    with Redis.from_url(queue) as redis:
        (message,) = redis.lrange(QUEUE, 0, -1)
        redis.lpush(QUEUE, *[message] * (TIMES - 1))
        return int(redis.llen(QUEUE))


def attempts(memory: Memory) -> list[int]:
    """How often each chunk was claimed."""
    with memory.database.read() as connection:
        return list(connection.execute(text("SELECT attempt FROM chunk")).scalars())


@pytest.mark.slow
def test_the_same_message_many_times_does_nothing_twice(memory, url, tmp_path: Path):
    with run_redis() as redis:
        take_many(memory, PUPILS)
        number = begin(memory)
        assert double(redis.url, many_machines(tmp_path, url, redis.url)) == TIMES
        with worker(tmp_path, url, redis.url, **TWO) as working:
            finish(memory, number, working, PUPILS)
        with Redis.from_url(redis.url) as left:
            assert left.llen(QUEUE) < TIMES
        assert attempts(memory) == [1] * 6

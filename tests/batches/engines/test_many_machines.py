"""Batches that workers of many machines finish: woken by Redis or RabbitMQ, everything else in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batches.engines.own_workers import wait_until, worker
from tests.batches.stored.working_batches import assert_all_issued_once, begin, now, release, take_many
from tests.memory.living import memory_of
from tests.storage.databases import empty_tables


@pytest.fixture
def url(postgres: str) -> str:
    """The setting DATABASE of a database with empty tables."""
    return empty_tables(postgres)


@pytest.fixture(params=["redis", "rabbitmq"])
def queue(request: pytest.FixtureRequest) -> str:
    """The setting QUEUE."""
    return request.getfixturevalue(request.param)


@pytest.mark.slow
def test_a_worker_finishes_a_batch(url: str, queue: str, tmp_path: Path) -> None:
    with memory_of(tmp_path, url, FILES=str(tmp_path / "files")) as memory, worker(tmp_path, url, queue) as working:
        take_many(memory, 60)
        number = begin(memory)
        wait_until(lambda: now(memory, number).batch.state == "decided", working)
        release(memory, number)
        wait_until(lambda: now(memory, number).batch.state == "finished", working)
        assert_all_issued_once(memory, 60)
        assert working.stop() == 0
        assert "Traceback" not in working.says()

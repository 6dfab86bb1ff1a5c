"""Several services count together where there is a Redis, and by themselves while it is away."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from service.web import shared_limits
from service.web.request_limits import RequestLimit
from service.web.shared_limits import SharedLimit, limit_for
from tests.batches.engines.own_queues import OwnRedis, run_redis

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def own() -> Iterator[OwnRedis]:
    with run_redis() as server:
        yield server


def limit_of(own: OwnRedis, a_minute: int = 30, what: str = "keys", database: str = "") -> SharedLimit:
    found = limit_for(Settings(queue=own.url, database=database), what, a_minute)
    assert isinstance(found, SharedLimit)
    return found


def test_two_processes_count_together(own) -> None:
    limit = limit_of(own)
    assert [limit.take("together") for _ in range(6)] == [0] * 6
    program = (
        "import sys; from service.settings import Settings; from service.web.shared_limits import limit_for\n"
        "limit = limit_for(Settings(queue=sys.argv[1]), 'keys', 30)\n"
        "print([limit.take('together') > 0 for _ in range(6)])"
    )
    other = subprocess.run(
        [sys.executable, "-c", program, own.url], cwd=ROOT, capture_output=True, text=True, check=True
    )
    told = other.stdout.strip("[]\n ").split(", ")
    assert told[:4] == ["False"] * 4
    assert "True" in told[4:]  # one may go on meanwhile: it fills again every two seconds


def test_each_name_kind_and_installation_has_its_own(own) -> None:
    limit = limit_of(own, what="own")
    while limit.take("key 1") == 0:
        pass
    assert limit.take("key 2") == 0
    assert limit_of(own, what="other").take("key 1") == 0
    assert limit_of(own, what="own", database="postgresql://b/c").take("key 1") == 0


def test_who_is_told_to_wait_waits_no_longer_than_it_takes(own) -> None:
    limit = limit_of(own, 60, what="wait")
    counts = [limit.take("a") for _ in range(40)]
    assert counts[:20] == [0] * 20
    assert {count for count in counts[20:] if count} == {1}


def test_while_redis_is_away_each_counts_by_itself_and_says_so_once(own, caplog, monkeypatch) -> None:
    monkeypatch.setattr(shared_limits, "AWAY_SECONDS", 0.0)
    with run_redis() as gone:
        limit = limit_of(gone)
        assert limit.take("a") == 0
    with caplog.at_level(logging.WARNING):
        told = [limit.take("a") for _ in range(12)]
    assert told[:10] == [0] * 10
    assert told[-1] > 0
    assert len(caplog.records) == 1


def test_without_redis_a_process_counts_alone() -> None:
    assert isinstance(limit_for(Settings(), "keys", 30), RequestLimit)
    assert isinstance(limit_for(Settings(queue="amqp://u@h:5672/n"), "keys", 30), RequestLimit)

"""Two machines over Redis, PostgreSQL and S3: one is cut off while it works, and the other finishes everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from service.memory.memory import Memory, open_school
from service.settings import PREFIX
from service.storage.batched.claims import LEASE_SECONDS
from tests.batches.accidents.moved_clocks import moved_clock
from tests.batches.engines.own_machines import Machines, run_s3, two_machines
from tests.batches.engines.own_queues import run_redis
from tests.batches.engines.own_workers import many_machines, wait_for_state, wait_until
from tests.batches.stored.working_batches import assert_all_issued_once, decided, now, release, take_many
from tests.memory.living import memory_of
from tests.storage.own_postgres import new_database, postgres_folder, run_postgres

PUPILS, FILES = 200, "s3://letters/school"


def sessions(memory: Memory, address: str) -> list[str]:
    """What the connections from a machine are doing, in PostgreSQL's words."""
    asked = text("SELECT concat_ws(' ', state, wait_event_type) FROM pg_stat_activity WHERE host(client_addr) = :at")
    with memory.database.read() as connection:
        return list(connection.execute(asked, {"at": address}).scalars())


@contextmanager
def served(found: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Redis, PostgreSQL and S3 for all machines: the settings DATABASE and QUEUE."""
    with ExitStack() as stack:
        folder = stack.enter_context(postgres_folder())
        url = new_database(stack.enter_context(run_postgres(folder, found.address)))
        redis = stack.enter_context(run_redis(found.address))
        _, words = stack.enter_context(run_s3(found.address, tmp_path))
        for word, value in words.items():
            monkeypatch.setenv(word, value)
        yield url, redis.url


@pytest.mark.slow
def test_a_machine_that_is_cut_off_while_it_writes_holds_nobody_up(tmp_path: Path, monkeypatch) -> None:
    with (
        two_machines() as found,
        served(found, tmp_path, monkeypatch) as (url, queue),
        memory_of(tmp_path, url, FILES=FILES) as memory,
        moved_clock(memory, url) as clock,
    ):
        take_many(memory, PUPILS)
        number = decided(memory)
        release(memory, number)
        settings = {**many_machines(tmp_path, url, queue), f"{PREFIX}FILES": FILES}
        first, second = found.machines
        with memory.database.write(open_school(memory).id):
            for machine in found.machines:  # each makes its letters, and waits to write them down
                working = machine.work(tmp_path, settings)
                wait_until(lambda at=machine.address: "active Lock" in sessions(memory, at), working)
            first.cut_off()
        if found.are_apart:
            wait_until(lambda: "idle in transaction Client" in sessions(memory, first.address), working)
            clock.set(LEASE_SECONDS + 1)
        wait_for_state(memory, number, "finished", second.worker)
        assert now(memory, number).rows == {"issued": PUPILS}
        assert_all_issued_once(memory, PUPILS)

"""Who works on what goes by the database's clock; it may be set back, and everybody may sleep for a day."""

from __future__ import annotations

from sqlalchemy import text

from service.batches.stored.working import Worker
from service.storage.batched.claims import LEASE_SECONDS
from tests.batches.accidents.moved_clocks import moved_clock
from tests.batches.stored.working_batches import assert_all_issued_once, begin, now, release, take_many, work
from tests.memory.living import memory_of

HOUR, DAY = 3600, 86_400
GONE = "gone:1:x"
"""A process of a machine that is not there any more."""


def claim(memory) -> None:
    """Let somebody who is gone claim the only piece of work, and see that nobody else gets it."""
    assert Worker(memory, GONE)._claim(0)
    assert work(memory) == 0


def test_the_clock_set_back_an_hour_stops_no_batch(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory, moved_clock(memory, url) as clock:
        take_many(memory, 2)
        number = begin(memory)
        claim(memory)
        clock.set(-HOUR)
        assert work(memory) == 1
        release(memory, number)
        claim(memory)
        clock.set(-2 * HOUR)
        assert work(memory) == 1
        assert now(memory, number).batch.state == "finished"
        assert_all_issued_once(memory, 2)


def test_what_was_claimed_a_day_ago_is_done_however_old_it_is(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory, moved_clock(memory, url) as clock:
        take_many(memory, 2)
        number, never_looked_at = begin(memory), begin(memory)
        claimed = Worker(memory, GONE)._claim(number)
        assert claimed
        clock.set(DAY)
        assert work(memory) == 2
        assert now(memory, never_looked_at).batch.state == "decided"
        release(memory, number)
        claim(memory)
        clock.set(2 * DAY)
        assert work(memory) == 1
        assert now(memory, number).batch.state == "finished"
        assert_all_issued_once(memory, 2)


def test_work_of_a_worker_of_whom_nothing_is_known_any_more_is_done_when_its_lease_is_over(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory, moved_clock(memory, url) as clock:
        take_many(memory, 2)
        number = begin(memory)
        claim(memory)
        with memory.database.write() as connection:
            assert connection.execute(text("UPDATE chunk SET owner = ''")).rowcount == 1
        assert work(memory) == 0
        clock.set(LEASE_SECONDS // 2)
        assert work(memory) == 0
        clock.set(LEASE_SECONDS + 1)
        assert work(memory) == 1
        assert now(memory, number).batch.state == "decided"

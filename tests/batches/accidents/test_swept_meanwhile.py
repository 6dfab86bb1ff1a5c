"""The sweep of files that nobody knows of, in the middle of a piece whose files are kept and not yet written down."""

from __future__ import annotations

import pytest

from service.batches.engines.owners import new_owner
from service.batches.stored import issuing_rows
from service.batches.stored.working import Worker
from service.memory.keeping.sweeping import Swept, sweep
from service.memory.memory import Memory
from tests.batches.accidents.moved_clocks import moved_clock
from tests.batches.stored.working_batches import assert_all_issued_once, decided, now, release, take_many, work
from tests.memory.living import memory_of

PUPILS = 3
LEASE = 60


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch):
    """Have something done, once, when a piece's files are kept and its transaction has not begun."""

    def have_done(act) -> list[object]:
        done, put_together = [], issuing_rows.put_together

        def put_and_act(*words: object) -> list[str]:
            names = put_together(*words)
            if not done:
                done.append(act(names))
            return names

        monkeypatch.setattr(issuing_rows, "put_together", put_and_act)
        return done

    return have_done


def begin(memory: Memory) -> int:
    """A batch that is released."""
    take_many(memory, PUPILS)
    number = decided(memory)
    release(memory, number)
    return number


def test_files_of_a_piece_in_hand_stay(meanwhile, url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        number = begin(memory)
        swept = meanwhile(lambda _: sweep(memory, older_than=0))
        assert Worker(memory, new_owner()).do_next()
        assert swept == [Swept(0, 0, ())]
        assert now(memory, number).batch.state == "finished"
        assert_all_issued_once(memory, PUPILS)


def test_files_of_a_piece_whose_lease_is_over_go_and_who_let_it_end_changes_nothing(meanwhile, url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory, moved_clock(memory, url) as clock:
        number = begin(memory)

        def sweep_later(names: list[str]) -> int:
            clock.set(LEASE + 1)
            assert len(set(names)) == PUPILS
            return sweep(memory, older_than=0).removed

        swept = meanwhile(sweep_later)
        assert Worker(memory, new_owner(), LEASE).do_next()
        assert swept == [PUPILS]
        assert now(memory, number).rows == {"released": PUPILS}
        work(memory)
        assert now(memory, number).batch.state == "finished"
        assert_all_issued_once(memory, PUPILS)


def test_files_that_a_killed_piece_left_go_when_it_is_done(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        begin(memory)
        memory.files.put(1, b"left behind")
        assert work(memory) == 1
        assert sweep(memory, older_than=0).removed == 1
        assert_all_issued_once(memory, PUPILS)

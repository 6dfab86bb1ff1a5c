"""A disk that is full at one write after another of issuing: the work is given back, and done when there is room."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import pytest

from service.batches.engines.labour import Labour
from service.batches.stored.working import Trouble
from service.memory.keeping.sweeping import sweep
from tests.batches.accidents.small_disk import small_disk
from tests.batches.stored.working_batches import assert_all_issued_once, decided, now, release, take_many, work
from tests.memory.living import memory_of

PUPILS, PAGE = 3, 4096


def is_full(memory) -> bool:
    """Whether the work cannot go on for want of room; otherwise it is done."""
    try:
        work(memory)
    except Trouble:
        return True
    return False


@pytest.mark.slow
def test_a_disk_that_is_full_at_any_write_costs_no_letter(tmp_path: Path) -> None:
    with memory_of(tmp_path / "released") as memory:
        take_many(memory, PUPILS)
        release(memory, decided(memory))
    with small_disk(tmp_path / "disk") as disk:
        for pages in count():
            folder = disk.folder / str(pages)
            shutil.copytree(tmp_path / "released", folder)
            with memory_of(folder) as memory:
                disk.leave(pages * PAGE)
                was_full = is_full(memory)
                disk.empty()
                Labour(memory, until_done=True).run()
                assert now(memory, 1).batch.state == "finished"
                sweep(memory, older_than=0)
                assert_all_issued_once(memory, PUPILS)
            shutil.rmtree(folder)
            if not was_full:
                break
    assert pages > 20

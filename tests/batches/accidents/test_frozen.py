"""A process that is frozen in the middle of its work, past its lease, and wakes when others have done it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from service.batches.engines.owners import new_owner
from service.batches.stored.working import Worker
from service.storage.batched.work_search import list_owners
from tests.batches.stored.working_batches import assert_all_issued_once, begin, now, release, take_many, work
from tests.memory.living import memory_of

PUPILS = 3
LEASE = 3
"""Seconds; it is frozen before it renews its lease for the first time, so that it holds no lock meanwhile."""


def freeze_at_the_first_letter(tmp_path: Path, url: str) -> int:
    """Begin a process that works, and freezes when it is about to keep a letter; its number."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with memory_of(tmp_path, url) as memory:
                put = memory.files.put

                def put_and_freeze(school: int, content: bytes) -> str:
                    memory.files.put = put
                    os.kill(os.getpid(), signal.SIGSTOP)
                    return put(school, content)

                memory.files.put = put_and_freeze
                worker = Worker(memory, new_owner(), lease=LEASE)
                while worker.do_next():
                    pass
            status = 0
        finally:
            os._exit(status)
    assert os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])
    return child


@pytest.mark.slow
def test_a_frozen_process_changes_nothing_when_it_wakes_after_others_did_its_work(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, PUPILS)
        number = begin(memory)
        work(memory)
        release(memory, number)
    frozen = freeze_at_the_first_letter(tmp_path, url)
    with memory_of(tmp_path, url) as memory:
        with memory.database.read() as connection:
            (owner,) = list_owners(connection)
        assert f":{frozen}:" in owner
        while not work(memory):
            time.sleep(0.1)
        assert now(memory, number).batch.state == "finished"
        os.kill(frozen, signal.SIGCONT)
        assert os.waitstatus_to_exitcode(os.waitpid(frozen, 0)[1]) == 0
        assert now(memory, number).rows == {"issued": PUPILS}
        assert_all_issued_once(memory, PUPILS)

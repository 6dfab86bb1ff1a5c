"""Two officers who release the same rows at the same moment: each pupil has one letter."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from service.batches.stored import releasing
from service.errors import RequestError
from service.memory.memory import open_school
from tests.batches.stored.working_batches import assert_all_issued_once, begin, decided, now, take_many, work
from tests.memory.living import memory_of

PUPILS = 3


def release_together(tmp_path: Path, url: str, *numbers: int) -> list[str]:
    """What each officer is told who releases a batch when all are ready: "" or why not."""
    ready = threading.Barrier(len(numbers))

    def release(number: int) -> str:
        with memory_of(tmp_path, url) as memory:
            here = open_school(memory)
            seen = releasing.look(memory, here, number)
            ready.wait()
            try:
                releasing.release(memory, here, number, seen, f"officer {number}")
            except RequestError as error:
                return error.code
        return ""

    with ThreadPoolExecutor(len(numbers)) as officers:
        return list(officers.map(release, numbers))


def work_together(tmp_path: Path, url: str) -> None:
    """Two workers do what there is, at the same time."""
    ready = threading.Barrier(2)

    def work_when_ready(_: int) -> None:
        with memory_of(tmp_path, url) as memory:
            ready.wait()
            work(memory)

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work_when_ready, range(2)))


def test_of_two_officers_who_release_one_batch_one_is_told_that_it_has_changed(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, PUPILS)
        number = decided(memory)
        told = release_together(tmp_path, url, number, number)
        assert sorted(told) == ["", "changed"]
        work_together(tmp_path, url)
        assert now(memory, number).rows == {"issued": PUPILS}
        assert_all_issued_once(memory, PUPILS)


def test_two_batches_of_the_same_pupils_issue_each_letter_once(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, PUPILS)
        numbers = [begin(memory), begin(memory)]
        work(memory)
        assert release_together(tmp_path, url, *numbers) == ["", ""]
        work_together(tmp_path, url)
        rows = [now(memory, number).rows for number in numbers]
        assert all(now(memory, number).batch.state.startswith("finished") for number in numbers)
        assert sum(row.get("issued", 0) for row in rows) == PUPILS
        assert sum(row.get("changed", 0) + row.get("failed", 0) for row in rows) == PUPILS
        assert_all_issued_once(memory, PUPILS)

"""Batches to test with: pupils taken in, a batch started, its chunks done in this process, and what came of it."""

from __future__ import annotations

from typing import Any

from service.batches.engines.owners import new_owner
from service.batches.stored import releasing
from service.batches.stored.batch_asked import BatchAsked, find_batch
from service.batches.stored.progress import Progress, tell_progress
from service.batches.stored.starting import start_batch
from service.batches.stored.working import Worker
from service.memory.memory import Memory, open_school
from service.memory.remembered import number_of
from service.storage.file_store import hash_of
from service.storage.issued import list_files, list_letters
from tests.invented import ON
from tests.memory.living import ill, take


def take_many(memory: Memory, count: int) -> None:
    """Take in so many pupils who are all due Letter 1; their references are 1, 2, 3 …"""
    take(memory, *(ill(pupil_reference=str(number)) for number in range(1, count + 1)))


def begin(memory: Memory, **words: Any) -> int:
    """A batch of everybody who is remembered."""
    asked = BatchAsked(memory.desk.policy("bradford"), ON, **words)
    return start_batch(memory, open_school(memory), asked)


def work(memory: Memory, owner: str = "") -> int:
    """Do chunks until there is none; how many."""
    worker = Worker(memory, owner or new_owner())
    count = 0
    while worker.do_next():
        count += 1
    return count


def decided(memory: Memory, **words: Any) -> int:
    """A batch that is decided."""
    number = begin(memory, **words)
    work(memory)
    return number


def release(memory: Memory, number: int) -> None:
    """Release what is seen."""
    here = open_school(memory)
    releasing.release(memory, here, number, releasing.look(memory, here, number), "JM")


def now(memory: Memory, number: int) -> Progress:
    """How far a batch is."""
    return tell_progress(memory, open_school(memory), number)


def state_of(memory: Memory, number: int) -> str:
    """The state of a batch alone, without counting its rows: to be asked again and again of a very large one."""
    return find_batch(memory, open_school(memory), number).state


def letters_of(memory: Memory, reference: str) -> list[str]:
    """The files of a pupil's letters."""
    here = open_school(memory)
    number = number_of(memory, here, reference)
    with memory.database.read() as connection:
        return [letter.file for letter in list_letters(connection, here.id, number)]


def assert_all_issued_once(memory: Memory, count: int) -> None:
    """Nothing lost, nothing twice, nothing torn."""
    here = open_school(memory)
    found = [letters_of(memory, str(number)) for number in range(1, count + 1)]
    assert [len(files) for files in found] == [1] * count
    files = {name for names in found for name in names}
    assert {hash_of(memory.files.get(here.id, name)) for name in files} == files
    with memory.database.read() as connection:
        assert set(list_files(connection, here.id)) == files

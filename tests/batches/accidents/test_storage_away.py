"""Storage that goes out of reach while a piece is issued: before its letters are there, and after that."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from service.batches.engines.owners import new_owner
from service.batches.stored.working import Trouble, Worker
from service.memory.memory import Memory
from service.storage.file_store import ObjectStore, open_files
from tests.batches.stored.working_batches import assert_all_issued_once, decided, now, release, take_many, work
from tests.memory.living import memory_of

PUPILS = 3


@pytest.fixture
def nowhere(bucket: str, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """The same bucket on a server that does not answer."""
    with monkeypatch.context() as away:
        away.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        store = open_files(bucket, Path())
    assert isinstance(store, ObjectStore)
    return store


def work_until_away(memory: Memory, nowhere: ObjectStore, words: str) -> bool:
    """Work on one piece, and take the storage away at a statement; whether the piece was done for all that."""
    there = memory.files.store

    def go_away(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(words):
            memory.files.store = nowhere.store

    event.listen(memory.database.engine, "before_cursor_execute", go_away)
    try:
        return Worker(memory, new_owner()).do_next()
    except Trouble:
        return False
    finally:
        event.remove(memory.database.engine, "before_cursor_execute", go_away)
        assert memory.files.store is nowhere.store
        memory.files.store = there


def test_before_its_letters_are_there_the_piece_is_given_back_and_done_later(nowhere, bucket, url, tmp_path) -> None:
    with memory_of(tmp_path, url, FILES=bucket) as memory:
        take_many(memory, PUPILS)
        number = decided(memory)
        release(memory, number)
        assert not work_until_away(memory, nowhere, "UPDATE chunk SET state")
        assert now(memory, number).rows == {"released": PUPILS}
        work(memory)
        assert now(memory, number).batch.state == "finished"
        assert_all_issued_once(memory, PUPILS)


def test_after_that_the_piece_is_done_without_the_storage(nowhere, bucket, url, tmp_path) -> None:
    with memory_of(tmp_path, url, FILES=bucket) as memory:
        take_many(memory, PUPILS)
        number = decided(memory)
        release(memory, number)
        assert work_until_away(memory, nowhere, "UPDATE pupil SET version")
        assert now(memory, number).batch.state == "finished"
        assert_all_issued_once(memory, PUPILS)

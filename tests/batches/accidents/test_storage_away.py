"""Storage that goes out of reach between keeping a piece's files and writing its letters down: no row fails for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from service.batches.engines.owners import new_owner
from service.batches.stored.working import Trouble, Worker
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


def test_the_piece_is_given_back_and_done_when_the_storage_is_there_again(nowhere, bucket, url, tmp_path) -> None:
    with memory_of(tmp_path, url, FILES=bucket) as memory:
        take_many(memory, PUPILS)
        number = decided(memory)
        release(memory, number)
        there = memory.files.store

        def go_away(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith("UPDATE pupil SET version"):
                memory.files.store = nowhere.store

        event.listen(memory.database.engine, "before_cursor_execute", go_away)
        with pytest.raises(Trouble):
            Worker(memory, new_owner()).do_next()
        assert memory.files.store is nowhere.store
        assert now(memory, number).rows == {"released": PUPILS}
        event.remove(memory.database.engine, "before_cursor_execute", go_away)
        memory.files.store = there
        work(memory)
        assert now(memory, number).batch.state == "finished"
        assert_all_issued_once(memory, PUPILS)

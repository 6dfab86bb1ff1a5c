"""The service goes on with batches that were left unfinished, and leaves nothing at work when it stops."""

from __future__ import annotations

import signal

from service.storage.batched.work_search import list_owners
from tests.batches.stored.working_batches import assert_all_issued_once, begin, decided, now, release, take_many
from tests.memory.living import memory_of, settings_for
from tests.printing.converter_trouble import wait_for
from tests.web.test_served import Server


class OwnServer(Server):
    """The service of a school of its own."""

    words = ("serve",)


def serve(tmp_path, **words: str) -> Server:
    """The service on the memory of a folder."""
    given = settings_for(tmp_path, **words)
    settings = {name.removeprefix("ATTENDANCE_LETTERS_"): value for name, value in given.items()}
    return OwnServer(tmp_path / "out", tmp_path / "err", **settings)


def test_what_was_begun_and_released_is_finished_by_the_service_that_starts_next(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take_many(memory, 60)
        released = decided(memory)
        release(memory, released)
        begun = begin(memory)
        server = serve(tmp_path)
        try:
            assert wait_for(lambda: now(memory, released).batch.state == "finished")
            assert wait_for(lambda: now(memory, begun).batch.state == "decided")
        finally:
            said = server.stop(signal.SIGTERM)
        assert server.process.returncode == 0, said
        assert "Traceback" not in said
        assert_all_issued_once(memory, 60)


def test_a_service_that_is_stopped_leaves_its_work_to_others(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take_many(memory, 400)
        number = begin(memory)
        server = serve(tmp_path)
        try:
            assert wait_for(lambda: now(memory, number).left < 400)
        finally:
            said = server.stop(signal.SIGTERM)
        assert server.process.returncode == 0, said
        with memory.database.read() as connection:
            assert list_owners(connection) == set()

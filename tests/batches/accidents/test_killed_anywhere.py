"""A batch whose program is killed at each named place of its way, and between any two statements of its database."""

from __future__ import annotations

import os
import shutil
import signal
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event

from service.memory.memory import Memory
from service.storage.failpoints import CHUNK, DECIDING, FAIL_AT, RELEASING, STARTING
from tests.batches.accidents.journeys import assert_goes_on, go_all_the_way, is_killed, write_export
from tests.memory.living import memory_of
from tests.storage.own_postgres import new_database

PLACES = tuple(dict.fromkeys((*STARTING, *DECIDING, *RELEASING, *CHUNK)))
AGAIN = {"chunk-claimed": 3, "chunk-read": 2, "letters-filled": 4, "chunk-noted": 2, "chunk-kept": 2}
"""Places that more than one step comes to, with the last time."""


@pytest.mark.slow
@pytest.mark.parametrize("place", [*PLACES, *(f"{place}:{time}" for place, time in AGAIN.items())])
def test_killed_at_any_place_a_batch_goes_on(place, url, tmp_path, monkeypatch) -> None:
    export = write_export(tmp_path)

    def act() -> None:
        os.environ[FAIL_AT] = place
        with memory_of(tmp_path, url) as memory:
            go_all_the_way(memory, export)

    assert is_killed(act)
    with memory_of(tmp_path, url) as memory:
        assert_goes_on(memory, export)


def kill_at_statement(memory: Memory, number: int) -> None:
    """Kill this process just before a statement of its database, or before the end of a transaction."""
    reached = count(1)

    def reach(*_: object) -> None:
        if next(reached) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(memory.database.engine, "before_cursor_execute", reach)
    event.listen(memory.database.engine, "commit", reach)


def copy_of(url: str) -> str:
    """Another PostgreSQL database with the same in it."""
    name = url.split("/")[3].partition("?")[0]
    return new_database(url.replace(name, "{}", 1), name)


@pytest.mark.crash
def test_killed_between_any_two_statements_a_batch_goes_on(url, tmp_path) -> None:
    export, statements = write_export(tmp_path), 0
    for number in count(1):
        folder = tmp_path / str(number)
        own = copy_of(url) if url else ""

        def act(folder: Path = folder, own: str = own, number: int = number) -> None:
            with memory_of(folder, own) as memory:
                kill_at_statement(memory, number)
                go_all_the_way(memory, export)

        if not is_killed(act):
            break
        statements = number
        with memory_of(folder, own) as memory:
            assert_goes_on(memory, export)
        shutil.rmtree(folder)
    assert statements > 50

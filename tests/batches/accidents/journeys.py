"""A batch on its whole way, from an export to letters, in a program that may be killed; and what comes after that."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from service.batches.engines.owners import free_the_dead
from service.batches.stored.batch_asked import BatchAsked
from service.batches.stored.starting import keep_export, start_batch
from service.memory.keeping.sweeping import sweep
from service.memory.memory import Memory, open_school
from service.storage.schema import batch
from tests.batches.stored.working_batches import assert_all_issued_once, now, release, work
from tests.invented import ON
from tests.memory.living import ill

PUPILS = 2


def write_export(folder: Path) -> Path:
    """An export of some pupils who are all due Letter 1; their references are 1, 2 …"""
    path = folder / "pupils.json"
    path.write_text(json.dumps({"pupils": [ill(pupil_reference=str(number + 1)) for number in range(PUPILS)]}))
    return path


def start(memory: Memory, export: Path) -> int:
    """A batch of an export; its number."""
    here = open_school(memory)
    upload = keep_export(memory, here, export, nothing_sent=True)
    return start_batch(memory, here, BatchAsked(memory.desk.policy("bradford"), ON), upload)


def go_all_the_way(memory: Memory, export: Path) -> None:
    """From the export to the letters, looking for each step only at what is kept."""
    number = find_batch(memory) or start(memory, export)
    work(memory)
    if now(memory, number).batch.state == "decided":
        release(memory, number)
        work(memory)


def find_batch(memory: Memory) -> int:
    """The number of the batch, 0 when there is none."""
    with memory.database.read() as connection:
        return connection.execute(select(batch.c.id)).scalar() or 0


def assert_goes_on(memory: Memory, export: Path) -> None:
    """What a killed program left is finished, and it is as if nobody had been killed."""
    free_the_dead(memory, "")
    go_all_the_way(memory, export)
    assert now(memory, find_batch(memory)).batch.state == "finished"
    sweep(memory, older_than=0)
    assert_all_issued_once(memory, PUPILS)
    assert not [path for path in memory.desk.settings.data.rglob("*") if "unfinished" in path.name]


def is_killed(act: Callable[[], None]) -> bool:
    """Whether a process of its own that does something is killed at it; otherwise it came to its end."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            act()
            status = 0
        finally:
            os._exit(status)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False

"""A batch whose programs are killed again and again: it finishes without a person, nothing lost, doubled or torn."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.batches.engines.owners import free_the_dead
from service.memory.keeping.sweeping import sweep
from service.storage.failpoints import CHUNK, DECIDING, FAIL_AT
from tests.batches.stored.working_batches import assert_all_issued_once, begin, now, release, take_many, work
from tests.memory.living import memory_of, settings_for
from tests.storage.own_postgres import new_database

ROOT = Path(__file__).parents[3]
KILLED = {
    "sqlite": ("chunk-decided", "chunk-noted", "file-written", "chunk-fenced", "letter-noted", "chunk-kept"),
    "postgresql": ("chunk-read", "chunk-kept", "chunk-claimed", "chunk-files-kept", "audit-noted", "batch-followed"),
}
"""For each database, two places of deciding and four of issuing."""
PUPILS = 120


def work_until_killed(tmp_path: Path, url: str, place: str) -> bool:
    """Let a worker work until it dies at a place; whether it did, or else came to the end of the work."""
    settings = {**os.environ, **settings_for(tmp_path, url), "PYTHONPATH": str(ROOT), FAIL_AT: place}
    command = [sys.executable, "-m", "service", "worker", "--until-done"]
    done = subprocess.run(command, env=settings, cwd=tmp_path, capture_output=True)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def finish(memory, number: int, pupils: int) -> None:
    """Let a worker of this process finish what the killed ones left, and look at everything."""
    work(memory)
    assert now(memory, number).batch.state == "finished"
    sweep(memory, older_than=0)
    assert_all_issued_once(memory, pupils)


@pytest.mark.slow
def test_killed_in_the_middle_a_batch_finishes_without_a_person(url, tmp_path) -> None:
    places = KILLED["postgresql" if url else "sqlite"]
    with memory_of(tmp_path, url) as memory:
        take_many(memory, PUPILS)
        number = begin(memory)
        assert [work_until_killed(tmp_path, url, place) for place in places[:2]] == [True, True]
        free_the_dead(memory, "")
        work(memory)
        release(memory, number)
        assert [work_until_killed(tmp_path, url, place) for place in places[2:]] == [True] * 4
        free_the_dead(memory, "")
        finish(memory, number, PUPILS)


ROWS, KILLS = 1000, 50
EACH_ROW = {"letters-filled", "file-begun", "file-written", "file-synced", "file-named"}


def some_place(chance: random.Random, places: tuple[str, ...]) -> str:
    place = chance.choice(places)
    return f"{place}:{chance.randint(1, 120 if place in EACH_ROW else 3)}"


@pytest.mark.crash
@pytest.mark.parametrize("seed", range(5))
def test_fifty_kills_in_batches_of_a_thousand(seed, url, tmp_path) -> None:
    """Over five seeds and two databases these are 500."""
    chance, kills, round_ = random.Random(seed), 0, 0
    while kills < KILLS:
        round_ += 1
        folder = tmp_path / str(round_)
        own = new_database(url.replace(url.split("/")[3].split("?")[0], "{}", 1)) if url else ""
        with memory_of(folder, own) as memory:
            take_many(memory, ROWS)
            number = begin(memory)
            while kills < KILLS and work_until_killed(folder, own, some_place(chance, DECIDING)):
                kills += 1
            free_the_dead(memory, "")
            work(memory)
            release(memory, number)
            while kills < KILLS and work_until_killed(folder, own, some_place(chance, CHUNK)):
                kills += 1
            free_the_dead(memory, "")
            finish(memory, number, ROWS)
    assert kills == KILLS

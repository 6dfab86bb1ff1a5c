"""A batch of very many letters from its start to its end, DOCX, by the processes of this machine: time and memory.

Every pupil is due a letter; sizes are whole five hundreds, or less than one.
`python -m tests.benchmarks.bench_batches [--sizes 1000,10000,100000] [--processes 2]`
"""

from __future__ import annotations

import argparse
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

from sqlalchemy import ColumnElement, String, cast, func, literal, update

from service.batches.engines.local import LocalEngine
from service.batches.stored import releasing
from service.memory.memory import Memory, open_school
from service.storage.schema import contact, pupil, register
from tests.batches.stored.working_batches import begin, now, state_of, take_many
from tests.benchmarks.at_work import GONE, Spent, family, spent
from tests.benchmarks.bench_memory import ALL_ROWS, SEEDS, copy_rows
from tests.benchmarks.folders import new_folder
from tests.memory.living import memory_of, settings_for

MEGABYTE = 1e6
LOOK_SECONDS = 0.2


def main() -> None:
    """Print a line for each size."""
    ask = argparse.ArgumentParser(description="A batch of very many letters")
    ask.add_argument("--sizes", default="1000,10000,100000")
    ask.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    told = ask.parse_args()
    print(f"A batch from its start to its end on SQLite: a DOCX for each pupil, {told.processes} processes\n")
    print(f"{'':16} {'decided, s':>11} {'issued, s':>10} {'letters a second':>17}", end="")
    print(f" {'ms of CPU a letter':>19} {'peak MB a process':>18} {'MB on disk':>11}")
    lines = [measure(int(size), told.processes) for size in told.sizes.split(",")]
    for (small, before), (large, after) in pairwise(lines):
        print(f"{large / small:g} times the letters take {after.clock / before.clock:.1f} times the time,", end="")
        print(f" {after.processor / before.processor:.1f} times the processor's")


def measure(letters: int, processes: int) -> tuple[int, Spent]:
    """A line about so many letters; what the batch took."""
    folder = new_folder()
    os.environ.update(settings_for(folder))  # as the engine's processes read them
    with memory_of(folder) as memory:
        take_school(memory, letters)
        number = begin(memory)
        with LocalEngine(lambda: memory, processes), watch_memory() as peak:
            decided = spent(lambda: wait_until(lambda: state_of(memory, number) == "decided"))
            here = open_school(memory)
            releasing.release(memory, here, number, releasing.look(memory, here, number))
            issued = spent(lambda: wait_until(lambda: state_of(memory, number) == "finished"))
        took = Spent(decided.clock + issued.clock, decided.processor + issued.processor)
        assert now(memory, number).rows == {"issued": letters}
        assert len(set(memory.files.hashes(here.id))) == letters
    size = sum(item.stat().st_size for item in folder.rglob("*") if item.is_file())
    print(f"{letters:>8,} letters {decided.clock:>11.1f} {issued.clock:>10.1f}", end="")
    print(f" {letters / took.clock:>17.0f} {took.processor / letters * 1000:>19.1f}", end="")
    print(f" {max(peak) / MEGABYTE:>18.0f} {size / MEGABYTE:>11.0f}", flush=True)
    shutil.rmtree(folder)
    return letters, took


def take_school(memory: Memory, count: int) -> None:
    """So many pupils who are all due Letter 1: some hundred are taken in, the database makes more of the same."""
    take_many(memory, min(count, SEEDS))
    with memory.database.write(open_school(memory).id) as connection:
        for place in range(1, count // SEEDS):
            for table in (pupil, contact, register):
                copy_rows(connection, table, place * ALL_ROWS, ALL_ROWS, {"upn": ""})
        first, own = _reference(cast(pupil.c.id % ALL_ROWS, String)), _reference(pupil.c.reference)
        connection.execute(update(pupil).values(words=func.replace(pupil.c.words, first, own)))


def _reference(text: ColumnElement[str]) -> ColumnElement[str]:
    """A pupil's reference as it stands among the pupil's words, so that no letter is like another."""
    return literal('"pupil_reference":"') + text + literal('"')


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return when something is so."""
    while not is_so():
        time.sleep(LOOK_SECONDS)


@contextmanager
def watch_memory() -> Iterator[list[float]]:
    """The most bytes that each of the programs that we started has had, while something happens."""
    most, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_SECONDS):
            most.extend(peaks())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def peaks() -> Iterator[float]:
    """The most that each program has had so far."""
    for number in family(os.getpid()):
        if number != os.getpid():
            with suppress(*GONE):
                for line in Path(f"/proc/{number}/status").read_text().splitlines():
                    if line.startswith("VmHWM"):
                        yield int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()

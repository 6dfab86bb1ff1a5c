"""A batch of very many letters from its start to its end, DOCX, by the processes of this machine: time and memory.

Every pupil is due a letter. `python -m tests.benchmarks.bench_batches [--sizes 1000,10000,100000] [--processes 2]`
"""

from __future__ import annotations

import argparse
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import pairwise
from pathlib import Path

from service.attendance.closed_days import MarkDays
from service.batches.engines.local import LocalEngine
from service.batches.stored import releasing
from service.cohort.event_rows import Past
from service.cohort.join import Cohort
from service.cohort.shapes.json_pupils import read_json_pupils
from service.memory.memory import Memory, open_school
from service.memory.taking_in import take_in
from tests.batches.stored.working_batches import begin, now
from tests.benchmarks.at_work import GONE, Spent, family, spent
from tests.benchmarks.folders import new_folder
from tests.invented import CALENDAR, ON
from tests.memory.living import ill, memory_of, settings_for

MEGABYTE = 1e6
LOOK_SECONDS = 0.2


def main() -> None:
    """Print a line for each size."""
    ask = argparse.ArgumentParser(description="A batch of very many letters")
    ask.add_argument("--sizes", default="1000,10000,100000")
    ask.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    told = ask.parse_args()
    print(f"A batch from its start to its end on SQLite: a DOCX for each pupil, {told.processes} processes\n")
    print(f"{'':16} {'taken in, s':>12} {'decided, s':>11} {'issued, s':>10} {'letters a second':>17}", end="")
    print(f" {'ms of CPU a letter':>19} {'peak MB a process':>18} {'MB on disk':>11}")
    lines = [measure(int(size), told.processes) for size in told.sizes.split(",")]
    for (small, before), (large, after) in pairwise(lines):
        print(f"{large / small:g} times the letters take {after / before:.1f} times the time")


def measure(letters: int, processes: int) -> tuple[int, float]:
    """A line about so many letters; how long the batch took."""
    folder = new_folder()
    os.environ.update(settings_for(folder))  # as the engine's processes read them
    with memory_of(folder) as memory:
        taken = spent(lambda: take_school(memory, letters))
        number = begin(memory)
        with LocalEngine(lambda: memory, processes), watch_memory() as peak:
            decided = spent(lambda: wait_until(lambda: now(memory, number).batch.state == "decided"))
            here = open_school(memory)
            releasing.release(memory, here, number, releasing.look(memory, here, number))
            issued = spent(lambda: wait_until(lambda: now(memory, number).batch.state == "finished"))
        assert now(memory, number).rows == {"issued": letters}
        assert len(set(memory.files.hashes(here.id))) == letters
    size = sum(item.stat().st_size for item in folder.rglob("*") if item.is_file())
    print_line(letters, taken, decided, issued, max(peak), size)
    shutil.rmtree(folder)
    return letters, decided.clock + issued.clock


def print_line(letters: int, taken: Spent, decided: Spent, issued: Spent, peak: float, size: int) -> None:
    """What one size came to."""
    clock, processor = decided.clock + issued.clock, decided.processor + issued.processor
    print(f"{letters:>8,} letters {taken.clock:>12.1f} {decided.clock:>11.1f} {issued.clock:>10.1f}", end="")
    print(f" {letters / clock:>17.0f} {processor / letters * 1000:>19.1f}", end="")
    print(f" {peak / MEGABYTE:>18.0f} {size / MEGABYTE:>11.0f}", flush=True)


def take_school(memory: Memory, count: int) -> None:
    """Take in so many pupils who are all due Letter 1, a thousand at a time as they are read."""
    past = Past(nothing_sent=True)
    events = frozenset[str]().union(*(policy.events for policy in memory.desk.policies.values()))
    pupils = [past.complete(ill(pupil_reference=str(number))) for number in range(1, count + 1)]
    read = partial(read_json_pupils, pupils, "pupils.json", events, MarkDays(CALENDAR, ON))
    take_in(memory, open_school(memory), Cohort(CALENDAR, read), ON)


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

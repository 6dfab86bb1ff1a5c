"""Mutants of every kind of input: no traceback, nothing over ten seconds or 300 MB more, no row lost without a word.

    python -m tests.long_run.mutants [--mutants 100000] [--guided 0] [--seed 1] [--kind NAME]

Each kind is looked at in a process of its own, which is killed when it uses ten seconds on one mutant. Of tables every
second mutant is changed row by row, and its rows are accounted for. With --guided that many more of each kind are made
by atheris, which follows what they reach in the code. Prints a line for each kind and then what was found; with --keep
DIR the mutants that led to it are written there. The exit status is 1 where something was found.
"""

from __future__ import annotations

import argparse
import mmap
import os
import resource
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.long_run.kinds import KINDS, Kind
from tests.long_run.mutators import change_bytes, change_rows, change_zip, write_rows
from tests.long_run.workshop import Workshop, WrongError, new_folder

MOST_SECONDS = 10
MOST_MEMORY = 300 << 20
"""More than the process held before, in bytes; an ordinary input of these sizes needs a few hundred kilobytes."""
HARD_MEMORY = 2 << 30  # so that this machine outlives what is looked for
_HEAD = struct.Struct("<qdqq")  # mutants looked at, longest in seconds, most memory in bytes, findings


@dataclass
class Tally:
    """What a kind's mutants came to."""

    mutants: int = 0
    longest: float = 0.0
    memory: int = 0
    found: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Each thing that was found: how often, and the first mutant that led to it."""

    def note(self, what: str, content: bytes) -> None:
        """Note what a mutant led to."""
        count, first = self.found.get(what, (0, content))
        self.found[what] = (count + 1, first)


def make_mutant(kind: Kind, random: Random) -> tuple[bytes, Callable[[Workshop], None]]:
    """A mutant, and how it is looked at."""
    if kind.table and kind.look_at_rows and random.randrange(2):
        rows, look = change_rows(kind.table, random), kind.look_at_rows
        return write_rows(rows), lambda workshop: look(workshop, rows)
    change = change_zip if kind.is_zip else change_bytes
    content = change(random.choice(kind.seeds), random)
    return content, lambda workshop: kind.look(workshop, content)


def look_at(look: Callable[[Workshop], None], workshop: Workshop, tally: Tally, content: bytes) -> None:
    """Look at a mutant, and note what must not be."""
    reset_peak()
    before, began = peak_memory(), time.process_time()
    try:
        look(workshop)
    except WrongError as error:
        tally.note(str(error), content)
    except Exception as error:
        tally.note(say_traceback(error), content)
    took, memory = time.process_time() - began, peak_memory() - before
    tally.mutants += 1
    tally.longest, tally.memory = max(tally.longest, took), max(tally.memory, memory)
    if memory > MOST_MEMORY:
        tally.note("more than 300 MB", content)


def say_traceback(error: Exception) -> str:
    """An exception and its place in the service; the words of an input are left out."""
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if "/service/" in frame.filename]
    last = places[-1] if places else traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, {last.name}"


def reset_peak() -> None:
    """Begin to measure this process's peak anew, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak_memory() -> int:
    """The most memory that this process has held since then, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def look_at_kind(kind: Kind, mutants: int, seed: int) -> Tally:
    """Look at that many mutants of a kind, in processes that may die of one."""
    tally, done = Tally(), 0
    with mmap.mmap(-1, mmap.PAGESIZE) as shared:
        while done < mutants:
            done = _look_in_a_child(kind, range(done, mutants), seed, shared, tally)
    return tally


def _look_in_a_child(kind: Kind, numbers: range, seed: int, shared: mmap.mmap, tally: Tally) -> int:
    """Look at mutants until they are all done or one has killed the process; the number of the next one."""
    shared[: _HEAD.size] = _HEAD.pack(numbers.start, 0, 0, 0)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _be_the_child(kind, numbers, seed, shared, writing)
    os.close(writing)
    with open(reading, "rb") as said:
        findings = said.read()
    status = os.waitpid(child, 0)[1]
    at, longest, memory, _ = _HEAD.unpack(shared[: _HEAD.size])
    tally.mutants += at - numbers.start
    tally.longest, tally.memory = max(tally.longest, longest), max(tally.memory, memory)
    for number, what in _read_findings(findings):
        tally.note(what, make_mutant(kind, Random(f"{seed} {kind.name} {number}"))[0])
    if at < numbers.stop:
        what = "more than ten seconds" if os.WTERMSIG(status) == signal.SIGPROF else f"killed by {status}"
        tally.mutants += 1
        tally.note(what, make_mutant(kind, Random(f"{seed} {kind.name} {at}"))[0])
        return at + 1
    return at


def _read_findings(said: bytes) -> Iterator[tuple[int, str]]:
    for line in said.decode().splitlines():
        number, _, what = line.partition(" ")
        yield int(number), what


def _be_the_child(kind: Kind, numbers: range, seed: int, shared: mmap.mmap, writing: int) -> None:
    """Look at mutants one after another; never returns."""
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_AS, (HARD_MEMORY, HARD_MEMORY))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        sys.stderr = sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # for the rest of this process
        with new_folder() as folder:
            _look_at_each(kind, numbers, seed, shared, writing, Workshop(Path(folder)))
        status = 0
    finally:
        os._exit(status)


def _look_at_each(kind: Kind, numbers: range, seed: int, shared: mmap.mmap, writing: int, workshop: Workshop) -> None:
    tally = Tally()
    for seed_content in kind.seeds:  # what is kept after the first
        kind.look(workshop, seed_content)
    for number in numbers:
        content, look = make_mutant(kind, Random(f"{seed} {kind.name} {number}"))
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
        look_at(look, workshop, tally, content)
        signal.setitimer(signal.ITIMER_PROF, 0)
        for what in tally.found:
            os.write(writing, f"{number} {what}\n".encode())
        tally.found.clear()
        shared[: _HEAD.size] = _HEAD.pack(number + 1, tally.longest, tally.memory, 0)


def say(name: str, tally: Tally, seconds: float) -> None:
    """Print a kind's line."""
    found = sum(count for count, _ in tally.found.values())
    memory = tally.memory / 1e6
    print(f"{name:16}{tally.mutants:10,}{found:8,}{tally.longest:11.2f}{memory:11.0f}{seconds:10.0f}", flush=True)


def say_found(name: str, tally: Tally, keep: Path | None) -> None:
    """Print what was found, and keep the mutants that led to it."""
    for place, (what, (count, content)) in enumerate(tally.found.items()):
        print(f"  {name}: {what}, {count} times")
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name.replace(' ', '-')}-{place}").write_bytes(content)


def main() -> int:
    """Print what became of the mutants of every kind."""
    ask = argparse.ArgumentParser(description="Mutants of every kind of input")
    ask.add_argument("--mutants", type=int, default=100_000, help="of each kind")
    ask.add_argument("--guided", type=int, default=0, help="more of each kind, made by atheris")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--kind", choices=KINDS, action="append")
    ask.add_argument("--keep", type=Path)
    told = ask.parse_args()
    print(f"{'kind':16}{'mutants':>10}{'found':>8}{'longest s':>11}{'most MB':>11}{'took s':>10}")
    tallies = {}
    for name in told.kind or KINDS:
        began = time.monotonic()
        tallies[name] = look_at_kind(KINDS[name], told.mutants, told.seed)
        say(name, tallies[name], time.monotonic() - began)
    for name, tally in tallies.items():
        say_found(name, tally, told.keep)
    return 1 if any(tally.found for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

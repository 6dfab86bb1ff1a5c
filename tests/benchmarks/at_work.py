"""What this program and all that it started have used: seconds of the processor, and memory. Needs /proc."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GONE = (FileNotFoundError, ProcessLookupError)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and seconds of the processor."""

    clock: float
    processor: float


def family(number: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield number
    with suppress(*GONE):
        for task in os.listdir(f"/proc/{number}/task"):
            with suppress(*GONE):
                for child in Path(f"/proc/{number}/task/{task}/children").read_text().split():
                    yield from family(int(child))


def processor_seconds(program: int = 0) -> float:
    """What a program, or this one, and its children have used, those that have ended too."""
    ticks = 0
    for number in family(program or os.getpid()):
        with suppress(*GONE):
            said = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, said[11:15]))
    return ticks / TICKS


def spent(work: Callable[[], object]) -> Spent:
    """What some work takes of time."""
    began, used = time.perf_counter(), processor_seconds()
    work()
    return Spent(time.perf_counter() - began, processor_seconds() - used)


def least(rounds: Sequence[Spent]) -> Spent:
    """The quickest of some rounds, by the clock and by the processor."""
    return Spent(min(one.clock for one in rounds), min(one.processor for one in rounds))


def megabytes(*, of_children: bool) -> float:
    """Memory in use: of this program, or of all that it started."""
    numbers = [one for one in family(os.getpid()) if (one != os.getpid()) == of_children]
    pages = 0
    for number in numbers:
        with suppress(*GONE):
            pages += int(Path(f"/proc/{number}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

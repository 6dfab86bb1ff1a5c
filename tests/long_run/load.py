"""A service asked steadily for a long time: errors, times and memory.

    python -m tests.long_run.load [--minutes 30] [--pace 50]

The service runs as a school runs it, in a process of its own on loopback, with a new connection for each request.
Prints a table by time; the exit status is 1 where an answer was wrong or, from ten minutes on, the memory grew.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from tests.long_run.asking import Answered, ask_steadily, ordinary, say_times
from tests.long_run.service import MIB, memory_of, memory_of_offices, running_service

LINES = 10
WARM_AFTER = 10  # minutes; in less nobody can tell warming up from growing
MOST_GROWTH = 8 * MIB
"""Between the second and the last fifth of the time."""


@dataclass
class Watch:
    """What was answered and how much memory was held, second by second."""

    answers: list[Answered] = field(default_factory=list)
    memory: list[tuple[int, int]] = field(default_factory=list)
    """Of the service and of its LibreOffices, in bytes."""

    def follow(self, process: int, runtime: Path, over: threading.Event, seconds: float) -> None:
        """Note the memory ten times a line of the table until it is over."""
        while not over.wait(seconds):
            self.memory.append((memory_of(process), memory_of_offices(runtime)))

    def growth(self) -> float:
        """How much more memory the service held in the last fifth of the time than in the second, in bytes."""
        held = [service for service, _ in self.memory]
        fifth = max(1, len(held) // 5)
        return fmean(held[-fifth:]) - fmean(held[fifth : 2 * fifth])


def watch(minutes: float, pace: float) -> Watch:
    """What happens while that many requests a second come."""
    found, over, seconds = Watch(), threading.Event(), minutes * 60
    with running_service() as (server, runtime):
        follower = threading.Thread(target=found.follow, args=(server.process.pid, runtime, over, seconds / LINES / 10))
        follower.start()
        try:
            ask_steadily(server.port, pace, seconds, ordinary, found.answers.append)
        finally:
            over.set()
            follower.join()
    return found


def say_lines(found: Watch, minutes: float) -> None:
    """Print a line for each tenth of the time."""
    print(f"{'to minute':>9}{'requests':>10}{'wrong':>7}{'median':>8}{'99th':>8}{'longest':>9}", end="")
    print(f"{'service':>9}{'offices':>9}")
    print(f"{'':26}{'ms':>8}{'ms':>8}{'ms':>9}{'MiB':>9}{'MiB':>9}")
    each = minutes / LINES
    for line in range(LINES):
        part = [answer for answer in found.answers if line <= answer.due / 60 / each < line + 1]
        held = found.memory[line * 10 : (line + 1) * 10] or found.memory[-1:]
        wrong = sum(bool(answer.fault) for answer in part)
        times = "".join(f"{took:{width}.0f}" for took, width in zip(say_times(part), (8, 8, 9), strict=True))
        memory = "".join(f"{max(most) / MIB:9.0f}" for most in zip(*held, strict=True))
        print(f"{(line + 1) * each:9.1f}{len(part):10,}{wrong:7}{times}{memory}")


def main() -> int:
    """Print what a service holds out."""
    ask = argparse.ArgumentParser(description="A service asked steadily")
    ask.add_argument("--minutes", type=float, default=30)
    ask.add_argument("--pace", type=float, default=50)
    told = ask.parse_args()
    found = watch(told.minutes, told.pace)
    print(f"{told.minutes:g} minutes at {told.pace:g} requests a second, most memory of each time\n")
    say_lines(found, told.minutes)
    faults = Counter(answer.fault for answer in found.answers if answer.fault)
    print(
        f"\n{len(found.answers):,} requests, {faults.total()} wrong answers; the service's memory grew by "
        f"{found.growth() / MIB:.1f} MiB from the second to the last fifth of the time"
    )
    for fault, count in faults.most_common():
        print(f"{count:9,} {fault}")
    grew = told.minutes >= WARM_AFTER and found.growth() > MOST_GROWTH
    return 1 if faults or grew else 0


if __name__ == "__main__":
    sys.exit(main())

"""Sixteen programs that ask as fast as they are answered, beside an idle service; then Word letters at a steady pace.

    python -m tests.long_run.programs [--seconds 60] [--clients 16] [--pace 50]

The service runs as a school runs it, in a process of its own on loopback. Prints times of the idle service, of the
sixteen and of the pace, and how much memory was held; the exit status is 1 where an answer was wrong, the memory grew,
or 99 of 100 Word letters at the pace took longer than LONGEST. Times count on a quiet machine only: the load is told.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from service.word.document import DOCX
from tests.benchmarks.bench_post import pupil_number
from tests.long_run.asking import Answered, Asked, ask_steadily, ordinary, say_times, send
from tests.long_run.service import MIB, memory_of, running_service

LONGEST = 50.0
"""Milliseconds that 99 of 100 Word letters may take at the pace."""
MOST_GROWTH = 8 * MIB
"""Of the service, from the first third of the time to its end: before, it warms up."""


def word_letter(number: int) -> Asked:
    """A request for a letter as a Word document."""
    return Asked("/v1/letters", pupil_number(number), DOCX)


def ask_at_once(port: int, clients: int, seconds: float, ask: Callable[[int], Asked]) -> list[Answered]:
    """What became of the requests of so many programs, each of which sends the next one when it is answered."""
    numbers, began, lock = count(), time.perf_counter(), threading.Lock()
    found: list[Answered] = []

    def be_one(_: int) -> None:
        while (due := time.perf_counter() - began) < seconds:
            fault = send(port, ask(next(numbers)))
            took = (time.perf_counter() - began - due) * 1000
            with lock:
                found.append(Answered(due, took, fault))

    with ThreadPoolExecutor(clients) as programs:
        list(programs.map(be_one, range(clients)))
    return found


def say(name: str, answers: Sequence[Answered]) -> Counter[str]:
    """Print a line of times; what was wrong."""
    faults = Counter(answer.fault for answer in answers if answer.fault)
    median, most, longest = say_times(answers)
    print(f"{name:34}{len(answers):>9,}{faults.total():>7}{median:>9.1f}{most:>8.1f}{longest:>9.1f}", flush=True)
    return faults


def run(clients: int, seconds: float, pace: float) -> int:
    """Print what the programs were answered; 1 where something was wrong."""
    print(f"{'':34}{'requests':>9}{'wrong':>7}{'median':>9}{'99th':>8}{'longest':>9}  (ms)")
    with running_service() as (server, _):
        ask_at_once(server.port, 1, min(5.0, seconds / 4), ordinary)  # it warms up
        faults = say("idle, the mixture, one at a time", ask_at_once(server.port, 1, seconds / 4, ordinary))
        faults += say("idle, Word letters", ask_at_once(server.port, 1, seconds / 4, word_letter))
        early = ask_at_once(server.port, clients, seconds / 3, ordinary)
        before = memory_of(server.process.pid)
        late = ask_at_once(server.port, clients, seconds * 2 / 3, ordinary)
        grew = memory_of(server.process.pid) - before
        faults += say(f"{clients} programs, the mixture", [*early, *late])
        steady: list[Answered] = []
        ask_steadily(server.port, pace, seconds / 2, word_letter, steady.append)
        faults += say(f"Word letters, {pace:g} a second", steady)
    print(f"memory of the service {before / MIB:.0f} MiB, then {grew / MIB:+.1f} MiB; load {os.getloadavg()[0]:.1f}")
    for fault, times in faults.most_common():
        print(f"{times:9,} {fault}")
    return int(bool(faults) or grew > MOST_GROWTH or say_times(steady)[1] > LONGEST)


def main() -> int:
    """Print what a service answers to many programs."""
    ask = argparse.ArgumentParser(description="Many programs beside an idle service")
    ask.add_argument("--seconds", type=float, default=60)
    ask.add_argument("--clients", type=int, default=16)
    ask.add_argument("--pace", type=float, default=50)
    told = ask.parse_args()
    return run(told.clients, told.seconds, told.pace)


if __name__ == "__main__":
    sys.exit(main())

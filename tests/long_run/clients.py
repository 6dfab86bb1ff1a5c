"""Many clients of one memory at once: none is told that it is locked, and nothing is lost or doubled.

    python -m tests.long_run.clients [--minutes 10] [--clients 16] [--pace 1] [--databases sqlite,postgresql]

Each client is a process of its own, as a command is, and does something every `pace` seconds: writes down what was
said, issues, takes back, prints again, looks at histories and at what is due; one imports the school once a minute.
Prints a line for each database; the exit status is 1 where anything went wrong, or the 99th of a hundred writes took
half a second.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.attendance.record import Event
from service.cohort.event_rows import Past
from service.cohort.join import Cohort
from service.cohort.shapes.json_pupils import read_json_pupils
from service.errors import RequestError
from service.memory.due_today import find_due
from service.memory.issuing import issue_for
from service.memory.keeping.auditing import verify_all
from service.memory.keeping.sweeping import sweep
from service.memory.memory import Memory, open_school
from service.memory.reading_notes import Notes, read_answer, read_mark
from service.memory.recording import write_down
from service.memory.reversing import letters_of_day, read_again, take_back
from service.memory.taking_in import take_in
from service.memory.today import open_day
from service.memory.told_history import tell_history
from service.sample.export import CALENDAR, ON, make_pupils
from tests.benchmarks.bench_memory import as_json
from tests.benchmarks.bench_post import percentile
from tests.fresh import FRESH
from tests.memory.living import memory_of
from tests.storage.own_postgres import new_database, postgres_folder, run_postgres

PUPILS = 300
LONGEST_WRITE = 500.0
"""Milliseconds that 99 of 100 writes may take, at the most."""
FAIR = {"issued-already", "taken-back", "unknown-event", "unknown-letter"}
"""What a client may be told because another was first."""


class Done(NamedTuple):
    """What a client did: the kind of action, its milliseconds, and what went wrong."""

    kind: str
    took: float
    fault: str


def main() -> int:
    """Print what many clients of one memory are told."""
    ask = argparse.ArgumentParser(description="Many clients of one memory at once")
    ask.add_argument("--minutes", type=float, default=10)
    ask.add_argument("--clients", type=int, default=16)
    ask.add_argument("--pace", type=float, default=1, help="seconds from one action of a client to its next")
    ask.add_argument("--databases", default="sqlite,postgresql")
    told = ask.parse_args()
    print(
        f"{told.clients} clients for {told.minutes:g} minutes, an action every {told.pace:g} s each, {PUPILS} pupils\n"
    )
    print(f"{'':10} {'actions':>8} {'writes':>8} {'median, ms':>11} {'99th':>8} {'longest':>8} {'went wrong':>11}")
    return max([run(name, told.clients, told.minutes * 60, told.pace) for name in told.databases.split(",")])


def run(name: str, clients: int, seconds: float, pace: float) -> int:
    """A line about a database; 1 when anything went wrong."""
    with tempfile.TemporaryDirectory() as folder, a_database(name) as url:
        done = at_once(Path(folder), url, clients, seconds, pace)
        faults = Counter(item.fault for item in done if item.fault) + Counter(look_through(Path(folder), url))
    times = sorted(item.took for item in done if item.kind in WRITES)
    shown = [percentile(times, 0.5), percentile(times, 0.99), times[-1]]
    print(f"{name:10} {len(done):>8,} {len(times):>8,} {shown[0]:>11.0f} {shown[1]:>8.0f} {shown[2]:>8.0f}", end="")
    print(f" {faults.total():>11}", flush=True)
    for fault, count in faults.most_common():
        print(f"{count:9,} {fault}")
    return int(bool(faults) or shown[1] >= LONGEST_WRITE)


@contextmanager
def a_database(name: str) -> Iterator[str]:
    """The setting DATABASE of an empty database."""
    if name == "sqlite":
        yield ""
        return
    with postgres_folder() as folder, run_postgres(folder) as address:
        yield new_database(address)


def at_once(folder: Path, url: str, clients: int, seconds: float, pace: float) -> list[Done]:
    """Everything that many clients did in some seconds."""
    with memory_of(folder, url) as memory:
        import_school(memory)
    ready = (FRESH.Barrier(clients),)
    with ProcessPoolExecutor(clients, FRESH, initializer=_wait_for, initargs=ready) as processes:
        asked = [processes.submit(be_a_client, number, folder, url, seconds, pace) for number in range(clients)]
        return [item for client in asked for item in client.result()]


_ready: Barrier


def _wait_for(ready: Barrier) -> None:
    global _ready
    _ready = ready


def be_a_client(number: int, folder: Path, url: str, seconds: float, pace: float) -> list[Done]:
    """Do something every so many seconds once all are ready; all of it."""
    rng, found = random.Random(number), list[Done]()
    with memory_of(folder, url) as memory:
        _ready.wait()
        until, due = time.monotonic() + seconds, time.monotonic() + rng.random() * pace
        while due < until:
            time.sleep(max(0.0, due - time.monotonic()))
            kind = choose(rng, number, len(found), pace)
            found.append(timed(kind, partial(ACTIONS[kind], memory, rng)))
            due = max(due + pace, time.monotonic())
    return found


def choose(rng: random.Random, number: int, done: int, pace: float) -> str:
    """What a client does next; the first imports once a minute."""
    if number == 0 and done % max(1, round(60 / pace)) == 1:
        return "import"
    return rng.choices(list(SHARES), list(SHARES.values()))[0]


def timed(kind: str, act: Callable[[], object]) -> Done:
    """An action with its time and what went wrong with it."""
    began, fault = time.perf_counter(), ""
    try:
        act()
    except RequestError as error:
        fault = "" if error.problems[0].code in FAIR else f"{kind}: {error.problems[0].detail}"
    except Exception as error:  # whatever a client is told
        fault = f"{kind}: {type(error).__name__}"
    return Done(kind, (time.perf_counter() - began) * 1000, fault)


def import_school(memory: Memory, rng: random.Random | None = None) -> None:
    """The whole school's export; here and there a mark has been corrected since the last one."""
    del rng
    calendar, past = SchoolCalendar(CALENDAR), Past(nothing_sent=True)
    pupils = [past.complete(as_json(item)) for item in make_pupils(PUPILS, 1, ON)]
    events = frozenset[str]().union(*(policy.events for policy in memory.desk.policies.values()))
    read = partial(read_json_pupils, pupils, "pupils.json", events, MarkDays(calendar, ON))
    take_in(memory, open_school(memory), Cohort(calendar, read), ON)


def write_something(memory: Memory, rng: random.Random) -> None:
    """A call, an answer and a corrected mark."""
    day = ON - timedelta(days=rng.randrange(4))
    mark = read_mark(day, "AM", rng.choice("OI/"), MarkDays(SchoolCalendar(), date.max))
    notes = Notes(Event(ON, "parent_contact", note="rang"), (read_answer("parent_engaged", "yes", ON),), (mark,))
    write_down(memory, open_school(memory), rng.randint(1, PUPILS), notes)


def issue_one(memory: Memory, rng: random.Random) -> None:
    """The letter that a pupil is due, if one is."""
    today = open_day(memory, open_school(memory), memory.desk.policy("bradford"), ON)
    issue_for(memory, today, rng.randint(1, PUPILS))


def reverse_one(memory: Memory, rng: random.Random) -> None:
    """A letter of the day taken back, which can then be issued again."""
    if letters := letters_of_day(memory, open_school(memory), ON):
        take_back(memory, open_school(memory), rng.choice(letters).reference, "a mistake")


def reprint_one(memory: Memory, rng: random.Random) -> None:
    """A letter of the day printed again."""
    if letters := letters_of_day(memory, open_school(memory), ON):
        read_again(memory, open_school(memory), rng.choice(letters).reference)


def look_at_one(memory: Memory, rng: random.Random) -> None:
    """A pupil's history."""
    with memory.database.read() as connection:
        found = list(connection.exec_driver_sql("SELECT upn FROM pupil").scalars())
    tell_history(memory, open_school(memory), rng.choice(found))


def look_at_all(memory: Memory, rng: random.Random) -> None:
    """What is due in the whole school."""
    del rng
    for _ in find_due(memory, open_day(memory, open_school(memory), memory.desk.policy("bradford"), ON)):
        pass


def look_through(folder: Path, url: str) -> Iterator[str]:
    """What is wrong with the memory afterwards: the audit, the files, letters issued twice."""
    with memory_of(folder, url) as memory:
        yield from (problem for school in verify_all(memory) for problem in school.problems)
        yield from (f"the file of a letter is missing: {name}" for name in sweep(memory).missing)
        letters = letters_of_day(memory, open_school(memory), ON)
        times = Counter((letter.pupil, letter.recipient, letter.letter, letter.occasion) for letter in letters)
        yield from (f"a letter was issued {count} times" for count in times.values() if count > 1)


ACTIONS: dict[str, Callable[[Memory, random.Random], object]] = {
    "import": import_school,
    "record": write_something,
    "issue": issue_one,
    "reverse": reverse_one,
    "reprint": reprint_one,
    "history": look_at_one,
    "due": look_at_all,
}
SHARES = {"record": 50, "issue": 20, "reverse": 5, "reprint": 5, "history": 18, "due": 2}
"""How often each is done, beside the imports."""
WRITES = ("record", "issue", "reverse")
"""The actions whose times are shown: an import is many writes, one after another."""

if __name__ == "__main__":
    sys.exit(main())

"""What is due among very many remembered pupils, one pupil's history, and the size of the database; on both databases.

Some hundred pupils are taken in and written to as a school does it; the database then makes more of the same rows, each
pupil with ten letters. `python -m tests.benchmarks.bench_memory [--sizes 10000,100000] [--databases sqlite,postgresql]`
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice

from sqlalchemy import ColumnElement, Connection, String, Table, cast, func, insert, literal, select, text

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.cohort.event_rows import Past
from service.cohort.join import Cohort
from service.cohort.shapes.json_pupils import read_json_pupils
from service.desk import Desk
from service.forked import count_cores
from service.memory.issuing import issue_for
from service.memory.memory import Memory, open_memory, open_school
from service.memory.school_files import write_settings
from service.memory.taking_in import take_in
from service.memory.today import open_day
from service.memory.told_history import tell_history
from service.sample.export import CALENDAR, ON, make_pupils
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import PREFIX, read_settings
from service.storage.schema import addressee, audit, contact, decision, event, file, letter, pupil, register
from tests.benchmarks.bench_post import percentile
from tests.benchmarks.folders import new_folder
from tests.storage.own_postgres import new_database, postgres_folder, run_postgres

SEEDS = 500
LETTERS = ("letter_n", "letter_1", "letter_2", "letter_n", "letter_3", "letter_n", "letter_1", "letter_med", "letter_n")
"""What was sent before the letter of today, a fortnight apart going back."""
ASKED = 200
OWN_ROWS, ALL_ROWS = 3_000, 30_000
"""More rows than any table has of the first pupils with one letter, and with all of them."""


def main() -> None:
    """Print a line for each database and size."""
    ask = argparse.ArgumentParser(description="Due, history and size with memory")
    ask.add_argument("--sizes", default="10000,100000")
    ask.add_argument("--databases", default="sqlite,postgresql")
    told = ask.parse_args()
    cores = "1 core" if count_cores() == 1 else f"{count_cores()} cores"
    print(f"With memory: {len(LETTERS) + 1} letters a pupil, `due` on {cores}, the history of {ASKED} pupils\n")
    print(f"{'':10} {'pupils':>8} {'due, s':>8} {'of it CPU':>10} {'growth':>14} {'peak MiB':>9}", end="")
    print(f" {'history, ms':>12} {'99th':>7} {'KB a pupil':>11}")
    sizes = sorted(map(int, told.sizes.split(",")))
    for name in told.databases.split(","):
        with a_database(name) as url:
            measure(name, url, sizes)


@contextmanager
def a_database(name: str) -> Iterator[str]:
    """The setting DATABASE of an empty database."""
    if name == "sqlite":
        yield ""
        return
    with postgres_folder() as folder, run_postgres(folder) as address:
        yield new_database(address)


def measure(name: str, url: str, sizes: list[int]) -> None:
    """A line for each size, the database growing from one to the next."""
    folder, before = new_folder(), (0.0, 0)
    school = folder / "school.toml"
    school.write_text(write_settings(SAMPLE_SCHOOL), encoding="utf-8")
    words = {"DATA": str(folder), "DATABASE": url, "SCHOOL": str(school)}
    settings = {PREFIX + word: value for word, value in words.items()}
    with open_memory(Desk(read_settings(settings))) as memory:
        plant(memory)
        count = SEEDS
        for size in sizes:
            multiply(memory, count, size)
            count = size
            seconds, busy, peak = time_due(settings)
            grew = f"{busy / before[0]:.1f} for {size / before[1]:.1f}" if before[1] else ""
            times = time_history(memory, size)
            kept = size_of(memory) / size / 1000
            print(f"{name:10} {size:>8,} {seconds:>8.1f} {busy:>10.1f} {grew:>14} {peak:>9.0f}", end="")
            print(f" {percentile(times, 0.5):>12.1f} {percentile(times, 0.99):>7.1f} {kept:>11.1f}", flush=True)
            before = busy, size


def plant(memory: Memory) -> None:
    """Some hundred pupils, each with a letter of today and nine of the weeks before."""
    calendar, here = SchoolCalendar(CALENDAR), open_school(memory)
    past = Past(nothing_sent=True)
    absent = (item for item in make_pupils(4 * SEEDS, 1, ON) if any(code in "OUG" for _, _, code in item["marks"]))
    pupils = [past.complete(as_json(item)) for item in islice(absent, SEEDS)]
    events = frozenset[str]().union(*(policy.events for policy in memory.desk.policies.values()))
    read = partial(read_json_pupils, pupils, "pupils.json", events, MarkDays(calendar, ON))
    take_in(memory, here, Cohort(calendar, read), ON)
    today = open_day(memory, open_school(memory), memory.desk.policy("bradford"), ON)
    written = sum(len(issue_for(memory, today, number, "letter_1").kept) for number in range(1, SEEDS + 1))
    if written < SEEDS:  # a few pupils cannot be written to, others have two recipients
        raise SystemExit(f"only {written} letters for {SEEDS} pupils")
    with memory.database.write(here.id) as connection:
        add_earlier_letters(connection)


def as_json(item: dict) -> dict:
    """An invented pupil as JSON."""
    answers = {"yes": True, "no": False}
    contacts = [{word: answers.get(value, value) for word, value in person.items()} for person in item["contacts"]]
    words = ("upn", "first_name", "last_name", "registration_group")
    marks = [{"date": f"{day}", "session": session, "code": code} for day, session, code in item["marks"]]
    born = item["date_of_birth"].isoformat()
    known = {word: item[word] for word in words} | {"year_group": str(item["year_group"]), "date_of_birth": born}
    return known | {"contacts": contacts, "marks": marks}


def add_earlier_letters(connection: Connection) -> None:
    """The rows of nine earlier letters for each pupil, of the same size as those of today's."""
    for place, name in enumerate(LETTERS, 1):
        words = {"day": ON - timedelta(weeks=2 * place), "letter": name, "event": name, "occasion": f"{place} before"}
        for table in (event, decision, file, letter, addressee, audit):
            copy_rows(connection, table, place * OWN_ROWS, OWN_ROWS, words, moves_pupils=False)


def multiply(memory: Memory, count: int, size: int) -> None:
    """More of the same rows until there are so many pupils."""
    for place in range(count // SEEDS, size // SEEDS):
        with memory.database.write(1) as connection:
            for table in (pupil, contact, register, event, decision, file, letter, addressee, audit):
                copy_rows(connection, table, place * ALL_ROWS, ALL_ROWS, {"upn": ""})
    with memory.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def copy_rows(
    connection: Connection, table: Table, shift: int, most: int, words: dict[str, object], moves_pupils: bool = True
) -> None:
    """The table's first rows again, with other numbers and words; what must be unique is made of the number."""
    values: list[ColumnElement[object]] = []
    for column in table.c:
        if column.primary_key or (table is audit and column.name == "number"):
            values.append(column + shift)
        elif column.foreign_keys:
            is_moved = column.name != "school" and (moves_pupils or column.name != "pupil")
            values.append(column + shift if is_moved else column)
        elif column.name in ("token", "hash", "file"):
            values.append(padded(connection, table.c.id + shift, column.type.length))
        elif table is pupil and column.name == "reference":
            values.append(cast(table.c.id + shift, String))
        else:
            values.append(literal(words[column.name], column.type) if column.name in words else column)
    connection.execute(insert(table).from_select(list(table.c), select(*values).where(table.c.id <= most)))


def padded(connection: Connection, number: ColumnElement[int], length: int) -> ColumnElement[str]:
    """A number as a text of some length."""
    if connection.dialect.name == "sqlite":
        return func.printf(f"%0{length}d", number)
    return func.lpad(cast(number, String), length, "0")


def time_due(settings: dict[str, str]) -> tuple[float, float, float]:
    """Seconds, seconds of all cores' work, and peak MiB of a process of `due`; every decision is written to a file."""
    command = [sys.executable, "-m", "service", "due", "--on", ON.isoformat(), "--json", "--all"]
    started = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        streams = {"stdout": out, "stderr": subprocess.PIPE}
        process = subprocess.Popen(command, **streams, env={**os.environ, **settings})
        _, status, usage = os.wait4(process.pid, 0)
        complaints = process.stderr.read() if process.stderr else b""
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(complaints.decode())
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def time_history(memory: Memory, size: int) -> list[float]:
    """The milliseconds of the histories of some pupils, in order."""
    here, rng, times, letters = open_school(memory), random.Random(1), list[float](), 0
    for _ in range(ASKED):
        place = rng.randrange(1, size // SEEDS)
        name = str(place * ALL_ROWS + rng.randint(1, SEEDS))
        started = time.perf_counter()
        told = tell_history(memory, here, name)
        times.append((time.perf_counter() - started) * 1000)
        letters += len(told.letters)
    if letters < ASKED * (len(LETTERS) + 1):
        raise SystemExit(f"only {letters} letters in {ASKED} histories")
    return sorted(times)


def size_of(memory: Memory) -> int:
    """The database's size in bytes."""
    with memory.database.read() as connection:
        if memory.database.is_sqlite:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


if __name__ == "__main__":
    main()

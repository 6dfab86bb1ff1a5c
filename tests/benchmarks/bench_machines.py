"""Two machines that share a batch over Redis, PostgreSQL and S3, one of which is cut off in the middle.

Each is a network namespace with an address and a name of its own, or a process with a folder of its own where those are
not to be had; each works with one process. `python -m tests.benchmarks.bench_machines [--letters 10000] [--hurry]`
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from service.batches.stored import releasing
from service.memory.memory import Memory, open_school
from service.settings import PREFIX
from service.storage.batched.claims import LEASE_SECONDS
from service.storage.schema import letter
from tests.batches.accidents.moved_clocks import moved_clock
from tests.batches.engines.own_machines import Machine, Machines, run_s3, two_machines
from tests.batches.engines.own_queues import run_redis
from tests.batches.engines.own_workers import many_machines
from tests.batches.stored.working_batches import begin, state_of
from tests.benchmarks import filling_timed
from tests.benchmarks.at_work import processor_seconds, spent
from tests.benchmarks.bench_batches import take_school, wait_until
from tests.benchmarks.filling_timed import NOTED_IN, read_noted
from tests.benchmarks.folders import new_folder
from tests.memory.living import memory_of
from tests.storage.own_postgres import new_database, postgres_folder, run_postgres

WARM = 50


@dataclass(frozen=True, slots=True)
class Servers:
    """What machines share: a way to new databases, the queue, and the numbers of the programs."""

    databases: str
    queue: str
    programs: dict[str, int]


def main() -> None:
    """Print what one machine does in a second, and two."""
    ask = argparse.ArgumentParser(description="A batch on two machines")
    ask.add_argument("--letters", type=int, default=10_000)
    ask.add_argument("--hurry", action="store_true", help="set the clock forward rather than wait for a lease to end")
    told = ask.parse_args()
    with two_machines() as found, serve(found) as servers:
        kind = "network namespaces" if found.are_apart else "processes with folders of their own"
        print(f"One process on each machine ({kind}), {os.cpu_count()} cores for them and all servers\n")
        shared, few = str(new_folder()), max(told.letters // 5, 100)
        print("letters in a folder that machines share")
        share_out(servers, found.machines[:1], shared, few, told.hurry)
        print("letters in storage that speaks S3 (moto's server)")
        share_out(servers, found.machines[:1], "s3://letters/one", few, told.hurry)
        share_out(servers, found.machines, "s3://letters/two", told.letters, told.hurry)


@contextmanager
def serve(found: Machines) -> Iterator[Servers]:
    """Redis, PostgreSQL and S3 at an address that all machines reach."""
    with ExitStack() as stack:
        folder = stack.enter_context(postgres_folder())
        databases = stack.enter_context(run_postgres(folder, found.address))
        redis = stack.enter_context(run_redis(found.address))
        storage, words = stack.enter_context(run_s3(found.address, new_folder()))
        os.environ.update(words)
        postgres = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        programs = {"PostgreSQL": postgres, "Redis": redis.server.pid, "S3": storage.pid}
        yield Servers(databases, redis.url, programs)


def share_out(servers: Servers, machines: list[Machine], files: str, letters: int, hurry: bool) -> None:
    """Lines about a batch that some machines share; with two, the first is cut off when half is issued."""
    folder, url, filling = new_folder(), new_database(servers.databases), new_folder()
    settings = {**many_machines(folder, url, servers.queue), f"{PREFIX}FILES": files, NOTED_IN: str(filling)}
    with memory_of(folder, url, FILES=files) as memory, moved_clock(memory, url) as clock:
        workers = [machine.work(folder, settings, filling_timed.__name__) for machine in machines]
        warm_up(memory)
        take_school(memory, letters)
        programs = {"workers": [one.program.pid for one in workers]}
        programs |= {name: [program] for name, program in servers.programs.items()}
        before, filled = measure(programs), read_noted(filling)
        number = decide_all(memory)
        release_all(memory, number)
        issue_until(memory, letters // len(machines), len(machines))
        if len(machines) > 1:
            machines[0].cut_off()
            if hurry:
                clock.set(LEASE_SECONDS + 1)
            seconds = spent(lambda: wait_for(memory, number, "finished")).clock
            print(f"one was cut off there, and the other finished the rest in {seconds:.1f} s", flush=True)
        else:
            wait_for(memory, number, "finished")
            used = {name: seconds - before[name] for name, seconds in measure(programs).items()}
            say_shares(used, letters, read_noted(filling) - filled)
        assert_whole(memory, letters)
        for worker in workers:
            worker.kill()


def warm_up(memory: Memory) -> None:
    """A little work for the workers, which start with it, and read in what they need."""
    take_school(memory, WARM)
    releasing.cancel(memory, open_school(memory), decide_all(memory), "a beginning")


def decide_all(memory: Memory) -> int:
    """A batch that is decided."""
    number = begin(memory)
    wait_for(memory, number, "decided")
    return number


def release_all(memory: Memory, number: int) -> None:
    """Release everything that a batch shows."""
    here = open_school(memory)
    releasing.release(memory, here, number, releasing.look(memory, here, number))


def issue_until(memory: Memory, letters: int, machines: int) -> None:
    """Wait for so many letters, and say how fast they came."""
    seconds = spent(lambda: wait_until(lambda: count_issued(memory) >= letters)).clock
    done = count_issued(memory)
    print(f"{machines} machine{'s' * (machines > 1)}: {done:,} letters in {seconds:.1f} s,", end="")
    print(f" {done / seconds:.0f} letters a second", flush=True)


def wait_for(memory: Memory, number: int, state: str) -> None:
    """Return when a batch is in a state."""
    wait_until(lambda: state_of(memory, number) == state)


def measure(programs: dict[str, list[int]]) -> dict[str, float]:
    """What some programs have used of the processor so far, in seconds."""
    return {name: sum(map(processor_seconds, numbers)) for name, numbers in programs.items()}


def say_shares(used: dict[str, float], letters: int, filling: float) -> None:
    """What a letter takes of each program's processor, and how much of the workers' is not filling.

    Filling is deciding and making a letter, as its process measures it while it works. It comes twice: when the letter
    is shown, and when it is issued and must be what was shown.
    """
    told = ", ".join(f"{name} {seconds / letters * 1000:.2f} ms" for name, seconds in used.items())
    print(f"of the processor a letter takes from its batch's start to its end: {told}")
    print(f"of the workers' part filling is {filling / letters * 1000:.2f} ms,", end="")
    print(f" queue and storage are {1 - filling / used['workers']:.0%}", flush=True)


def count_issued(memory: Memory) -> int:
    """How many letters there are."""
    with memory.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(letter)).scalar_one())


def assert_whole(memory: Memory, letters: int) -> None:
    """Every pupil has one letter, and its file is in the storage."""
    here = open_school(memory)
    with memory.database.read() as connection:
        rows = connection.execute(select(letter.c.pupil, letter.c.file)).all()
    lost, twice = letters - len({row.pupil for row in rows}), len(rows) - len({row.pupil for row in rows})
    missing = {row.file for row in rows} - set(memory.files.hashes(here.id))
    print(f"{letters:,} letters: {lost} lost, {twice} twice, {len(missing)} without their file\n", flush=True)
    assert (lost, twice, missing) == (0, 0, set())


if __name__ == "__main__":
    main()

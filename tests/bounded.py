"""Commands run as a process of their own that may use ten seconds of a processor, and how much memory they took."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
MOST_SECONDS = 10
ORDINARY_MEMORY = 80 << 20  # bytes: what `check` needs for a letter of the shipped ones
MOST_MEMORY = ORDINARY_MEMORY + (300 << 20)


_MEASURE = """
import os, resource, subprocess, sys
seconds, tell = map(int, sys.argv[1:3])
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
_, status, used = os.wait4(subprocess.Popen(sys.argv[3:]).pid, 0)
os.write(tell, f"{status} {used.ru_maxrss}".encode())
"""
# A small process between: one that is forked from these tests would count the memory that they hold as its own.


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended: its exit status, everything it said, and the most memory it held, in bytes."""

    status: int
    said: str
    memory: int


def run_bounded(*words: object, **settings: str) -> Done:
    """Run a command of the service; it is killed when it uses more than its ten seconds."""
    named = {f"ATTENDANCE_LETTERS_{name}": value for name, value in settings.items()}
    told, tell = os.pipe()
    command = [sys.executable, "-c", _MEASURE, str(MOST_SECONDS), str(tell)]
    with open(told, encoding="ascii") as measured:
        done = subprocess.run(
            [*command, sys.executable, "-m", "service", *map(str, words)],
            cwd=REPOSITORY,
            env=os.environ | named,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(tell,),
            check=False,
        )
        os.close(tell)
        status, memory = map(int, measured.read().split())
    return Done(os.waitstatus_to_exitcode(status), done.stdout.decode(), memory * 1024)


def check_ends_well(done: Done) -> str:
    """What it said, after making sure that it ended by itself, within its memory and without a traceback."""
    assert done.status in (0, 1, 2), done.said[-500:]
    assert "Traceback" not in done.said
    assert "on our side" not in done.said
    assert done.memory < MOST_MEMORY
    return done.said

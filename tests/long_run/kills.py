"""The command `letters` killed at random moments: no folder claims to be whole that is not.

    python -m tests.long_run.kills [--kills 500] [--pupils 120] [--seed 1]

A folder claims it by its index. Each run is killed with SIGKILL, one in ten before its folder is there, the others at a
moment between then and a little after it would have been finished; what a folder with an index holds is compared, byte
for byte, with what a run that nobody killed has written. Every tenth folder is then run into again: that run either
writes all of it or says why not. The exit status is 1 where a folder was wrong.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from random import Random

from service.batches.own_folder import INDEX
from service.sample.export import write_sample

ROOT = Path(__file__).parents[2]
LONGEST = 120.0  # seconds that a run may take on a busy machine


def start(export: Path, out: Path) -> subprocess.Popen[bytes]:
    """A run in a process group of its own."""
    command = [sys.executable, "-m", "service", "letters", export, "--policy", "bradford", "--on", "2026-11-20"]
    return subprocess.Popen(
        [*command, "--out", out],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_for(out: Path, running: subprocess.Popen[bytes]) -> float:
    """Wait until the folder is there or the run has ended; the seconds that it took."""
    began = time.monotonic()
    while not out.exists() and running.poll() is None and time.monotonic() - began < LONGEST:
        time.sleep(0.001)
    return time.monotonic() - began


def what_is_in(folder: Path) -> dict[str, str]:
    """The files of a folder with what they hold."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def find_fault(out: Path, whole: dict[str, str]) -> str:
    """What a folder that was left behind is; a word for one that claims to be whole and is not."""
    if not out.exists():
        return "not begun"
    held = what_is_in(out)
    if INDEX not in held:
        return "without an index"
    return "whole" if held == whole else "WRONG"


class Killer:
    """Runs that are killed, beside one that is not."""

    def __init__(self, folder: Path, pupils: int, seed: int) -> None:
        self.folder, self.random = folder, Random(seed)
        self.export, whole = folder / "school", folder / "whole"
        write_sample(self.export, pupils, seed)
        running = start(self.export, whole)
        self.until_begun = wait_for(whole, running)
        began = time.monotonic()
        if running.wait(LONGEST):
            raise AssertionError("the run that nobody killed failed")
        self.until_whole = time.monotonic() - began
        self.whole = what_is_in(whole)

    def kill_one(self, number: int) -> str:
        """What became of one run that was killed."""
        out = self.folder / f"out{number}"
        running = start(self.export, out)
        if number % 10:
            wait_for(out, running)
            time.sleep(self.random.uniform(0, self.until_whole * 1.1))
        else:
            time.sleep(self.random.uniform(0, self.until_begun))
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        found = find_fault(out, self.whole)
        again = self._run_again(out) if number % 10 == 1 else ""
        shutil.rmtree(out, ignore_errors=True)
        return again or found

    def _run_again(self, out: Path) -> str:
        """What is wrong once somebody has run the command into the same folder again, "" when nothing is."""
        is_done = start(self.export, out).wait(LONGEST) == 0
        found = find_fault(out, self.whole)
        return "WRONG" if found == "WRONG" or (is_done and found != "whole") else ""


def main() -> int:
    """Print what became of the runs."""
    ask = argparse.ArgumentParser(description="The command letters, killed")
    ask.add_argument("--kills", type=int, default=500)
    ask.add_argument("--pupils", type=int, default=120)
    ask.add_argument("--seed", type=int, default=1)
    told = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        killer = Killer(Path(folder), told.pupils, told.seed)
        found = Counter(killer.kill_one(number) for number in range(told.kills))
    print(f"{told.kills} runs killed; their folders: " + ", ".join(f"{count} {what}" for what, count in found.items()))
    return 1 if found["WRONG"] else 0


if __name__ == "__main__":
    sys.exit(main())

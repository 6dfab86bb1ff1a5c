"""Workers of many machines as programs of their own, and a wait for what they do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from service.memory.memory import Memory
from tests.batches.stored.working_batches import assert_all_issued_once, now, release
from tests.memory.living import settings_for

ROOT = Path(__file__).parents[3]
DIED = "exited with 'signal 9 (SIGKILL)'"
"""What a worker says of each of its processes that was killed."""


class OwnWorker:
    """A worker with a folder of its own, and what it says; `through` is the command that runs it on its machine."""

    def __init__(
        self, folder: Path, settings: dict[str, str], through: Sequence[str] = (), module: str = "service"
    ) -> None:
        folder.mkdir()
        self.log = folder / "log"
        words = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
        command = [*through, sys.executable, "-m", module, "worker"]
        with self.log.open("wb") as log:
            self.program = subprocess.Popen(
                command, env=words, cwd=folder, stdout=log, stderr=log, start_new_session=True
            )

    def says(self) -> str:
        """What it has said so far."""
        return self.log.read_text()

    def deaths(self) -> int:
        """How many of its processes were killed."""
        return self.says().count(DIED)

    def kill(self) -> None:
        """Kill it with all its processes, as if the machine went."""
        os.killpg(self.program.pid, signal.SIGKILL)
        self.program.wait()

    def stop(self) -> int:
        """Ask it to stop; its exit status."""
        self.program.terminate()
        return self.program.wait(60)

    def processes(self) -> list[int]:
        """The numbers of all its processes."""
        found = [int(item.name) for item in Path("/proc").iterdir() if item.name.isdecimal()]
        return [process for process in found if self._owns(process)]

    def _owns(self, process: int) -> bool:
        try:
            return os.getpgid(process) == self.program.pid
        except ProcessLookupError:
            return False


@contextmanager
def worker(tmp_path: Path, url: str, queue: str, name: str = "worker", **words: str) -> Iterator[OwnWorker]:
    """A worker while a test runs, with one process."""
    own = many_machines(tmp_path, url, queue)
    started = OwnWorker(tmp_path / name, {**own, **words})
    try:
        yield started
    finally:
        if started.program.poll() is None:
            started.kill()


def many_machines(tmp_path: Path, url: str, queue: str) -> dict[str, str]:
    """The settings of many machines, as the environment gives them."""
    words = {"ENGINE": "celery", "QUEUE": queue, "FILES": str(tmp_path / "files"), "BATCH_PROCESSES": "1"}
    return settings_for(tmp_path, url, **words)


def wait_until(happened: Callable[[], bool], worker: OwnWorker, seconds: int = 60) -> None:
    """Return when something has happened; what the worker says when it takes too long."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, worker.says()
        time.sleep(0.1)


def wait_for_state(memory: Memory, number: int, state: str, worker: OwnWorker) -> None:
    """Return when a batch is in a state."""
    wait_until(lambda: now(memory, number).batch.state == state, worker)


def finish(memory: Memory, number: int, worker: OwnWorker, pupils: int) -> None:
    """Let workers finish a batch, and look at everything."""
    wait_for_state(memory, number, "decided", worker)
    release(memory, number)
    wait_for_state(memory, number, "finished", worker)
    assert_all_issued_once(memory, pupils)

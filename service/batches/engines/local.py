"""A pool of processes on this machine, there while there is work: nothing to install, resumed at every start."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from service.batches.engines.owners import has_work
from service.desk import Desk
from service.errors import AttendanceLettersError
from service.memory.memory import Memory
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import PREFIX

LOOK_SECONDS = 0.5
STOP_SECONDS = 30
_WORKER = "from service.__main__ import main; main()"


class LocalEngine:
    """Keeps as many processes at work as there are places, as long as something can be claimed.

    `find_memory` says where there may be work; None while nothing is remembered.
    """

    def __init__(self, find_memory: Callable[[], Memory | None], processes: int = 0) -> None:
        self.find_memory = find_memory
        self.places = processes or os.cpu_count() or 1
        self.working: list[subprocess.Popen[bytes]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tend, name="batches", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        for process in self.working:
            if process.stdin:
                process.stdin.close()
        for process in self.working:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _tend(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self._let_go_of_the_ended()
            if len(self.working) < self.places:
                with suppress(AttendanceLettersError, OSError):  # what is away now comes back: look again
                    self._start_where_work_is()

    def _let_go_of_the_ended(self) -> None:
        for process in self.working:
            if process.poll() is not None and process.stdin:
                process.stdin.close()
        self.working = [process for process in self.working if process.returncode is None]

    def _start_where_work_is(self) -> None:
        memory = self.find_memory()
        if memory and has_work(memory):
            self.working.append(_start(memory.desk))


def _start(desk: Desk) -> subprocess.Popen[bytes]:
    """A worker for our school, which ends when nothing is left to do, or when we end."""
    command = [sys.executable, "-c", _WORKER, "worker", "--until-done", "--with-parent"]
    command += ["--sample"] if desk.is_for(SAMPLE_SCHOOL) else []
    own = {f"{PREFIX}SCHOOL": str(desk.school_file.absolute())} if desk.school_file else {}
    return subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, **own})  # noqa: S603  # our own program

"""A thread that sends what is due, as long as the service answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from service.errors import AttendanceLettersError
from service.faults import log_fault
from service.memory.hooks.delivering import deliver_due
from service.memory.memory import Memory

LOOK_SECONDS = 1.0


class HookSender:
    """Sends as long as it is open; several services on one database share the work.

    `find_memory` says where there may be something to send; None while nothing is remembered.
    """

    def __init__(self, find_memory: Callable[[], Memory | None]) -> None:
        self.find_memory = find_memory
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="webhooks", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                memory = self.find_memory()
                while memory and deliver_due(memory) and not self._stop.is_set():
                    pass
            except AttendanceLettersError:  # the database is away: it comes back
                continue
            except Exception as error:  # nothing that happens to one message ends the others
                log_fault(error)

"""Wakes the workers of other machines as soon as there is work; without it their own beat does, some seconds later."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from service.batches.engines.message_queue import ask_to_look, open_queue
from service.batches.engines.owners import has_work
from service.errors import AttendanceLettersError
from service.memory.memory import Memory
from service.settings import Settings

LOOK_SECONDS = 1.0


class ManyMachines:
    """Does nothing itself: asks workers to look, as long as something can be claimed.

    Raises SettingsError when many machines cannot work with the settings.
    """

    def __init__(self, settings: Settings, find_memory: Callable[[], Memory | None]) -> None:
        self.queue = open_queue(settings)
        self.find_memory = find_memory
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
        self.queue.close()

    def _tend(self) -> None:
        while not self._stop.is_set():
            with suppress(AttendanceLettersError, OSError):  # what is away now comes back: look again
                memory = self.find_memory()
                if memory and has_work(memory):
                    ask_to_look(self.queue)
            self._stop.wait(LOOK_SECONDS)

"""The memory as the web needs it: opened by the first request that asks for it, closed with the service."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Lock

from service.desk import Desk
from service.memory.memory import Memory, open_memory


class WebMemory:
    """The one memory of an application. A service that is never asked to remember makes no files."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._stack = ExitStack()
        self._lock = Lock()
        self._opened: Memory | None = None

    def open(self) -> Memory:
        """The memory, made when there is none. Raises SettingsError when it cannot be opened."""
        with self._lock:
            if self._opened is None:
                self._opened = self._stack.enter_context(open_memory(self.desk))
            return self._opened

    def close(self) -> None:
        """Close it; the next request would open it again."""
        with self._lock:
            self._opened = None
            self._stack.close()

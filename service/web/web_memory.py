"""The memory as the web needs it: opened by the first request that asks for it, closed with the service."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Lock

from service.desk import Desk
from service.memory.access.keyring import has_keys, has_secret
from service.memory.memory import Memory, open_memory
from service.storage.database import FILE


class WebMemory:
    """The one memory of an application. A service that is never asked to remember makes no files."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._stack = ExitStack()
        self._lock = Lock()
        self._opened: Memory | None = None
        self._was_keyless = False

    @property
    def is_there(self) -> bool:
        """Whether something is remembered already."""
        settings = self.desk.settings
        return self._opened is not None or bool(settings.database) or (settings.data / FILE).is_file()

    def open(self) -> Memory:
        """The memory, made when there is none. Raises SettingsError when it cannot be opened."""
        with self._lock:
            if self._opened is None:
                self._opened = self._stack.enter_context(open_memory(self.desk))
            return self._opened

    def needs_key(self) -> bool:
        """Whether a request needs a key: always where others can reach the service, else while one is in force."""
        return self.desk.settings.is_public or self.has_keys()

    def has_keys(self) -> bool:
        """Whether any key is in force.

        Asked before every answer, so the database is asked once only while no key was ever made: each has a hash that
        needs the secret of the data folder, which is made with the first.
        """
        if not self.is_there or (self._was_keyless and not has_secret(self.desk.settings.data)):
            return False
        found = has_keys(self.open())
        self._was_keyless = not found
        return found

    def close(self) -> None:
        """Close it; the next request would open it again."""
        with self._lock:
            self._opened = None
            self._stack.close()

"""The files that one run makes in a folder, so that it can take back those and no others."""

from __future__ import annotations

import os
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

from service.file_access import write_new_file


class OwnFiles:
    """Writes new files into a folder and remembers them; processes forked from this one add to the same list.

    The list is a file without a name: what a process has noted is there however that process ends.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with tempfile.TemporaryFile() as nameless:
            self._made = os.dup(nameless.fileno())
        weakref.finalize(self, os.close, self._made)

    def write(self, name: str, content: bytes) -> None:
        """Write a file that is not there yet, for its owner alone. Raises FileExistsError."""
        os.write(self._made, f"{name}\n".encode())  # before it is made: whoever is stopped in between leaves nothing
        try:
            write_new_file(self.folder / name, content)
        except FileExistsError:
            os.write(self._made, f"/{name}\n".encode())  # not ours after all
            raise

    def take_back(self) -> None:
        """Remove every file that was written; what cannot be removed stays."""
        noted = self._read()
        foreign = {name.removeprefix("/") for name in noted if name.startswith("/")}
        for name in noted - foreign:
            if not name.startswith("/"):
                with suppress(OSError):
                    (self.folder / name).unlink()

    def _read(self) -> set[str]:
        size = os.lseek(self._made, 0, os.SEEK_END)
        os.lseek(self._made, 0, os.SEEK_SET)
        return set(os.read(self._made, size).decode().splitlines())

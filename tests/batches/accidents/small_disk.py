"""A disk of some megabytes that can be filled to the last page; needs the right to mount one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.batches.engines.own_queues import skip

MEGABYTES = 8


class SmallDisk:
    """A disk in memory; `leave` says how much room there is."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._ballast = folder, folder / "ballast"

    def leave(self, most: int) -> None:
        """Leave so many bytes of room, whole pages."""
        free = os.statvfs(self.folder)
        room = free.f_bavail * free.f_frsize - most
        with self._ballast.open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, room)

    def empty(self) -> None:
        """Make room again."""
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A disk while a test runs."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0700", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        skip("the right to mount a disk")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)

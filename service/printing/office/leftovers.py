"""What a converter that was killed has left: its folders with a letter in them, its socket, its LibreOffice."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from service.printing.office.converter_settings import LOCK, SOCKET

try:
    import fcntl
except ImportError:  # no Unix: there is no converter either
    fcntl = None  # type: ignore[assignment]

_OFFICES: Final = "office-*"


def sweep(base: Path) -> None:
    """Clear every converter's folder below `base` whose converter no longer lives."""
    for folder in base.glob("*"):
        if fcntl is None or not (folder / LOCK).is_file():
            continue
        with (folder / LOCK).open("a") as lock, suppress(BlockingIOError):  # it lives: nothing there is left over
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            clear(folder)


def clear(folder: Path) -> None:
    """Remove what is left in one converter's folder; whoever calls holds its lock, so nobody uses it."""
    (folder / SOCKET).unlink(missing_ok=True)
    for left in folder.glob(_OFFICES):
        for process in _processes_of(left):
            with suppress(OSError):  # it has ended, or is somebody else's
                os.kill(process, signal.SIGKILL)
        shutil.rmtree(left, ignore_errors=True)


def _processes_of(folder: Path) -> Iterator[int]:
    """The processes whose command names that folder, where the system says which there are."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.fsencode(folder) in (entry / "cmdline").read_bytes() and int(entry.name) != os.getpid():
                yield int(entry.name)

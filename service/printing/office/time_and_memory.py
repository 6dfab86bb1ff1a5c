"""How long one LibreOffice may take for a document and how much memory: beyond that it is given up and killed."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, NamedTuple

TICK: Final = 0.1


class LimitReached(Exception):  # noqa: N818 - it says what happened, the office says what that means
    """A limit was reached: `code` says which, `values` what its sentence names."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class Limits(NamedTuple):
    """The seconds for one answer, and the bytes for LibreOffice and all that it starts."""

    seconds: float
    memory: int

    def read_line(self, output: IO[bytes], pid: int, still_working: Callable[[], None]) -> bytes:
        """The line that a child writes within the limits; `still_working` is called about ten times a second.

        Raises LimitReached when the time is up or the memory is too much, EOFError when the child has gone.
        """
        until = time.monotonic() + self.seconds
        line = b""
        while not line.endswith(b"\n"):
            if select.select([output], [], [], TICK)[0]:
                piece = os.read(output.fileno(), 65536)
                if not piece:
                    raise EOFError
                line += piece
                continue
            still_working()
            if time.monotonic() > until:
                raise LimitReached("took-too-long", seconds=f"{self.seconds:g}")
            if memory_of(pid) > self.memory:
                raise LimitReached("too-much-memory", limit=f"{self.memory // 1_000_000:,}")
        return line


def memory_of(pid: int) -> int:
    """Bytes of memory in use by a process and all that descend from it; 0 where it has ended or the system is silent.

    Source: /proc, in which each of them may end while it is looked at.
    """
    return sum(_resident(one) for one in _family(pid))


def _family(pid: int) -> list[int]:
    children: list[str] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(FileNotFoundError, ProcessLookupError):
                children += Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")

"""A process that sets letters: asked one thing after another, killed when it takes too long."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

TICK: Final = 0.1  # seconds between two looks at a process that works
LINGER: Final = 10  # looks at one that rests, before they stop until there is work
PROGRAM: Final = Path(__file__).with_name("typst_child.py")
NOWHERE: Final = "http://127.0.0.1:9"  # nothing answers there
KEPT: Final = ("PATH", "SYSTEMROOT", "WINDIR", "LOCALAPPDATA", "USERPROFILE", "HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS")
"""What it may see of our environment: where a system keeps its fonts, and itself."""


LARGE_PAGES: Final = "glibc.malloc.hugetlb=1"
"""Memory in large pages where the system has some: a letter takes a thirtieth less time. Others take no notice."""


class ProcessLost(Exception):  # noqa: N818 - it is what happened
    """The process has ended, or had to be ended: `late` when its time was up."""

    def __init__(self, late: bool) -> None:
        super().__init__("late" if late else "ended")
        self.late = late


class Watch:
    """Kills a process that takes too long.

    One thread looks after all its answers, and is not woken for each: either takes as long as some lines of a letter.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.was_late = False
        self._process = process
        self._until: float | None = None
        self._is_over = False
        self._looks = threading.Event()
        threading.Thread(target=self._look, name="typesetting clock", daemon=True).start()

    def begin(self, seconds: float) -> None:
        """From now on the process may take so many seconds."""
        self._until = time.monotonic() + seconds
        if not self._looks.is_set():
            self._looks.set()

    def rest(self) -> None:
        """The process has answered."""
        self._until = None

    def end(self) -> None:
        """Look no longer."""
        self._is_over = True
        self._looks.set()

    def _look(self) -> None:
        rested = 0
        while not self._is_over:
            until = self._until
            rested = rested + 1 if until is None else 0
            if until is not None and time.monotonic() > until:
                self.was_late = True
                self._process.kill()
                return
            if rested <= LINGER:
                time.sleep(TICK)
                continue
            self._looks.clear()
            if self._until is None and not self._is_over:  # whoever begins from here on sets it again
                self._looks.wait()


class TypstProcess:
    """One process, used by one thread at a time."""

    def __init__(self, threads: int) -> None:
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "http_proxy"), NOWHERE)
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment | {"RAYON_NUM_THREADS": str(threads), "GLIBC_TUNABLES": LARGE_PAGES},
        )
        self._watch = Watch(self._process)

    def ask(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """The answer and the PDF beside it. Raises ProcessLost, after which nothing more can be asked."""
        self._watch.begin(seconds)
        try:
            self._write(json.dumps(request).encode())
            return json.loads(self._read()), self._read()
        except (OSError, ValueError):
            self.end()
            raise ProcessLost(self._watch.was_late) from None
        finally:
            self._watch.rest()

    def end(self) -> None:
        """End the process at once."""
        self._watch.end()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    continue

    @property
    def number(self) -> int:
        """The process's number."""
        return self._process.pid

    def _write(self, content: bytes) -> None:
        assert self._process.stdin  # noqa: S101  # made with one
        self._process.stdin.write(struct.pack(">L", len(content)) + content)
        self._process.stdin.flush()

    def _read(self) -> bytes:
        assert self._process.stdout  # noqa: S101
        length = self._process.stdout.read(4)
        if len(length) < 4:
            raise ValueError("ended")
        return self._process.stdout.read(struct.unpack(">L", length)[0])

"""The service under test: a process of its own on loopback, with a runtime folder of its own, and what it holds."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.printing.converter_trouble import processes_in
from tests.web.test_served import Server

MIB = 1 << 20


@contextmanager
def running_service(**settings: str) -> Iterator[tuple[Server, Path]]:
    """A service and its runtime folder; it is stopped afterwards, and must have nothing to say of a fault."""
    folder = Path(tempfile.mkdtemp(prefix="al-"))
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    before = dict(os.environ)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        server = Server(folder / "out", folder / "err", **settings)
    finally:
        os.environ.clear()
        os.environ.update(before)
    try:
        yield server, runtime
    finally:
        server.stop()
        said = server.errors.read_text()
        shutil.rmtree(folder, ignore_errors=True)
    if said:
        raise AssertionError(said)


def memory_of(process: int) -> int:
    """The memory that a process holds at this moment, in bytes; 0 when it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    lines = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return sum(int(line.split()[1]) for line in lines) * 1024


def memory_of_offices(runtime: Path) -> int:
    """The memory of the converter and its LibreOffices, in bytes; what they share counts for each."""
    return sum(map(memory_of, processes_in(runtime)))

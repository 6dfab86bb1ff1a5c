"""A connection to the machine's LibreOffice converter, and the starting of that converter."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from service.errors import ConversionError, Problem
from service.printing.office.converter_settings import LOCK, SOCKET, ConverterSettings, allowed_environment

try:
    import fcntl
except ImportError:  # no Unix: there is no converter either
    fcntl = None  # type: ignore[assignment]

STARTING: Final = "starting.lock"
LOG: Final = "converter.log"
START_SECONDS: Final = 20.0
SILENCE: Final = 10.0  # seconds without a sign of life (one comes every half second) before the server counts as frozen
LONGEST_SOCKET_PATH: Final = 100  # the system's limit is 104 or 108 bytes
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it, closed to others
ROOMY: Final = 256_000_000  # bytes
PACKAGES: Final = Path(__file__).parents[3]


class Line:
    """One connection; one document at a time."""

    def __init__(self, connected: socket.socket) -> None:
        connected.settimeout(SILENCE)
        self.server = _server_behind(connected)
        self._socket = connected
        self._talk = connected.makefile("rwb")

    def ask(self, docx: bytes, export: Mapping[str, bool | int]) -> dict[str, Any]:
        """The server's answer: {"pdf": bytes}, or {"problem": {"code", "detail"}, "lost": …}.

        Raises OSError when the server goes away or gives no sign of life; the line is then of no more use.
        """
        self._talk.write(json.dumps({"docx": len(docx), "export": dict(export)}).encode() + b"\n" + docx)
        self._talk.flush()
        line = b"\n"
        while line == b"\n":
            line = self._talk.readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError("the converter has gone")
        answer: dict[str, Any] = json.loads(line)
        if "pdf" in answer:
            size, answer["pdf"] = answer["pdf"], self._talk.read(answer["pdf"])
            if len(answer["pdf"]) < size:
                raise ConnectionResetError("the converter has gone")
        return answer

    def close(self) -> None:
        with suppress(OSError):  # unsent bytes to a server that has gone
            self._talk.close()
        self._socket.close()


def open_line(settings: ConverterSettings) -> Line:
    """A line to the machine's converter, which is started where there is none."""
    folder = runtime_folder(settings)
    until = time.monotonic() + START_SECONDS
    with (folder / STARTING).open("a") as starting:
        while time.monotonic() < until:
            with suppress(FileNotFoundError, ConnectionRefusedError):
                return Line(_connect(folder))
            with suppress(BlockingIOError):  # somebody else is starting it
                fcntl.flock(starting, fcntl.LOCK_EX | fcntl.LOCK_NB)
                try:
                    _start_server(settings, folder)
                    _wait_for_socket(folder, until)
                finally:
                    fcntl.flock(starting, fcntl.LOCK_UN)
            time.sleep(0.05)
    raise ConversionError(
        Problem("converter-did-not-start", f'The converter did not start; "{folder / LOG}" may say why.')
    )


def end_frozen_server(settings: ConverterSettings, frozen: int) -> None:
    """Kill the server that gives no sign of life and wait until it is gone; LibreOffice ends with it.

    Another one, which somebody may have started in its place, is left alone.
    """
    until = time.monotonic() + START_SECONDS
    with (runtime_folder(settings) / LOCK).open("a+") as lock:
        while time.monotonic() < until:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # it lives, so the number in the file is its own
                lock.seek(0)
                if lock.read().strip() != str(frozen):
                    return
                with suppress(ProcessLookupError):
                    os.kill(frozen, signal.SIGKILL)
                time.sleep(0.05)
            else:
                return


def _server_behind(connected: socket.socket) -> int:
    """The process at the other end; 0 where the system does not say, and then no process is ended."""
    if not hasattr(socket, "SO_PEERCRED"):
        return 0
    credentials = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[0])


def runtime_folder(settings: ConverterSettings) -> Path:
    """The folder of this user and these settings, which nobody else can open."""
    base = Path(settings.folder or _users_folder())
    folder = base / settings.key
    for one in (base, folder):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = one.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise ConversionError(
                Problem("unsafe-folder", f'The folder "{one}" must belong to this user and be closed to all others.')
            )
    if len(os.fsencode(folder / SOCKET)) > LONGEST_SOCKET_PATH:
        raise ConversionError(
            Problem("folder-name-too-long", f'The path "{folder}" is too long for a socket; choose a shorter one.')
        )
    return folder


def _users_folder() -> Path:
    """In memory where there is such a folder: LibreOffice waits for the disk three times for every letter, and what
    stands in a letter is then never on a disk."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and Path(given).is_dir():
        return Path(given) / "attendance-letters"
    base = MEMORY if _is_roomy(MEMORY) else Path(tempfile.gettempdir())
    return base / f"attendance-letters-{os.getuid()}"


def _is_roomy(folder: Path) -> bool:
    """Whether the folder is there, open to us, not full, and of a size that letters do not fill (in a container it may
    be of 64 MB)."""
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        return False
    size = os.statvfs(folder)
    return size.f_blocks * size.f_frsize >= ROOMY and size.f_bavail * size.f_frsize >= ROOMY // 4


def _connect(folder: Path) -> socket.socket:
    connected = socket.socket(socket.AF_UNIX)
    try:
        connected.settimeout(SILENCE)
        connected.connect(str(folder / SOCKET))
    except OSError:
        connected.close()
        raise
    return connected


def _start_server(settings: ConverterSettings, folder: Path) -> None:
    """Start the server in a session of its own; it outlives this program while others use it."""
    with (folder / LOG).open("w") as log:
        server = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "service.printing.office.daemon", settings.to_json(), str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
            env=allowed_environment(PYTHONPATH=str(PACKAGES), TMPDIR=str(folder)),
        )
    threading.Thread(target=server.wait, name="converter end", daemon=True).start()  # so that it leaves no zombie


def _wait_for_socket(folder: Path, until: float) -> None:
    """Wait until the server answers, at most two seconds: it may have found another one still ending."""
    until = min(until, time.monotonic() + 2)
    while time.monotonic() < until:
        with suppress(FileNotFoundError, ConnectionRefusedError):
            _connect(folder).close()
            return
        time.sleep(0.02)

"""The one LibreOffice converter of a machine: a pool of LibreOffices behind a Unix socket.

Run as `python -m service.printing.office.daemon SETTINGS FOLDER` by whoever first needs it (converter.py); it ends
when its last client has been gone for a while. What is said on the socket:

    <- {"docx": 7851, "export": {…}} and a line's end, then the DOCX
    -> empty lines while the document waits or is worked on
    -> {"pdf": 30554} and a line's end, then the PDF;  or {"problem": {"code", "detail"}, "lost": true or false}
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import threading
import time
from io import BufferedRWPair
from pathlib import Path
from typing import Any, Final

from service.errors import ConversionError, Problem
from service.printing.office.converter_settings import LOCK, SOCKET, ConverterSettings
from service.printing.office.leftovers import clear, sweep
from service.printing.office.office import OfficeLost
from service.printing.office.pool import OfficePool

FIRST_CLIENT: Final = 10.0  # seconds that a new server waits for the program that started it


class OfficeServer:
    """The socket, and a thread for each client that is connected."""

    def __init__(self, settings: ConverterSettings, folder: Path) -> None:
        self.settings = settings
        self.pool = OfficePool(settings, folder)
        self._clients = 0
        self._counting = threading.Lock()
        self._left = time.monotonic() + FIRST_CLIENT
        self._stopping = False

    def stop(self, *_: object) -> None:
        self._stopping = True

    def serve(self, listening: socket.socket) -> None:
        """Answer clients until the last has been gone for the time in the settings, or `stop` is called."""
        listening.settimeout(0.2)
        try:
            while not self._stopping and not self._forsaken():
                with contextlib.suppress(TimeoutError):
                    client, _ = listening.accept()
                    self._count(1)
                    threading.Thread(target=self._attend, args=(client,), daemon=True).start()
        finally:
            listening.close()
            self.pool.end()

    def _forsaken(self) -> bool:
        with self._counting:
            return self._clients == 0 and time.monotonic() > self._left + self.settings.linger

    def _count(self, change: int) -> None:
        with self._counting:
            self._clients += change
            self._left = time.monotonic()

    def _attend(self, client: socket.socket) -> None:
        try:
            client.settimeout(None)
            with client, client.makefile("rwb") as talk:
                while line := talk.readline():
                    self._answer(json.loads(line), talk)
        except OSError:
            pass  # the client has gone; there is nobody to tell
        finally:
            self._count(-1)

    def _answer(self, asked: dict[str, Any], talk: BufferedRWPair[Any, Any]) -> None:
        docx = talk.read(asked["docx"])
        last = time.monotonic()

        def still_working() -> None:
            nonlocal last
            if time.monotonic() - last > 0.5:
                last = time.monotonic()
                say(talk, b"")

        try:
            pdf = self.pool.convert(docx, asked["export"], still_working)
        except OfficeLost as lost:
            say(talk, _problem_line(lost.problem, lost=True))
        except ConversionError as error:
            say(talk, _problem_line(error.problems[0], lost=False))
        else:
            say(talk, json.dumps({"pdf": len(pdf)}).encode(), pdf)


def say(talk: BufferedRWPair[Any, Any], line: bytes, content: bytes = b"") -> None:
    """Write one line, and the bytes that belong to it."""
    talk.write(line + b"\n" + content)
    talk.flush()


def _problem_line(problem: Problem, *, lost: bool) -> bytes:
    return json.dumps({"problem": {"code": problem.code, "detail": problem.detail}, "lost": lost}).encode()


def main() -> None:
    """Be the one server of this folder, or end at once when there is one."""
    settings, folder = ConverterSettings.from_json(sys.argv[1]), Path(sys.argv[2])
    lock = (folder / LOCK).open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    clear(folder)
    sweep(folder.parent)  # of other settings, and of other versions of this program
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / SOCKET))
    (folder / SOCKET).chmod(0o600)
    listening.listen(128)
    server = OfficeServer(settings, folder)
    signal.signal(signal.SIGTERM, server.stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program at the terminal
    server.serve(listening)
    (folder / SOCKET).unlink(missing_ok=True)


if __name__ == "__main__":
    main()

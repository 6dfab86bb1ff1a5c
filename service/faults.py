"""Faults that nobody foresaw: what a person is told of them, and where the rest is kept."""

from __future__ import annotations

import logging
import os
import secrets
import traceback
from pathlib import Path

from service.errors import Problem
from service.file_access import OWNER_ONLY_FOLDER

_LOG = logging.getLogger("attendance_letters")


def log_fault(error: BaseException | None) -> str:
    """Log where a fault of ours happened, never with which data; the number under which it is found there."""
    number = secrets.token_hex(4)
    places = "".join(traceback.format_tb(error.__traceback__, limit=-20)) if error else ""
    _LOG.error("Unexpected %s, number %s\n%s", type(error).__name__, number, places)
    return number


def say_fault(error: BaseException) -> str:
    """Log a fault, and the sentence that tells a person of it."""
    number = log_fault(error)
    kept = [handler.baseFilename for handler in _LOG.handlers if isinstance(handler, _FaultFile) and handler.works]
    where = f" and send {kept[0]}, which holds no words of your files" if kept else ""
    return f"Something went wrong on our side. If it happens again, report the number {number}{where}."


def note_pupil_fault(error: BaseException) -> Problem:
    """Log a fault that one pupil's data brought up, and the problem that stands in place of what was wanted."""
    sentence = "This could not be used: something went wrong on our side. The others are done."
    return Problem("unexpected-error", f"{sentence} Report it with its reference {log_fault(error)}.")


def keep_faults_in_a_file() -> None:
    """From now on faults are written to a file of this user; to nowhere where none can be written."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    _write_to(_FaultFile(Path(state) / "attendance-letters" / "faults.log"))


def say_faults_on_stderr() -> None:
    """From now on faults are written where a service is logged."""
    _write_to()


def _write_to(*handlers: logging.Handler) -> None:
    """From now on faults are written there; without a place, wherever the program's own log goes."""
    for before in _LOG.handlers:
        before.close()
    _LOG.handlers[:] = handlers
    _LOG.propagate = not handlers


class _FaultFile(logging.FileHandler):
    """A file that is made when the first fault is written to it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, delay=True, encoding="utf-8")
        self.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self.works = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a fault; where that cannot be done, the person is told the number alone."""
        try:
            Path(self.baseFilename).parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
            super().emit(record)
            self.works = True
        except OSError:
            self.works = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # as logging calls it
        """A full disk is no reason to show a person anything more."""

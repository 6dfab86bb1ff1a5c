"""A folder that one run has to itself, from its first file on."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final, TextIO

from service.errors import CohortError, Problem
from service.file_access import OWNER_ONLY_FILE, make_private_folder

try:
    import fcntl
except ImportError:  # no Unix: whether the other run still works is then not known
    fcntl = None  # type: ignore[assignment]

INDEX: Final = "index.csv"
UNFINISHED: Final = "index.csv.unfinished"
"""The index while letters are being written; a folder that has it instead of an index is not whole."""
_TRIES: Final = 100
HOLDS_FILES: Final = "This folder already has files in it. Choose a new one, so that old and new letters are not mixed."
NOT_WHOLE: Final = "An earlier run into this folder was stopped before it finished. Delete it, or choose a new one."
AT_WORK: Final = "Another run is writing letters into this folder. Wait until it is done, or choose a new one."


class Claim:
    """The right to write into a folder: its unfinished index, made by us and locked for as long as we work.

    Raises CohortError for a folder that holds files, or that another run has claimed or left half done.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_new, self.index = self._claim()
        try:
            self._refuse_used()
        except BaseException:
            self.give_back()
            raise

    def finish(self) -> None:
        """Give the index its name: from now on the folder is whole."""
        self.index.flush()
        self._close_first()
        (self.folder / UNFINISHED).rename(self.folder / INDEX)
        self.index.close()

    def give_back(self) -> None:
        """Leave the folder as it was found: without the index, and away where we made it and nothing else is in it."""
        self._close_first()
        (self.folder / UNFINISHED).unlink(missing_ok=True)
        with suppress(OSError):  # what is still to be written, on a disk that is full
            self.index.close()
        if self.is_new:
            _remove_empty(self.folder)

    def _close_first(self) -> None:
        """Close the index where a system without locks neither moves nor removes a file that is open."""
        if fcntl is None:
            with suppress(OSError):  # what is still to be written, on a disk that is full
                self.index.close()

    def _claim(self) -> tuple[bool, TextIO]:
        for _ in range(_TRIES):
            is_new = make_private_folder(self.folder)
            try:
                file = os.open(self.folder / UNFINISHED, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
            except FileExistsError:
                raise self._refuse(self._why_claimed()) from None
            except FileNotFoundError:  # a run that ended at this moment has taken its folder away again
                continue
            _lock(file)
            return is_new, os.fdopen(file, "w", encoding="utf-8-sig", newline="")
        raise self._refuse(AT_WORK)

    def _why_claimed(self) -> str:
        """Whether the run whose unfinished index is there still works."""
        try:
            file = os.open(self.folder / UNFINISHED, os.O_RDWR)
        except OSError:  # it has ended in between, with letters or without
            return AT_WORK
        try:
            return NOT_WHOLE if _lock(file) else AT_WORK
        finally:
            os.close(file)

    def _refuse_used(self) -> None:
        if any(file.name != UNFINISHED and not file.name.startswith(".") for file in self.folder.iterdir()):
            raise self._refuse(HOLDS_FILES)

    def _refuse(self, sentence: str) -> CohortError:
        return CohortError(
            Problem("folder-not-empty", sentence, file=self.folder.name), "That folder is already in use"
        )


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:  # somebody has put something into it
        return


def _lock(file: int) -> bool:
    """Whether nobody else works with this file; it is ours until it is closed."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

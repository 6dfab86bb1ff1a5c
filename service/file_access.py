"""Files that people name: read whole within a bound, and written for their owner alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

OWNER_ONLY_FOLDER = 0o700
OWNER_ONLY_FILE = 0o600
_LARGEST_TEXT = 1_000_000


class UnusableFileError(OSError):
    """Raised for something that is no ordinary file, or too large; `strerror` is a sentence for a person."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(0, sentence, str(path))


def read_bounded(path: Path, most: int) -> bytes:
    """All bytes of an ordinary file of at most `most` bytes.

    Raises UnusableFileError for a device, a pipe or a larger file, OSError where the system does not let it be read.
    """
    file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would keep us waiting for a writer
    with os.fdopen(file, "rb") as opened:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise UnusableFileError(path, "this is no ordinary file")
        content = opened.read(min(found.st_size, most) + 1)
    if len(content) > most:
        raise UnusableFileError(path, f"it is larger than {most:,} bytes")
    return content


def read_text_file(path: Path, most: int = _LARGEST_TEXT) -> str:
    """The text of an ordinary file in UTF-8. Raises UnicodeDecodeError, and what `read_bounded` raises."""
    return read_bounded(path, most).decode("utf-8-sig")


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole under its name or not at all; replaces one of that name."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        write_new_file(unfinished, content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def open_private(path: Path, encoding: str) -> Iterator[TextIO]:
    """A text file to be written anew that only its owner can read, line ends untouched."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY_FILE)
    with os.fdopen(file, "w", encoding=encoding, newline="") as opened:
        if stat.S_ISREG(os.fstat(file).st_mode):
            os.chmod(file, OWNER_ONLY_FILE)  # it may have been there, open to others
        yield opened


@contextmanager
def open_private_bytes(path: Path) -> Iterator[BinaryIO]:
    """A file that only its owner can read, there whole under its name or not at all; replaces one of that name."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY_FILE), "wb") as opened:
            yield opened
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def make_private_folder(folder: Path) -> bool:
    """Make a folder that only its owner can look into; whether it was not there. Raises FileExistsError for a file."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=OWNER_ONLY_FOLDER)
    except FileExistsError:
        if folder.is_dir():
            return False
        raise
    return True


def open_new_file(path: Path) -> BinaryIO:
    """A file that is not there yet and only its owner can read, to be written. Raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE), "wb")


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet and only its owner can read. Raises FileExistsError."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)

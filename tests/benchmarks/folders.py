"""Folders for what benchmarks write, each in a part of the disk where nothing has just been removed.

ext4 makes files many times slower where thousands were removed in the last minutes, which is what a benchmark that
has run before leaves behind. It spreads the folders of one marked as a top folder (`chattr +T`) over the whole disk.
Everything is removed when the program ends.
"""

from __future__ import annotations

import array
import atexit
import fcntl
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from service.file_access import write_new_file

GET_FLAGS, SET_FLAGS, TOP_FOLDER = 0x80086601, 0x40086602, 0x20000


def new_folder() -> Path:
    """A new, empty folder."""
    return Path(tempfile.mkdtemp(dir=_top_folder()))


@cache
def _top_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    atexit.register(shutil.rmtree, folder)
    if sys.platform.startswith("linux"):
        opened = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # another file system than ext4
            flags = array.array("l", [0])
            fcntl.ioctl(opened, GET_FLAGS, flags)
            flags[0] |= TOP_FOLDER
            fcntl.ioctl(opened, SET_FLAGS, flags)
        os.close(opened)
    return folder


def files_a_second(content: bytes, count: int) -> float:
    """How fast this disk takes files of this content when nothing else is done: the limit of whoever writes letters."""
    folder = new_folder()
    began = time.perf_counter()
    for number in range(count):
        write_new_file(folder / f"{number}.docx", content)
    return count / (time.perf_counter() - began)

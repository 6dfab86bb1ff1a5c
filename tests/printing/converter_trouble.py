"""What can happen to LibreOffice at work: its processes to kill, and real documents that bring it to its knees."""

from __future__ import annotations

import os
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.word.sample_docx import Sample, chunk, make_letter, make_package, parts_of


def processes_in(folder: str | Path) -> list[int]:
    """Processes, zombies not counted, that were started with this folder in their command."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if os.fsencode(folder) in command and state != "Z" and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


def offices_in(folder: str | Path) -> list[int]:
    """The numbers of the soffice.bin processes that were started with this folder."""
    found = []
    for pid in processes_in(folder):
        try:
            program = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"soffice.bin" in program:
            found.append(pid)
    return found


def wait_for(what: Callable[[], object], seconds: float = 20.0) -> bool:
    """Whether it came true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def heavy_letter(tables: int = 400, deep: int = 14, number: int = 1) -> bytes:
    """A real document that keeps LibreOffice busy for minutes: tables in tables in tables."""
    inner = "<w:p/>"
    for _ in range(deep):
        cells = f"<w:tc><w:p/></w:tc><w:tc>{inner}<w:p/></w:tc>"
        inner = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>{cells}</w:tr></w:tbl>"
    return make_letter(number=number, extra_body=(inner + "<w:p/>") * tables)


def huge_picture_letter(side: int = 16_000) -> bytes:
    """A real document of a few kilobytes whose logo unpacks to a quarter of a gigabyte (side squared, in bytes)."""
    pack = zlib.compressobj(1)
    rows = b"".join(pack.compress((b"\0" + b"\x7f" * side) * 50) for _ in range(side // 50)) + pack.flush()
    size = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return make_package(parts_of(Sample()) | {"word/media/image1.png": picture})

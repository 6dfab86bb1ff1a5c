"""What can happen to LibreOffice at work: its processes to kill, and real documents that bring it to its knees."""

from __future__ import annotations

import json
import os
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from service.printing.office.converter import Converter, ConverterSettings
from tests.printing import fake_office
from tests.word.sample_docx import Sample, chunk, make_letter, make_package, parts_of

LONG = 600.0  # seconds that no test waits for
OFFICE_SECONDS = 0.03
"""What a letter takes a real LibreOffice, about; the fakes take none unless the tests run at a pace of it."""


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


def is_over(pid: int) -> bool:
    """Whether a process has ended for those who wait for it; one that is killed loses its command a moment before."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


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


def wait_for(what: Callable[[], object], seconds: float = 120.0) -> bool:
    """Whether it came true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def named_letter(number: int) -> bytes:
    """A letter with its reference in its text too, where a fake office looks for it."""
    return make_letter(number=number, extra_body=f"<w:p><w:r><w:t>REF-{number:05d}</w:t></w:r></w:p>")


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


def plan_accidents(folder: Path, **accidents: str) -> dict[str, str]:
    """The settings of a converter whose offices are fakes: "n3" is the third document, "ref5" the letter REF-00005,
    "start2" the second office."""
    named = {_name_in_plan(key): what for key, what in accidents.items()}
    plan = folder / "plan"
    pace = float(os.environ.get("FAKE_OFFICE_PACE", "inf"))
    words = {"guard": ConverterSettings().child, "accidents": named, "seconds": OFFICE_SECONDS / pace}
    plan.write_text(json.dumps(words))
    plan.chmod(0o700)  # it is looked for as a program
    return {"soffice": str(plan), "child": fake_office.__file__}


def _name_in_plan(key: str) -> str:
    if key.startswith("ref"):
        return f"REF-{int(key[3:]):05d}"
    return f"#{key[1:]}" if key.startswith("n") else key


def starts_of(settings: dict[str, str]) -> list[int]:
    """The processes of the fakes that were started, in their order."""
    starts = Path(settings["soffice"] + fake_office.STARTS)
    return [int(line) for line in starts.read_text().splitlines()] if starts.exists() else []


def let_go(settings: dict[str, str]) -> None:
    """Let the fakes that wait at their start go on."""
    Path(settings["soffice"] + fake_office.GO).touch()


def notes_of(settings: dict[str, str]) -> list[str]:
    """What the fakes were given and what happened, as "process document accident"."""
    notes = Path(settings["soffice"] + fake_office.NOTES)
    return notes.read_text().splitlines() if notes.exists() else []


def accidents_of(settings: dict[str, str]) -> list[str]:
    """The accidents that happened, in their order."""
    return [note.split()[2] for note in notes_of(settings) if not note.endswith(" -")]


class Fake:
    """A converter whose LibreOffices are fakes with a plan."""

    def __init__(self, folder: Path, plan: dict[str, str], **changes: object) -> None:
        self.plan = plan_accidents(folder, **plan)
        chosen = {"processes": 1, "folder": str(folder), "linger": 0.2, "seconds": LONG, **self.plan, **changes}
        self.converter = Converter(ConverterSettings(**chosen))  # type: ignore[arg-type]

    def __enter__(self) -> Fake:
        return self

    def __exit__(self, *_: object) -> None:
        self.converter.close()

    def convert(self, number: int) -> bytes:
        return self.converter.convert(named_letter(number))

    @property
    def accidents(self) -> list[str]:
        return accidents_of(self.plan)

    @property
    def starts(self) -> list[int]:
        return starts_of(self.plan)

    @property
    def alive(self) -> list[int]:
        """The fakes that live, in the order of their starts."""
        running = processes_in(self.converter.settings.folder)
        return [pid for pid in self.starts if pid in running]

    @property
    def processes(self) -> list[str]:
        """The fake that had each document, in the order of the documents."""
        return [note.split()[0] for note in notes_of(self.plan)]

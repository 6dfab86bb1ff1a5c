"""One LibreOffice of this machine: started, given documents, watched, ended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from service.errors import ConversionError, Problem
from service.printing.office.converter_settings import TO_INSTALL, ConverterSettings, allowed_environment
from service.printing.office.time_and_memory import LimitReached, Limits, memory_of
from service.printing.office.warm_up import warm_up_document

START_SECONDS: Final = 60.0
MOST_FILE: Final = 250_000_000  # bytes of any file that LibreOffice writes


# LibreOffice gives back and asks for the same memory with every document. Letting it keep it saves a tenth of the time,
# and a larger cache for small pieces a twentieth more; the largest there can be saves a little besides, but grows.
MEMORY_HABITS: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "268435456",
    "MALLOC_TOP_PAD_": "67108864",
    "MALLOC_MMAP_THRESHOLD_": "67108864",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=2000",
}


class OfficeLost(Exception):  # noqa: N818 - it is what happened, and never leaves this package
    """Raised when LibreOffice ended, hung or grew too large while it worked; `problem` says which."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Office:
    """A LibreOffice in a process group, a profile and a folder of its own; not for use by two threads at a time."""

    def __init__(self, settings: ConverterSettings, runtime: Path) -> None:
        self.settings = settings
        self.conversions = 0
        self._ready = False
        self._folder = Path(tempfile.mkdtemp(prefix="office-", dir=runtime))
        self._child = self._start()

    @property
    def group(self) -> int:
        """The process group that LibreOffice is in."""
        return self._child.pid

    def get_ready(self, still_working: Callable[[], None]) -> None:
        """Wait until it has started and has once done all that a letter needs. Raises OfficeLost when it does not."""
        self._read(START_SECONDS, still_working)
        try:
            self.convert(warm_up_document(), {}, still_working)
        except ConversionError as error:
            if error.problems[0].code == "no-room":
                raise
            raise OfficeLost(_lost_problem("did-not-start")) from None  # the part that reads Word is not installed
        self._ready = True

    def convert(self, docx: bytes, export: Mapping[str, bool | int], still_working: Callable[[], None]) -> bytes:
        """The DOCX as a PDF.

        Raises ConversionError when LibreOffice says that it cannot, OfficeLost when it has to be replaced.
        `still_working` is called about ten times a second.
        """
        self.conversions += 1
        source, target = self._folder / "letter.docx", self._folder / "letter.pdf"
        try:
            target.unlink(missing_ok=True)
            source.write_bytes(docx)
        except OSError as error:
            raise ConversionError(no_room(error)) from None
        try:
            answer = self._ask({"source": source.name, "target": target.name, "export": dict(export)}, still_working)
            if "failed" in answer:
                self._ask({"check": "alive"}, still_working)  # one that has ended says nothing about the document
                raise ConversionError(_refusal(str(answer["failed"])))
            return _read_target(target)
        finally:
            source.unlink(missing_ok=True)
            target.unlink(missing_ok=True)

    @property
    def alive(self) -> bool:
        """Whether it can be given a document."""
        return self._child.poll() is None

    @property
    def worn(self) -> bool:
        """Whether it has worked or grown so much that a new one is better."""
        return self.conversions >= self.settings.conversions or self._memory() > self.settings.memory / 2

    def end(self) -> None:
        """Kill the process group; its guard throws the folder away, or we do: it may not have had one yet."""
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(self.group, signal.SIGKILL)
        self._child.wait()
        if not self._ready:
            shutil.rmtree(self._folder, ignore_errors=True)
        for end in (self._child.stdin, self._child.stdout):
            if end:
                end.close()

    def _start(self) -> subprocess.Popen[bytes]:
        choices = {
            "soffice": shutil.which(self.settings.soffice) or self.settings.soffice,
            "folder": str(self._folder),
            "seconds_to_start": START_SECONDS,
            "most_file": MOST_FILE,
        }
        here = str(self._folder)
        return subprocess.Popen(  # noqa: S603 - the Python and the program of the settings
            [self.settings.python, "-I", self.settings.child, json.dumps(choices)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
            env=allowed_environment(HOME=here, TMPDIR=here, SAL_USE_VCLPLUGIN="svp", **MEMORY_HABITS),
        )

    def _ask(self, job: dict[str, Any], still_working: Callable[[], None]) -> dict[str, Any]:
        assert self._child.stdin  # noqa: S101 - Popen was given a pipe
        try:
            self._child.stdin.write(json.dumps(job).encode() + b"\n")
        except BrokenPipeError:
            raise OfficeLost(self._lost("crashed")) from None
        return self._read(self.settings.seconds if self._ready else START_SECONDS, still_working)

    def _read(self, seconds: float, still_working: Callable[[], None]) -> dict[str, Any]:
        """The child's next answer, looked for until the time is up, the memory is too much or the child is gone."""
        assert self._child.stdout  # noqa: S101
        limits = Limits(seconds, self.settings.memory)
        try:
            return dict(json.loads(limits.read_line(self._child.stdout, self.group, still_working)))
        except LimitReached as reached:
            raise OfficeLost(self._lost(reached.code, **reached.values)) from None
        except (EOFError, ValueError):
            raise OfficeLost(self._lost("crashed")) from None

    def _lost(self, code: str, **values: str) -> Problem:
        """Why it is lost; before it was ready, no letter is to blame."""
        return _lost_problem(code if self._ready else "did-not-start", **values)

    def _memory(self) -> int:
        return memory_of(self.group)


def _read_target(target: Path) -> bytes:
    try:
        return target.read_bytes()
    except OSError:
        raise ConversionError(_refusal("export")) from None


LOST: Final = {
    "crashed": "LibreOffice stopped while it was reading this document.",
    "did-not-start": "LibreOffice did not start. " + TO_INSTALL,
    "took-too-long": "LibreOffice had not finished this document after {seconds} seconds and was stopped.",
    "too-much-memory": "LibreOffice needed more than {limit} MB of memory for this document and was stopped.",
}


def _lost_problem(code: str, **values: str) -> Problem:
    return Problem(code, LOST[code].format(**values))


def _refusal(doing: str) -> Problem:
    if doing == "load":
        return Problem("unreadable-docx", "LibreOffice cannot read this document. Open it in Word and save it again.")
    return Problem("not-exported", "LibreOffice read this document but could not write it as a PDF.")


def no_room(error: OSError) -> Problem:
    """What to say when the system does not let LibreOffice's files be written."""
    why = error.strerror or "the system refuses"
    return Problem(
        "no-room", f"There is nowhere to put the files for LibreOffice ({why}). Free some space and try again."
    )

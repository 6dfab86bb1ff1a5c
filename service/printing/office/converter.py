"""DOCX to PDF by the one LibreOffice converter of this machine, which the first program to need it starts."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from typing import Any, Final

from service.errors import ConversionError, Problem
from service.printing.office.converter_settings import PATIENCE, ConverterSettings, why_no_office
from service.printing.office.leftovers import sweep
from service.printing.office.line import Line, end_frozen_server, open_line, runtime_folder

__all__ = ["Converter", "ConverterSettings", "LibreOfficeLost"]

# How often one letter is tried when LibreOffice is lost under it: whatever ended it may not have been the letter.
TRIES: Final = {"crashed": 3, "did-not-start": 3, "took-too-long": 2, "converter-gone": 4}
PAUSE: Final = 0.1  # seconds before another try: a server that is being killed still takes calls for a moment


class LibreOfficeLost(ConversionError):  # noqa: N818 - it is what happened
    """Raised when LibreOffice ended, hung or grew too large while it worked on a document."""


class Converter:
    """This program's way to the machine's LibreOffices; may be used by many threads at a time."""

    def __init__(self, settings: ConverterSettings | None = None) -> None:
        self.settings = settings or ConverterSettings()
        self._idle: dict[int, list[Line]] = {}  # by process: a line must not be shared with a fork
        self._why_not: str | None = None
        self._look_again = 0.0
        self._closed = False

    @property
    def available(self) -> bool:
        """Whether PDFs can be made on this machine."""
        return not self.why_not()

    def why_not(self) -> str:
        """Why no PDF can be made on this machine and what to install, or nothing when it can."""
        found = self._why_not
        if found is None or (found and time.monotonic() >= self._look_again):  # what is there stays until it fails
            found = self._why_not = why_no_office(self.settings)
        return found

    def clear_away(self) -> None:
        """Take away what a killed converter has left; letters may be among it."""
        if not hasattr(os, "getuid"):  # a system on which no converter ever ran
            return
        with suppress(ConversionError, OSError):  # whoever asks for a PDF is told
            sweep(runtime_folder(self.settings).parent)

    def start(self) -> None:
        """Begin to start LibreOffice and return at once, so that the first letter does not wait for it."""
        threading.Thread(target=self._open_early, name="converter start", daemon=True).start()

    def convert(self, docx: bytes) -> bytes:
        """The DOCX as a PDF. Raises ConversionError; comes back in any case, after two time limits at the most."""
        tried = 0
        while True:
            tried += 1
            try:
                return self.convert_once(docx)
            except LibreOfficeLost as lost:
                if tried >= TRIES.get(lost.problems[0].code, 1):
                    self._give_up_starting(lost.problems[0])
                    raise
            time.sleep(PAUSE)

    def convert_once(self, docx: bytes, *, merged: bool = False) -> bytes:
        """The DOCX as a PDF, tried once; a merged document's PDF names the places of its bookmarks.

        Raises ConversionError, and LibreOfficeLost where another try may succeed.
        """
        for _ in range(2):
            self._must_be_available()
            line = self._take_line()
            try:
                answer = line.ask(docx, self.settings.export(merged))
            except OSError as error:
                line.close()
                self._leave_lines()
                if isinstance(error, TimeoutError):
                    end_frozen_server(self.settings, line.server)
            except BaseException:
                line.close()  # half an answer may still be on it
                raise
            else:
                self._put_back(line)
                return self._pdf_in(answer)
        raise LibreOfficeLost(Problem("converter-gone", "The converter was stopped while it was working. Try again."))

    def close(self) -> None:
        """Leave the converter, which ends when nobody else uses it; nothing can be converted afterwards."""
        self._closed = True
        self._leave_lines()

    def _pdf_in(self, answer: dict[str, Any]) -> bytes:
        if "pdf" in answer:
            return bytes(answer["pdf"])
        problem = Problem(answer["problem"]["code"], answer["problem"]["detail"])
        if problem.code == "did-not-start":
            self._look_anew()
        raise (LibreOfficeLost if answer["lost"] else ConversionError)(problem)

    def _look_anew(self) -> None:
        """Refuse at once where what is needed is no longer there, or has been given up by another thread."""
        if time.monotonic() >= self._look_again:
            self._why_not = None
        self._must_be_available()

    def _give_up_starting(self, problem: Problem) -> None:
        """Refuse for a while where LibreOffice is there but does not start: every letter would wait for it in turn."""
        if problem.code == "did-not-start":
            self._why_not, self._look_again = problem.detail, time.monotonic() + PATIENCE
            self._must_be_available()

    def _must_be_available(self) -> None:
        if self._closed:
            raise ConversionError(Problem("converter-closed", "The converter has been closed."))
        reason = self.why_not()
        if reason:
            raise ConversionError(Problem("no-converter", f"PDFs cannot be made here. {reason}"))

    def _take_line(self) -> Line:
        with suppress(KeyError, IndexError):
            return self._idle[os.getpid()].pop()
        return open_line(self.settings)

    def _put_back(self, line: Line) -> None:
        if self._closed:
            line.close()
        else:
            self._idle.setdefault(os.getpid(), []).append(line)

    def _leave_lines(self) -> None:
        lines = self._idle.pop(os.getpid(), [])
        while lines:
            lines.pop().close()

    def _open_early(self) -> None:
        with suppress(ConversionError):  # whoever asks for a PDF is told
            self._must_be_available()
            self._put_back(self._take_line())

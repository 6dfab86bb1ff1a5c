"""Sets letters as PDF: the machine's fonts, a folder of pictures, and a few processes that do the work."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from service.errors import ConversionError, Problem
from service.printing.typeset.code import quote
from service.printing.typeset.letter_call import LetterCall
from service.printing.typeset.library import document, library
from service.printing.typeset.typefaces import Typefaces
from service.printing.typeset.typst_process import ProcessLost, TypstProcess

ACCESSIBLE: Final = ("ua-1",)
FOR_KEEPING: Final = ("a-2a", "ua-1")
NOT_SHOWN: Final = "could not be displayed"
UNTITLED: Final = "Letter"


@dataclass(frozen=True, slots=True)
class TypesetSettings:
    """How letters are set on this machine."""

    processes: int = os.cpu_count() or 1
    seconds: float = 30.0  # the longest that setting one document may take
    pdf_a: bool = False  # PDF/A-2a, for keeping for years


class Typesetter:
    """This program's typesetting processes, started when they are first needed; may be used by many threads."""

    def __init__(self, settings: TypesetSettings | None = None) -> None:
        self.settings = settings or TypesetSettings()
        self._idle: list[TypstProcess] = []
        self._room = threading.BoundedSemaphore(self.settings.processes)
        self._lock = threading.Lock()
        self._libraries: dict[tuple[object, ...], str] = {}
        self._owner = os.getpid()

    @cached_property
    def faces(self) -> Typefaces:
        """The fonts that letters can be set in."""
        answer, _ = self._ask({"do": "list fonts"})
        return Typefaces.of(answer["fonts"])

    def why_not(self) -> str:
        """What to install where no letter can be set, or nothing."""
        return self.faces.why_not()

    def set_tagged(self, letters: Sequence[LetterCall], title: str = "") -> bytes:
        """The letters as one PDF that a screen reader can read, each on sheets of its own. Raises ConversionError."""
        first = quote(title) if title else letters[0].title
        source = document(
            f'{{ let t = {first}; if t == "" {{ {quote(title or UNTITLED)} }} else {{ t }} }}',
            [one.call for one in letters],
            new_sheets=True,
        )
        standards = FOR_KEEPING if self.settings.pdf_a else ACCESSIBLE
        try:
            return self._set(letters, source, standards, tags=True)
        except _NotToStandard:  # a template whose headings jump, for example, is tagged all the same
            return self._set(letters, source, standards[:-1], tags=True)

    def set_to_print(self, letters: Sequence[LetterCall]) -> bytes:
        """The letters as one untagged PDF whose keywords say on which page each starts, and the last one ends."""
        source = document('"Letters"', [one.call for one in letters], tells_starts=True)
        return self._set(letters, source, (), tags=False)

    def close(self) -> None:
        """End the processes and take the folder away."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()
        if "_folder" in self.__dict__ and os.getpid() == self._owner:
            self._folder.cleanup()

    # -- one document

    def _set(self, letters: Sequence[LetterCall], source: str, standards: Sequence[str], *, tags: bool) -> bytes:
        self._put_pictures(letters)
        request = {
            "do": "set",
            "folder": str(self._root / "letters"),
            "fonts": str(self._root / "fonts"),
            "main": source,
            "library": self._library(letters, tags),
            "standards": list(standards),
            "tags": tags,
            "made": 0,
        }
        answer, pdf = self._ask(request)
        if "fault" in answer:
            raise _fault(answer)
        return pdf

    def _library(self, letters: Sequence[LetterCall], tags: bool) -> str:
        every = {one.translation.key: one.translation for one in letters}
        key = (tags, *every)
        if key not in self._libraries:
            if len(self._libraries) > 500:
                self._libraries.clear()
            self._libraries[key] = library(list(every.values()), is_tagged=tags)
        return self._libraries[key]

    def _put_pictures(self, letters: Iterable[LetterCall]) -> None:
        for name, content in {
            name: one for letter in letters for name, one in letter.translation.pictures.items()
        }.items():
            place = self._root / "letters" / name
            if not place.exists():
                unfinished = place.with_name(f"{name}.{threading.get_ident()}")
                unfinished.write_bytes(content)
                unfinished.replace(place)

    @cached_property
    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="letters-", ignore_cleanup_errors=True)

    @cached_property
    def _root(self) -> Path:
        """A folder that only this program reads: the fonts, and the folder outside which Typst reads nothing."""
        root = Path(self._folder.name)
        (root / "letters").mkdir()
        (root / "fonts").mkdir()
        self.faces.install(self.faces.text_fonts(), root / "fonts")
        return root

    # -- the processes

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        with self._room:
            process = self._take()
            try:
                answer = process.ask(request, self.settings.seconds)
            except ProcessLost as lost:
                raise ConversionError(_lost(lost, self.settings.seconds)) from None
            except BaseException:
                process.end()  # half an answer may still be in its pipe
                raise
            with self._lock:
                self._idle.append(process)
            return answer

    def _take(self) -> TypstProcess:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return TypstProcess(threads=1)


class _NotToStandard(ConversionError):  # noqa: N818
    """The document is not what a standard asks for."""


def _lost(lost: ProcessLost, seconds: float) -> Problem:
    if lost.late:
        return Problem("took-too-long", f"The letter could not be set within {seconds:g} seconds. Make it shorter.")
    return Problem(
        "typesetting-ended", "The process that sets letters was ended, perhaps for want of memory. Try again."
    )


def _fault(answer: dict[str, Any]) -> ConversionError:
    if NOT_SHOWN in answer["fault"]:
        sentence = "The letter holds a character that no font on this machine draws. Print this letter from Word."
        return ConversionError(Problem("undrawable-character", sentence))
    if "PDF/" in answer["fault"]:
        return _NotToStandard(Problem("not-accessible", "The letter is not built as a standard asks."))
    sentence = "The letter could not be set. Ask for it as a Word document, and print it from Word."
    return ConversionError(Problem("not-typeset", sentence))

"""Sets letters as PDF: the machine's fonts, a folder of pictures, and a few processes that do the work."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from service.errors import ConversionError, Problem
from service.printing.typeset.code import quote
from service.printing.typeset.letter_call import LetterCall
from service.printing.typeset.library import document, library
from service.printing.typeset.set_pages import has_one_page
from service.printing.typeset.typefaces import TEXT, Typefaces
from service.printing.typeset.typst_process import ProcessLost, TypstProcess

ACCESSIBLE: Final = ("ua-1",)
FOR_KEEPING: Final = ("a-2a", "ua-1")
NOT_SHOWN: Final = "could not be displayed"
TOO_SMALL: Final = "FRAME-TOO-SMALL"
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
        self._font_folders: dict[tuple[str, ...], str] = {}
        self._folder_of: dict[frozenset[str], str] = {}
        self._there: set[str] = set()  # files that Typst may read
        self._longer: set[str] = set()  # templates whose last letter had more than a page
        self._owner = os.getpid()

    @cached_property
    def faces(self) -> Typefaces:
        """The fonts that letters can be set in."""
        answer, _ = self._ask({"do": "list fonts"})
        return Typefaces.of(answer["fonts"])

    def start(self) -> None:
        """Begin to start what the first letter would wait for, and return at once."""
        threading.Thread(target=self._start_early, name="typesetter start", daemon=True).start()

    def _start_early(self) -> None:
        with suppress(ConversionError, OSError):  # whoever asks for a PDF is told
            if not self.why_not():
                self._ask(self._request("", frozenset(TEXT[:1]), (), tags=False))

    def why_not(self) -> str:
        """What to install where no letter can be set, or nothing."""
        return self.faces.why_not()

    def set_tagged(self, letters: Sequence[LetterCall], title: str = "", *, across: str = "") -> bytes:
        """The letters as one PDF that a screen reader can read, each on sheets of its own. Raises ConversionError.

        Words `across` stand large and grey on each page.
        """
        named = quote(title) if title else letters[0].title
        titled = f'{{ let t = {named}; if t == "" {{ {quote(UNTITLED)} }} else {{ t }} }}'
        source = document(titled, [one.call for one in letters], new_sheets=True, across=across)
        return self._set_accessible(letters, source) if len(letters) > 1 else self._set_alone(letters[0], source)

    def _set_alone(self, letter: LetterCall, source: str) -> bytes:
        """A letter by itself, at first as if it had one page, unless the last one of its template had more."""
        template = letter.translation
        if not template.is_measured and template.key not in self._longer:
            pdf = self._set_accessible([letter], source, is_alone=True)
            if has_one_page(pdf):
                return pdf
        pdf = self._set_accessible([letter], source)
        if has_one_page(pdf):
            self._longer.discard(template.key)
        elif not template.is_filled:
            self._longer.add(template.key)
        return pdf

    def _set_accessible(self, letters: Sequence[LetterCall], source: str, *, is_alone: bool = False) -> bytes:
        standards = FOR_KEEPING if self.settings.pdf_a else ACCESSIBLE
        try:
            return self._set(letters, source, standards, tags=True, is_alone=is_alone)
        except _NotToStandard:  # a template whose headings jump, for example, is tagged all the same
            return self._set(letters, source, standards[:-1], tags=True, is_alone=is_alone)

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

    def _set(
        self,
        letters: Sequence[LetterCall],
        source: str,
        standards: Sequence[str],
        *,
        tags: bool,
        is_alone: bool = False,
    ) -> bytes:
        self._put_pictures(letters)
        fonts = frozenset(font for one in letters for font in one.translation.fonts)
        stand = self._stand(letters, tags, is_alone)
        answer, pdf = self._ask(self._request(stand + source, fonts, standards, tags=tags))
        if "fault" in answer:
            raise _fault(answer)
        return pdf

    def _request(self, source: str, fonts: frozenset[str], standards: Sequence[str], *, tags: bool) -> dict[str, Any]:
        return {
            "do": "set",
            "folder": self._letters,
            "fonts": self._font_folder(fonts),
            "main": source,
            "standards": list(standards),
            "tags": tags,
        }

    def _stand(self, letters: Sequence[LetterCall], tags: bool, is_alone: bool) -> str:
        """Code for what these letters stand on: a file of templates, or their own words, which stay in no file."""
        every = {one.translation.key: one.translation for one in letters}
        if any(one.is_filled for one in every.values()):
            return library(list(every.values()), is_tagged=tags, is_alone=is_alone)
        kind = f"{tags}{is_alone}"
        key = hashlib.blake2b("|".join((kind, *sorted(every))).encode(), digest_size=12).hexdigest()
        name = f"{key}.typ"
        templates = [every[one] for one in sorted(every)]
        self._put(name, lambda: library(templates, is_tagged=tags, is_alone=is_alone).encode())
        return f'#import "{name}": *\n'

    def _put_pictures(self, letters: Iterable[LetterCall]) -> None:
        for translation in {one.translation.key: one.translation for one in letters}.values():
            for name, content in translation.pictures.items():
                self._put(name, partial(bytes, content))

    def _put(self, name: str, content: Callable[[], bytes]) -> None:
        """Make a file that Typst may read, whole at once."""
        if name in self._there:
            return
        place = Path(self._letters, name)
        unfinished = place.with_name(f"{name}.{threading.get_ident()}")
        unfinished.write_bytes(content())
        unfinished.replace(place)
        self._there.add(name)

    @cached_property
    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="letters-", ignore_cleanup_errors=True)

    @cached_property
    def _root(self) -> Path:
        """A folder that only this program reads: the fonts, and the folder outside which Typst reads nothing."""
        root = Path(self._folder.name)
        (root / "letters").mkdir()
        return root

    @cached_property
    def _letters(self) -> str:
        return str(self._root / "letters")

    def _font_folder(self, fonts: frozenset[str]) -> str:
        """The folder of what draws text in these fonts, and of nothing else."""
        if known := self._folder_of.get(fonts):
            return known
        families = tuple(sorted({name for font in fonts for name in self.faces.chain(font)}))
        with self._lock:
            if families not in self._font_folders:
                folder = self._root / f"fonts{len(self._font_folders)}"
                folder.mkdir()
                self.faces.install(families, folder)
                self._font_folders[families] = str(folder)
            self._folder_of[fonts] = self._font_folders[families]
        return self._folder_of[fonts]

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
    if TOO_SMALL in answer["fault"]:
        sentence = "The address, or what else stands in a frame, is too long for it. Shorten it: part would be cut off."
        return ConversionError(Problem("frame-too-small", sentence))
    if "PDF/" in answer["fault"]:
        return _NotToStandard(Problem("not-accessible", "The letter is not built as a standard asks."))
    sentence = "The letter could not be set. Ask for it as a Word document, and print it from Word."
    return ConversionError(Problem("not-typeset", sentence))

"""A cohort's letters as one file to print."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from service.batches.run import RunRow
from service.errors import Problem, RequestError
from service.issue import IssuedLetter
from service.printing.pdf_pages import PdfLetter
from service.printing.press import Press
from service.printing.print_run import (
    Binding,
    BoundLetter,
    Sides,
    bind_docx_run,
    order_by_group_and_name,
    order_by_postcode,
)


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter that waits for its place in the run: its pages or its Word document, and what it is ordered by."""

    bound: BoundLetter | None
    content: bytes
    registration_group: str
    last_name: str
    first_name: str
    postcode: str


class LetterRun:
    """Takes letters while they are made, and puts them in order: each on its own sheets, with an index in front.

    The pages of a PDF are written as they come, so that memory stays flat; under its name the file is whole or not
    there. To be closed in any case.
    """

    def __init__(self, path: Path, by_postcode: bool = False, sides: Sides = "both") -> None:
        self.path = path
        self.by_postcode = by_postcode
        self.kept: list[KeptLetter] = []
        self._sides = sides
        self._unfinished = path.with_name(f"{path.name}.unfinished")
        self._file: BinaryIO | None = None
        self._binding: Binding | None = None

    @property
    def is_pdf(self) -> bool:
        """Whether the file is to be a PDF; else one Word document."""
        return self.path.suffix.lower() == ".pdf"

    def keep(
        self, item: RunRow, letter: IssuedLetter, pdf: PdfLetter | None, enclosures: tuple[bytes, ...] = ()
    ) -> None:
        """Take one letter for printing, and the PDFs that go behind it."""
        record = item.row.record
        names = (record.registration_group, record.last_name, record.first_name) if record else ("", "", "")
        bound = None
        if pdf and self.is_pdf:
            pages = self._bind().take(pdf, enclosures, letter.reference)
            bound = BoundLetter(letter.reference, letter.label, *pages)
        content = b"" if self.is_pdf else letter.content
        self.kept.append(KeptLetter(bound, content, *names, letter.recipient.address.postcode))

    def write(self, press: Press | None) -> str:
        """Finish the file, and say what is in it."""
        if not self.kept:
            return f"There is no letter to print, so {self.path} was not written."
        ordered = order_by_postcode(self.kept) if self.by_postcode else order_by_group_and_name(self.kept)
        if not self.is_pdf:
            self._unfinished.write_bytes(bind_docx_run([one.content for one in ordered]))
            self._unfinished.replace(self.path)
            return f"{len(ordered)} letters in {self.path}."
        letters = [one.bound for one in ordered if one.bound]
        binding = self._bind()
        pages = binding.finish(letters, press.make_index if press else None, "Print run")
        self._close_file()
        self._unfinished.replace(self.path)
        sheets = binding.sheets_of(pages)
        return f"{len(letters)} letters and their index on {sheets} sheets ({pages} pages) in {self.path}."

    def close(self) -> None:
        """Take away what was not finished."""
        self._close_file()
        self._unfinished.unlink(missing_ok=True)

    def _bind(self) -> Binding:
        if self._binding is None:
            self._file = self._unfinished.open("wb")
            self._binding = Binding(self._file, self._sides)
        return self._binding

    def _close_file(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


def open_letter_run(path: Path, by_postcode: bool, sides: Sides, letters: Path) -> LetterRun:
    """A run into a file, which may stand in the folder that is made for the `letters`.

    Raises RequestError when its ending is neither .pdf nor .docx, it is there already, or its folder is not.
    """
    if path.suffix.lower() not in (".pdf", ".docx"):
        sentence = f"Name the file to print with the ending .pdf or .docx, not {path.suffix or 'without one'}."
        raise RequestError("wrong-ending", "Which kind of file?", Problem("wrong-ending", sentence))
    if path.exists():
        sentence = f'There is a file "{path.name}" already. Name another one, or remove it.'
        raise RequestError("file-exists", "The print run is there already", Problem("file-exists", sentence))
    if not path.parent.is_dir() and path.parent.resolve() != letters.resolve():
        sentence = f'There is no folder "{path.parent}" to write {path.name} into. Make it, or name another one.'
        raise RequestError("no-such-folder", "Where to?", Problem("no-such-folder", sentence))
    if path.parent.is_dir() and not os.access(path.parent, os.W_OK):
        sentence = f'Nothing may be written into "{path.parent}". Name another folder.'
        raise RequestError("not-allowed", "Where to?", Problem("not-allowed", sentence))
    return LetterRun(path, by_postcode, sides)

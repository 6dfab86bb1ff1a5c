"""A cohort's letters as one file to print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from service.batches.run import RunRow
from service.errors import Problem, RequestError
from service.file_access import open_new_file, write_private
from service.issue import IssuedLetter
from service.printing.pdf_pages import PdfLetter
from service.printing.press import Press
from service.printing.print_run import (
    Binding,
    BoundLetter,
    Content,
    PrintLetter,
    Sides,
    bind_docx_run,
    order_by_group_and_name,
    order_by_postcode,
)


class LetterRun:
    """Takes letters while they are made, and puts them in order: each on its own sheets, with an index in front.

    The pages of a PDF are written as they come, so that memory stays flat; under its name the file is whole or not
    there. To be closed in any case.
    """

    def __init__(self, path: Path, by_postcode: bool = False, sides: Sides = "both") -> None:
        self.path = path
        self.by_postcode = by_postcode
        self.pdfs: list[PrintLetter[BoundLetter]] = []
        self.documents: list[PrintLetter[bytes]] = []
        self._sides = sides
        self._unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
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
        if not self.is_pdf:
            self.documents.append(_to_print(item, letter, letter.content))
        elif pdf:
            self.take(_to_print(item, letter, pdf), enclosures)

    def take(self, one: PrintLetter[PdfLetter], enclosures: tuple[bytes, ...] = ()) -> None:
        """Take a letter's pages, and the PDFs that go behind it."""
        pages = self._bind().take(one.letter, enclosures, one.reference)
        who = (one.registration_group, one.last_name, one.first_name, one.postcode)
        self.pdfs.append(PrintLetter(BoundLetter(one.reference, one.kind, *pages), one.reference, one.kind, *who))

    def write(self, press: Press | None) -> str:
        """Finish the file, and say what is in it."""
        if not (self.pdfs or self.documents):
            return f"There is no letter to print, so {self.path} was not written."
        if not self.is_pdf:
            write_private(self.path, bind_docx_run([one.letter for one in self._ordered(self.documents)]))
            return f"{len(self.documents)} letters in {self.path}."
        binding = self._bind()
        letters = [one.letter for one in self._ordered(self.pdfs)]
        pages = binding.finish(letters, press.make_index if press else None, "Print run")
        self._close_file()
        self._unfinished.replace(self.path)
        sheets = binding.sheets_of(pages)
        return f"{len(letters)} letters and their index on {sheets} sheets ({pages} pages) in {self.path}."

    def close(self) -> None:
        """Take away what was not finished."""
        self._close_file()
        self._unfinished.unlink(missing_ok=True)

    def _ordered(self, letters: list[PrintLetter[Content]]) -> list[PrintLetter[Content]]:
        return order_by_postcode(letters) if self.by_postcode else order_by_group_and_name(letters)

    def _bind(self) -> Binding:
        if self._binding is None:
            self._file = open_new_file(self._unfinished)
            self._binding = Binding(self._file, self._sides)
        return self._binding

    def _close_file(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


def _to_print(item: RunRow, letter: IssuedLetter, content: Content) -> PrintLetter[Content]:
    record = item.row.record
    return PrintLetter(
        letter=content,
        reference=letter.reference,
        kind=letter.label,
        registration_group=record.registration_group if record else "",
        last_name=record.last_name if record else "",
        first_name=record.first_name if record else "",
        postcode=letter.recipient.address.postcode,
    )


def open_letter_run(path: Path, by_postcode: bool, sides: Sides, letters: Path) -> LetterRun:
    """A run into a file, which may stand in the folder that is made for the `letters`.

    Raises RequestError when its ending is neither .pdf nor .docx, it is there already, or its folder is not.
    """
    if path.suffix.lower() not in (".pdf", ".docx"):
        sentence = f"End the name of the file to print with .pdf or .docx, not {path.suffix or 'without one'}."
        raise RequestError("wrong-ending", "Which kind of file?", Problem("wrong-ending", sentence))
    if path.exists():
        sentence = f'There is a file "{path.name}" already. Choose another name, or delete it.'
        raise RequestError("file-exists", "That print run already exists", Problem("file-exists", sentence))
    if not path.parent.is_dir() and path.parent.resolve() != letters.resolve():
        sentence = f'There is no folder "{path.parent}" to write {path.name} into. Create it, or choose another folder.'
        raise RequestError("no-such-folder", "Where to?", Problem("no-such-folder", sentence))
    if path.parent.is_dir() and not os.access(path.parent, os.W_OK):
        sentence = f'You do not have permission to write to "{path.parent}". Choose another folder.'
        raise RequestError("not-allowed", "Where to?", Problem("not-allowed", sentence))
    return LetterRun(path, by_postcode, sides)

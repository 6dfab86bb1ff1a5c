"""A cohort's letters as one file to print."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from service.batches.run import RunRow
from service.errors import Problem, RequestError
from service.file_access import write_private
from service.issue import IssuedLetter
from service.printing.office.converter import Converter
from service.printing.pdf_pages import PdfLetter
from service.printing.print_run import (
    Content,
    PrintLetter,
    Sides,
    bind_docx_run,
    bind_print_run,
    order_by_group_and_name,
    order_by_postcode,
)


@dataclass
class LetterRun:
    """Keeps letters while they are made, and binds them: in order, each on its own sheets, with an index in front."""

    path: Path
    by_postcode: bool = False
    sides: Sides = "both"
    pdfs: list[PrintLetter[PdfLetter]] = field(default_factory=list)
    documents: list[PrintLetter[bytes]] = field(default_factory=list)

    @property
    def is_pdf(self) -> bool:
        """Whether the file is to be a PDF; else one Word document."""
        return self.path.suffix.lower() == ".pdf"

    def keep(
        self, item: RunRow, letter: IssuedLetter, pdf: PdfLetter | None, enclosures: tuple[bytes, ...] = ()
    ) -> None:
        """Take one letter for printing, and the PDFs that go behind it."""
        if not self.is_pdf:
            self.documents.append(_to_print(item, letter, letter.content, enclosures))
        elif pdf:
            self.pdfs.append(_to_print(item, letter, pdf, enclosures))

    def write(self, converter: Converter | None) -> str:
        """Write the file, and say what is in it."""
        if not (self.pdfs or self.documents):
            return f"There is no letter to print, so {self.path} was not written."
        if not self.is_pdf:
            self._write_whole(bind_docx_run([one.letter for one in self._ordered(self.documents)]))
            return f"{len(self.documents)} letters in {self.path}."
        run = bind_print_run(self._ordered(self.pdfs), self.sides, converter)
        self._write_whole(run.content)
        return f"{run.letters} letters and their index on {run.sheets} sheets ({run.pages} pages) in {self.path}."

    def _ordered(self, letters: list[PrintLetter[Content]]) -> list[PrintLetter[Content]]:
        return order_by_postcode(letters) if self.by_postcode else order_by_group_and_name(letters)

    def _write_whole(self, content: bytes) -> None:
        """Under its name the file is whole or not there."""
        write_private(self.path, content)


def _to_print(
    item: RunRow, letter: IssuedLetter, content: Content, enclosures: tuple[bytes, ...]
) -> PrintLetter[Content]:
    record = item.row.record
    return PrintLetter(
        letter=content,
        reference=letter.reference,
        kind=letter.label,
        registration_group=record.registration_group if record else "",
        last_name=record.last_name if record else "",
        first_name=record.first_name if record else "",
        postcode=letter.recipient.address.postcode,
        enclosures=enclosures,
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

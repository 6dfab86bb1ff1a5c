"""A cohort's letters as one file to print."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from service.batches.run import RunRow
from service.errors import Problem, RequestError
from service.files import write_private
from service.issue import IssuedLetter
from service.printing.office.converter import Converter
from service.printing.pdf_pages import PdfLetter
from service.printing.print_run import (
    PrintLetter,
    Sides,
    bind_docx_run,
    bind_print_run,
    order_by_group_and_name,
    order_by_postcode,
)


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter that waits to be bound, with what it is ordered by."""

    letter: IssuedLetter
    pdf: PdfLetter | None
    registration_group: str
    last_name: str
    first_name: str
    postcode: str
    enclosures: tuple[bytes, ...] = ()


@dataclass
class LetterRun:
    """Keeps letters while they are made, and binds them: in order, each on its own sheets, with an index in front."""

    path: Path
    by_postcode: bool = False
    sides: Sides = "both"
    kept: list[KeptLetter] = field(default_factory=list)

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
        self.kept.append(KeptLetter(letter, pdf, *names, letter.recipient.address.postcode, enclosures))

    def write(self, converter: Converter | None) -> str:
        """Write the file, and say what is in it."""
        if not self.kept:
            return f"There is no letter to print, so {self.path} was not written."
        ordered = order_by_postcode(self.kept) if self.by_postcode else order_by_group_and_name(self.kept)
        if not self.is_pdf:
            self._write_whole(bind_docx_run([one.letter.content for one in ordered]))
            return f"{len(ordered)} letters in {self.path}."
        letters = [_as_print_letter(one, one.pdf) for one in ordered if one.pdf]
        run = bind_print_run(letters, self.sides, converter)
        self._write_whole(run.content)
        return f"{run.letters} letters and their index on {run.sheets} sheets ({run.pages} pages) in {self.path}."

    def _write_whole(self, content: bytes) -> None:
        """Under its name the file is whole or not there."""
        write_private(self.path, content)


def _as_print_letter(one: KeptLetter, pdf: PdfLetter) -> PrintLetter:
    return PrintLetter(
        letter=pdf,
        reference=one.letter.reference,
        kind=one.letter.label,
        registration_group=one.registration_group,
        last_name=one.last_name,
        first_name=one.first_name,
        postcode=one.postcode,
        enclosures=one.enclosures,
    )


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

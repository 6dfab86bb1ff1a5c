"""A cohort's letters as one file to print."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from service.cohort_letters import RunRow
from service.documents.converter import Converter
from service.documents.pdf_pages import PdfLetter
from service.documents.print_run import (
    PrintLetter,
    PrintRun,
    Sides,
    bind_docx_run,
    bind_print_run,
    order_by_group_and_name,
    order_by_postcode,
)
from service.errors import Problem, RequestError
from service.issue import IssuedLetter


@dataclass
class LetterRun:
    """Keeps letters while they are made, and binds them: in order, each on its own sheets, with an index in front."""

    path: Path
    by_postcode: bool = False
    sides: Sides = "both"
    letters: list[PrintLetter] = field(default_factory=list)
    documents: list[bytes] = field(default_factory=list)

    @property
    def is_pdf(self) -> bool:
        """Whether the file is to be a PDF; else one Word document."""
        return self.path.suffix.lower() == ".pdf"

    def keep(self, item: RunRow, letter: IssuedLetter, pdf: PdfLetter | None) -> None:
        """Take one letter for printing."""
        record = item.row.record
        if pdf is None or not self.is_pdf:
            self.documents.append(letter.content)
            return
        self.letters.append(
            PrintLetter(
                letter=pdf,
                reference=letter.reference,
                kind=letter.label,
                registration_group=record.registration_group if record else "",
                last_name=record.last_name if record else "",
                first_name=record.first_name if record else "",
                postcode=letter.recipient.address.postcode,
            )
        )

    def write(self, converter: Converter | None) -> str:
        """Write the file, and say what is in it."""
        if not self.is_pdf:
            self.path.write_bytes(bind_docx_run(self.documents))
            return f"{len(self.documents)} letters in {self.path}."
        order = order_by_postcode if self.by_postcode else order_by_group_and_name
        run: PrintRun = bind_print_run(order(self.letters), self.sides, converter)
        self.path.write_bytes(run.content)
        return f"{run.letters} letters on {run.sheets} sheets ({run.pages} pages) in {self.path}."


def open_letter_run(path: Path, by_postcode: bool, sides: Sides) -> LetterRun:
    """A run into a file. Raises RequestError when its ending is neither .pdf nor .docx."""
    if path.suffix.lower() not in (".pdf", ".docx"):
        sentence = f"Name the file to print with the ending .pdf or .docx, not {path.suffix or 'without one'}."
        raise RequestError(422, "wrong-ending", "Which kind of file?", Problem("wrong-ending", sentence))
    return LetterRun(path, by_postcode, sides)

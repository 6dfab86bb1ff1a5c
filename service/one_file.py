"""One pupil's letters as one file: one letter after another, for every recipient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from service.errors import ConversionError, Problem
from service.printing.office.converter import Converter
from service.printing.pdf_pages import PdfLetter
from service.printing.print_run import PrintLetter, bind_docx_run, bind_print_run
from service.printing.to_pdf import ConversionFailure, letter_to_pdf, letters_to_pdf
from service.word.document import DOCX, PDF, Document


class Finished(Protocol):
    """A letter that was filled, now or earlier."""

    @property
    def reference(self) -> str:
        """The letter's own reference."""

    @property
    def label(self) -> str:
        """What the letter is called."""

    @property
    def content(self) -> bytes:
        """The Word document."""

    @property
    def undrawable(self) -> Problem | None:
        """What holds the letter back from paper."""


def as_one_document(letters: Sequence[Finished]) -> Document:
    """The letters as one Word document, each with its own letterhead and page numbers."""
    content = letters[0].content if len(letters) == 1 else bind_docx_run([letter.content for letter in letters])
    return Document(f"{letters[0].reference}.docx", DOCX, content)


def as_one_pdf(letters: Sequence[Finished], converter: Converter) -> Document:
    """The letters as one PDF, each on its own sheet of paper.

    Raises ConversionError when PDFs cannot be made here, or with what holds a letter back.
    """
    problems = [problem for letter in letters if (problem := letter.undrawable)]
    if problems:
        raise ConversionError(problems)
    documents = [Document(f"{letter.reference}.docx", DOCX, letter.content) for letter in letters]
    if len(documents) == 1:
        return letter_to_pdf(converter, documents[0])
    made = letters_to_pdf(converter, documents)
    failures = [problem for item in made if isinstance(item, ConversionFailure) for problem in item.problems]
    if failures:
        raise ConversionError(failures)
    pdfs = [item for item in made if isinstance(item, PdfLetter)]
    bound = [PrintLetter(pdf, letter.reference, letter.label) for pdf, letter in zip(pdfs, letters, strict=True)]
    run = bind_print_run(bound, title=letters[0].label)
    return Document(f"{letters[0].reference}.pdf", PDF, run.content)

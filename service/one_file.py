"""One pupil's letters as one file: one letter after another, for every recipient."""

from __future__ import annotations

from collections.abc import Sequence

from service.errors import ConversionError, Problem
from service.issue import IssuedLetter
from service.printing.press import Press
from service.printing.print_run import bind_docx_run
from service.printing.printable import Printable
from service.printing.undrawable import say_undrawable
from service.word.document import DOCX, PDF, Document


def as_one_document(letters: Sequence[IssuedLetter]) -> Document:
    """The letters as one Word document, each with its own letterhead and page numbers."""
    content = letters[0].content if len(letters) == 1 else bind_docx_run([letter.content for letter in letters])
    return Document(f"{letters[0].reference}.docx", DOCX, content)


def as_one_pdf(letters: Sequence[IssuedLetter], press: Press) -> Document:
    """The letters as one PDF, each on its own sheet of paper.

    Raises ConversionError when PDFs cannot be made here, or with what holds a letter back.
    """
    problems = [problem for letter in letters if (problem := find_undrawable(letter, press))]
    if problems:
        raise ConversionError(problems)
    content = press.make_one_file([printable(letter) for letter in letters], letters[0].label)
    return Document(f"{letters[0].reference}.pdf", PDF, content)


def printable(letter: IssuedLetter, name: str = "") -> Printable:
    """A letter as it goes to the press, under its reference where no name is given."""
    named = name or f"{letter.reference}.docx"
    return Printable(named, letter.content, letter.template, letter.fields, letter.words)


def find_undrawable(letter: IssuedLetter, press: Press) -> Problem | None:
    """What holds a letter back from paper: a character that no font draws."""
    return say_undrawable(press.undrawable(printable(letter)), letter.recipient.id if letter.recipient.numbers else "")

"""One pupil's letters as one file: one letter after another, for every recipient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.errors import ConversionError, Problem
from service.printing.press import Press
from service.printing.print_run import bind_docx_run
from service.printing.printable import Printable
from service.printing.undrawable import say_undrawable
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
    def template(self) -> bytes:
        """The Word document with its tags; nothing of a letter of which only its document is kept."""

    @property
    def fields(self) -> Mapping[str, object]:
        """The words that were filled in."""

    @property
    def numbered_recipient(self) -> str:
        """The id of whom it goes to, where the record numbers them."""


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter of which its Word document is kept, to be put into a file again."""

    reference: str
    label: str
    content: bytes
    template: bytes = b""
    fields: Mapping[str, object] = field(default_factory=dict)
    numbered_recipient: str = ""


def as_one_document(letters: Sequence[Finished]) -> Document:
    """The letters as one Word document, each with its own letterhead and page numbers."""
    content = letters[0].content if len(letters) == 1 else bind_docx_run([letter.content for letter in letters])
    return Document(f"{letters[0].reference}.docx", DOCX, content)


def as_one_pdf(letters: Sequence[Finished], press: Press, is_trial: bool = False) -> Document:
    """The letters as one PDF, each on its own sheet of paper; a trial has TEST across its pages.

    Raises ConversionError when PDFs cannot be made here, or with what holds a letter back.
    """
    refuse_undrawable(letters, press)
    content = press.make_one_file([printable(letter) for letter in letters], letters[0].label, is_trial=is_trial)
    return Document(f"{letters[0].reference}.pdf", PDF, content)


def printable(letter: Finished, name: str = "") -> Printable:
    """A letter as it goes to the press, under its reference where no name is given."""
    return Printable(name or f"{letter.reference}.docx", lambda: letter.content, letter.template, letter.fields)


def find_undrawable(letter: Finished, press: Press) -> Problem | None:
    """What holds a letter back from paper: a character that no font draws."""
    return say_undrawable(press.undrawable(printable(letter)), letter.numbered_recipient)


def refuse_undrawable(letters: Sequence[Finished], press: Press) -> None:
    """Raise ConversionError with what holds letters back from paper."""
    if problems := [problem for letter in letters if (problem := find_undrawable(letter, press))]:
        raise ConversionError(problems)

"""Issued letters as files: one to print, or a ZIP with an index; the same bytes as when they were issued."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from service.batches.csv_files import csv_lines
from service.errors import ConversionError, Problem, RequestError
from service.memory.dispatch.sending import say_state
from service.memory.looking.letter_log import LoggedLetter, look_up_letters
from service.memory.memory import Memory, OpenSchool
from service.printing.pdf_pages import PdfLetter
from service.printing.press import TOGETHER, Press
from service.printing.print_run import PrintLetter, Sides, bind_print_run, order_by_group_and_name
from service.printing.printable import Printable
from service.printing.to_pdf import ConversionFailure
from service.storage.issued import REVERSED, LetterSearch

COLUMNS = ("Reference", "Letter", "Written on", "Last name", "First name", "Group", "To", "State")
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter in the log, and its bytes."""

    logged: LoggedLetter
    content: bytes

    @property
    def is_document(self) -> bool:
        """Whether it is a Word document, and not a text message."""
        return self.content.startswith(b"PK")

    @property
    def name(self) -> str:
        """The name of its file, which says nothing about the child."""
        letter = self.logged.letter
        return f"{letter.reference}-{letter.recipient}.{'docx' if self.is_document else 'txt'}"


def read_sent(memory: Memory, school: OpenSchool, numbers: Sequence[int]) -> list[SentLetter]:
    """Letters that count with their bytes. Raises RequestError when there are none, or a file is missing."""
    page = look_up_letters(memory, school, LetterSearch(numbers=tuple(numbers[:_MOST]) or (-1,)), 0, _MOST)
    found = [logged for logged in page.letters if logged.letter.state != REVERSED]
    if not found:
        raise _refuse("no-letters", "Choose at least one letter that was not taken back.")
    return [SentLetter(logged, _content(memory, school, logged)) for logged in reversed(found)]


def bind_sent(memory: Memory, letters: Sequence[SentLetter], sides: Sides = "both") -> bytes:
    """One PDF to print, by registration group and name, with an index in front. Raises ConversionError."""
    press = memory.desk.press
    documents = [letter for letter in letters if letter.is_document]
    pdfs: list[PdfLetter] = []
    problems: list[Problem] = []
    for at in range(0, len(documents), TOGETHER):
        _make(press, documents[at : at + TOGETHER], pdfs, problems)
    if problems:
        raise ConversionError(problems)
    bound = order_by_group_and_name(_to_print(one.logged, pdf) for one, pdf in zip(documents, pdfs, strict=True))
    return bind_print_run(bound, sides, press.make_index).content


def _make(press: Press, documents: Sequence[SentLetter], pdfs: list[PdfLetter], problems: list[Problem]) -> None:
    """Add the pages of some letters, or what holds them back."""
    for made in press.print_kept([Printable(one.name, one.content) for one in documents]):
        if isinstance(made, ConversionFailure):
            problems += made.problems
        else:
            pdfs.append(made)


def pack_sent(letters: Sequence[SentLetter]) -> bytes:
    """A ZIP of the letters with an index."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.csv", list_sent([one.logged for one in letters]))
        for one in letters:
            archive.writestr(one.name, one.content)
    return buffer.getvalue()


def list_sent(letters: Sequence[LoggedLetter]) -> bytes:
    """The letters as CSV that a spreadsheet opens rightly."""
    lines = csv_lines(COLUMNS, [dict(zip(COLUMNS, _row(letter), strict=True)) for letter in letters])
    return ("\ufeff" + ",".join(COLUMNS) + "\r\n" + lines).encode()


def _row(logged: LoggedLetter) -> tuple[str, ...]:
    letter = logged.letter
    state = say_state(letter.state, logged.last_step)
    words = (letter.reference, letter.label, f"{letter.day:%d/%m/%Y}", logged.last_name, logged.first_name)
    return (*words, logged.registration_group, logged.recipient, state)


def _to_print(logged: LoggedLetter, pdf: PdfLetter) -> PrintLetter[PdfLetter]:
    letter = logged.letter
    who = (logged.registration_group, logged.last_name, logged.first_name)
    return PrintLetter(pdf, letter.reference, letter.label, *who)


def _content(memory: Memory, school: OpenSchool, logged: LoggedLetter) -> bytes:
    content = memory.files.get(school.id, logged.letter.file)
    if content is None:
        sentence = f"The file of {logged.letter.reference} is missing. Ask your administrator to restore a backup."
        raise _refuse("missing-file", sentence)
    return content


def _refuse(code: str, sentence: str) -> RequestError:
    return RequestError(code, "These letters cannot be given", Problem(code, sentence))

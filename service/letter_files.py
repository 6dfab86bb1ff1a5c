"""The folder that `letters` writes: a file for each letter and form, index.csv, and messages.csv where needed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from service.attendance.words import MEETING
from service.cohort.headings import shipped_aliases
from service.cohort.sheet import find_sheet
from service.cohort.text import read_text_file
from service.cohort_letters import (
    INDEX_COLUMNS,
    MESSAGE_COLUMNS,
    RunRow,
    file_name,
    form_files,
    index_rows,
    message_rows,
)
from service.csv_files import CsvFile, open_csv
from service.documents.converter import Converter
from service.documents.document import DOCX, Document
from service.documents.pdf import ConversionFailure, letters_to_pdf
from service.documents.pdf_pages import PdfLetter
from service.errors import CohortError, ConversionError, Problem
from service.issue import IssuedLetter
from service.letter_run import LetterRun
from service.one_file import find_undrawable

_TOGETHER = 400
"""Letters that wait to be converted together, so that memory stays flat."""


class LetterFiles:
    """Writes letters and their index into a folder; letters of an earlier run there are not mixed with new ones.

    With a converter every letter is turned into a PDF, and written as one where `as_pdf`; with a run the letters are
    kept for one file to print as well.
    """

    def __init__(
        self,
        folder: Path,
        as_pdf: bool = False,
        converter: Converter | None = None,
        run: LetterRun | None = None,
    ) -> None:
        self.folder = folder
        self.as_pdf = as_pdf
        self.converter = converter
        self.run = run
        self.letters: Counter[str] = Counter()
        self.forms = 0
        self.not_made = 0
        self._waiting: list[RunRow] = []
        self._waiting_letters = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self.converter and (reason := self.converter.why_not()):
            raise ConversionError(Problem("no-converter", f"No PDF can be made here. {reason}"))
        if self.folder.is_dir() and any(self.folder.iterdir()):
            sentence = "This folder holds files already. Name a new one, so that old and new letters are not mixed."
            raise CohortError(Problem("folder-not-empty", sentence, file=self.folder.name))
        self.folder.mkdir(parents=True, exist_ok=True)
        self._index: CsvFile = self._stack.enter_context(open_csv(self.folder / "index.csv", INDEX_COLUMNS))
        self._messages: CsvFile | None = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            if error is None:
                self._write_waiting()

    def write(self, item: RunRow) -> None:
        """Take one pupil's letters and index lines; PDFs are written some hundreds at a time."""
        self._waiting.append(item)
        self._waiting_letters += len(item.issue.letters) if item.issue else 0
        if self.converter is None or self._waiting_letters >= _TOGETHER:
            self._write_waiting()

    def _write_waiting(self) -> None:
        items, self._waiting, self._waiting_letters = self._waiting, [], 0
        outcomes = self._convert(items) if self.converter else {}
        for item in items:
            self._write(item, outcomes)

    def _convert(self, items: list[RunRow]) -> Mapping[str, PdfLetter | ConversionFailure]:
        """What became of each letter as a PDF, by its file's name."""
        documents, outcomes = [], dict[str, PdfLetter | ConversionFailure]()
        for item, letter in _letters_of(items):
            name = file_name(item.row, letter)
            if problem := find_undrawable(letter):
                outcomes[name] = ConversionFailure(name, (problem,))
            else:
                documents.append(Document(name, DOCX, letter.content))
        assert self.converter is not None  # noqa: S101  # only called with one
        made = letters_to_pdf(self.converter, documents)
        return outcomes | {document.name: outcome for document, outcome in zip(documents, made, strict=True)}

    def _write(self, item: RunRow, outcomes: Mapping[str, PdfLetter | ConversionFailure]) -> None:
        files: dict[str, str] = {}
        problems: list[Problem] = []
        for letter in item.issue.letters if item.issue else ():
            outcome = outcomes.get(file_name(item.row, letter))
            if isinstance(outcome, ConversionFailure):
                problems += outcome.problems
                continue
            self.letters[letter.label] += 1
            if letter.content:
                files[letter.recipient.id] = self._write_letter(item, letter, outcome)
        if item.issue and (item.issue.problems or problems) and not files:
            self.not_made += not any(letter.message for letter in item.issue.letters)
        for name, content in form_files(item).items():
            self.forms += 1
            write_new_file(self.folder / name, content)
        self._index.write(index_rows(item, files, problems))
        self._write_messages(item)

    def _write_letter(self, item: RunRow, letter: IssuedLetter, outcome: PdfLetter | None) -> str:
        pdf = outcome if self.as_pdf else None
        name = file_name(item.row, letter) + (".pdf" if pdf else ".docx")
        write_new_file(self.folder / name, pdf.content if pdf else letter.content)
        if self.run:
            self.run.keep(item, letter, outcome, item.enclosures)
        return name

    def _write_messages(self, item: RunRow) -> None:
        rows = list(message_rows(item))
        if rows and self._messages is None:
            self._messages = self._stack.enter_context(open_csv(self.folder / "messages.csv", MESSAGE_COLUMNS))
        if self._messages:
            self._messages.write(rows)

    def say_result(self) -> str:
        """What was written, in a few lines."""
        lines = [f"{number:>7}  {label}" for label, number in self.letters.most_common()]
        lines.append(f"{self.letters.total()} letters in {self.folder}; index.csv accounts for every pupil.")
        if self.forms:
            lines.append(f"{self.forms} forms beside them.")
        if self.not_made:
            pupils = "pupil is" if self.not_made == 1 else "pupils are"
            lines.append(f"{self.not_made} {pupils} due a letter that could not be made yet; index.csv says why.")
        return "\n".join(lines)


def _letters_of(items: list[RunRow]) -> Iterator[tuple[RunRow, IssuedLetter]]:
    for item in items:
        for letter in item.issue.letters if item.issue else ():
            if letter.content:
                yield item, letter


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet; a third faster for small files than Python's buffered writing."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)


def read_slots(path: Path) -> list[dict[str, str]]:
    """The meeting slots of a CSV file with date, time, place and with. Raises CohortError when it has none."""
    text = read_text_file(path)
    sheet = find_sheet(path.name, text.rows, shipped_aliases())
    if sheet.kind != "meetings":
        sentence = "A file of meeting slots has the headings date, time, place and with."
        raise CohortError(Problem("no-headings", sentence, file=path.name))
    words = dict(zip(("date", "time", "place", "with"), MEETING, strict=True))
    return [
        {
            word: row[place].strip()
            for name, word in words.items()
            if (place := sheet.headings.places.get(name)) is not None and place < len(row) and row[place].strip()
        }
        for _, row in sheet.rows()
    ]

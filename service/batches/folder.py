"""The folder that `letters` writes: a file for each letter and form, index.csv, and messages.csv where needed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from service.batches.csv_files import CsvFile, open_csv
from service.batches.file_names import file_name
from service.batches.index import INDEX_COLUMNS
from service.batches.messages import MESSAGE_COLUMNS, MESSAGES
from service.batches.own_files import OwnFiles
from service.batches.own_folder import Claim
from service.batches.print_file import LetterRun
from service.batches.run import RunRow
from service.batches.totals import RunTotals
from service.batches.writing import Outcomes, Written, write_pupil
from service.errors import ConversionError, Problem
from service.issue import IssuedLetter
from service.one_file import find_undrawable, printable
from service.printing.press import Made, Press
from service.printing.to_pdf import ConversionFailure
from service.signals import undisturbed

_TOGETHER = 250
"""Letters that wait to be converted together, so that memory stays flat."""


class LetterFiles:
    """Writes letters and their index into a folder; letters of an earlier run there are not mixed with new ones.

    Once the index is there, everything is there: when the work ends early, what was written is taken away again.

    With a press every letter is turned into a PDF, and written as one where `as_pdf`; with a run the letters are
    kept for one file to print as well. A letter that cannot be turned into a PDF is held back; with `word_instead`, for
    letters that are issued already, its Word file is written.
    """

    def __init__(
        self,
        folder: Path,
        as_pdf: bool = False,
        press: Press | None = None,
        run: LetterRun | None = None,
        word_instead: bool = False,
    ) -> None:
        self.folder = folder
        self.as_pdf = as_pdf
        self.press = press
        self.run = run
        self.word_instead = word_instead
        self.own = OwnFiles(folder)
        self.totals = RunTotals()
        self._background = ThreadPoolExecutor(1, "letters to PDF")
        self._converting: tuple[list[RunRow], Future[Outcomes]] | None = None
        self._waiting: list[RunRow] = []
        self._waiting_letters = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self.press and (reason := self.press.why_not()):
            raise ConversionError(Problem("no-converter", f"PDFs cannot be made here. {reason}"))
        self._claim = Claim(self.folder)
        self._index = CsvFile(self._claim.index, INDEX_COLUMNS)
        self._messages: CsvFile | None = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        is_whole = False
        try:
            if error is None and self.press:
                self._write_waiting()
                self._write_converted()
            self._background.shutdown(cancel_futures=True)
            self._stack.close()
            if error is None:
                with undisturbed():
                    self._claim.finish()
                    is_whole = True
        finally:
            if not is_whole:
                self._take_back()

    def _take_back(self) -> None:
        """Leave the folder as it was found: not there, or with what others have put into it."""
        with undisturbed():
            with suppress(OSError):  # closing the messages may be what failed
                self._stack.close()
            if self.run:
                self.run.close()
            self.own.take_back()
            self._claim.give_back()

    def write(self, item: RunRow) -> None:
        """Write one pupil's letters and index lines; PDFs wait until there are some hundreds."""
        if self.press is None:
            self._write(item, {})
            return
        self._waiting.append(item)
        self._waiting_letters += len(item.issue.letters) if item.issue else 0
        if self._waiting_letters >= _TOGETHER:
            self._write_waiting()

    def take(self, written: Written) -> None:
        """Take the lines about one pupil whose files have been written."""
        self.totals.take(written)
        self._index.write_lines(written.index)
        if written.messages and self._messages is None:
            self.own.write(MESSAGES, b"")
            self._messages = self._stack.enter_context(open_csv(self.folder / MESSAGES, MESSAGE_COLUMNS))
        if self._messages:
            self._messages.write_lines(written.messages)

    def _write_waiting(self) -> None:
        """Begin to convert what waits, and meanwhile write what was converted before."""
        items, self._waiting, self._waiting_letters = self._waiting, [], 0
        following = (items, self._background.submit(self._convert, items))
        self._write_converted()
        self._converting = following

    def _write_converted(self) -> None:
        if self._converting is None:
            return
        items, outcomes = self._converting
        self._converting = None
        for item in items:
            self._write(item, outcomes.result())

    def _convert(self, items: list[RunRow]) -> Outcomes:
        """What became of each letter as a PDF, by its file's name."""
        assert self.press is not None  # noqa: S101  # only called with one
        letters, outcomes = [], dict[str, Made]()
        for item, letter in _letters_of(items):
            name = file_name(item.row, letter)
            if problem := find_undrawable(letter, self.press):
                outcomes[name] = ConversionFailure(name, (problem,))
            else:
                letters.append(printable(letter, name))
        to_print = self.run is not None and self.run.is_pdf
        made = self.press.make_letters(letters, own=self.as_pdf, to_print=to_print)
        return outcomes | {letter.name: outcome for letter, outcome in zip(letters, made, strict=True)}

    def _write(self, item: RunRow, outcomes: Outcomes) -> None:
        self.take(write_pupil(self.own, item, outcomes, self.as_pdf, self.word_instead))
        if self.run is None:
            return
        for _, letter in _letters_of([item]):
            outcome = outcomes.get(file_name(item.row, letter))
            if not isinstance(outcome, ConversionFailure):
                self.run.keep(item, letter, outcome.printed if outcome else None, item.enclosures)


def _letters_of(items: list[RunRow]) -> Iterator[tuple[RunRow, IssuedLetter]]:
    for item in items:
        for letter in item.issue.letters if item.issue else ():
            if letter.content:
                yield item, letter

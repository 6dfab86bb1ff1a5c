"""The folder that `letters` writes: a file for each letter, index.csv, and messages.csv where there are messages."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from service.attendance.words import MEETING
from service.cohort.headings import shipped_aliases
from service.cohort.sheet import find_sheet
from service.cohort.text import read_text_file
from service.cohort_letters import INDEX_COLUMNS, MESSAGE_COLUMNS, RunRow, file_name, index_rows, message_rows
from service.csv_files import CsvFile, open_csv
from service.errors import CohortError, Problem


class LetterFiles:
    """Writes letters and their index into a folder; letters of an earlier run there are not mixed with new ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.letters: Counter[str] = Counter()
        self.not_made = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
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
        self._stack.close()

    def write(self, item: RunRow) -> None:
        """The letters and the index lines of one pupil."""
        files: dict[str, str] = {}
        for letter in item.issue.letters if item.issue else ():
            self.letters[letter.label] += 1
            if letter.content:
                name = f"{file_name(item.row, letter)}.docx"
                (self.folder / name).write_bytes(letter.content)
                files[letter.recipient.id] = name
        if item.issue and item.issue.problems and not item.issue.letters:
            self.not_made += 1
        self._index.write(index_rows(item, files))
        self._write_messages(item)

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
        if self.not_made:
            lines.append(f"{self.not_made} pupils are due a letter that could not be made yet; index.csv says why.")
        return "\n".join(lines)


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

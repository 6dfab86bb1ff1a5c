"""CSV files that we write: safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from service.file_access import open_private

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class CsvFile:
    """A CSV file being written, with its headings first: those of `columns` (a word -> its heading), or the words."""

    def __init__(self, file: TextIO, columns: Collection[str]) -> None:
        self.columns = columns
        self._file = file
        csv.writer(file).writerow(columns.values() if isinstance(columns, Mapping) else columns)
        self.count = 0

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows; words that are no column are left out, missing ones are empty."""
        known = list(rows)
        self.count += len(known)
        self.write_lines(csv_lines(self.columns, known))

    def write_lines(self, lines: str) -> None:
        """Write lines that `csv_lines` made of the same columns."""
        self._file.write(lines)


def csv_lines(columns: Collection[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as lines of a CSV file, every cell safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([safe_cell(row.get(column, "")) for column in columns] for row in rows)
    return text.getvalue()


@contextmanager
def open_csv(path: Path, columns: Collection[str]) -> Any:
    """A CSV file for its owner alone, in UTF-8 with a byte order mark, so that spreadsheets read every name right."""
    with open_private(path, "utf-8-sig") as file:
        yield CsvFile(file, columns)

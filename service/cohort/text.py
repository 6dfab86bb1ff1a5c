"""A text file -> rows of cells: its encoding, its delimiter, and faults that make the whole file unusable."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from service.errors import CohortError, Problem

LONGEST_CELL = 20_000
"""Characters; a longer cell is a quote that was opened and never closed, or an attack."""
_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|"
_PICTURES = ((b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"%PDF", "a PDF"))
_CONTAINERS = (
    (b"PK\x03\x04", "a workbook or ZIP file; save it with its own ending, .xlsx"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Office file; save it as CSV or XLSX without a password"),
)

csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A delimited text file that can be read row by row, as often as wanted."""

    path: Path
    encoding: str
    delimiter: str
    notice: str = ""

    def rows(self) -> Iterator[list[str]]:
        """Every row, the blank ones included, so that their number is the spreadsheet's own.

        Raises CohortError at the row where a quote is not closed or a cell is too long.
        """
        with open_text(self.path, self.encoding) as file:
            number = 1
            try:
                for row in csv.reader(file, delimiter=self.delimiter, strict=True):
                    yield row
                    number += 1
            except csv.Error as error:
                raise CohortError(_csv_problem(self.path.name, number, str(error))) from None


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[TextIO]:
    """The file as text, line ends untouched."""
    with path.open(encoding=encoding, newline="") as file:
        yield file


def read_text_file(path: Path) -> TextFile:
    """How a file is to be read. Raises CohortError when it is empty, no text, or holds NUL bytes."""
    with path.open("rb") as file:
        head = file.read(4096)
    problem = _find_wrong_kind(head, path.name)
    if problem:
        raise CohortError(problem)
    encoding, notice = _find_encoding(path, head)
    return TextFile(path, encoding, _find_delimiter(path, encoding), notice)


def _find_wrong_kind(head: bytes, name: str) -> Problem | None:
    if not head.strip():
        return Problem("empty-file", "This file is empty. Export it again.", file=name)
    for start, what in (*_PICTURES, *_CONTAINERS):
        if head.startswith(start):
            return Problem("wrong-kind-of-file", f"This is {what}, not a table. Choose a CSV or XLSX file.", file=name)
    return None


def _find_encoding(path: Path, head: bytes) -> tuple[str, str]:
    """The encoding, and what to say when it is only probable."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            _check_whole(path, encoding)
            return encoding, ""
    if _looks_like_utf_16(head):
        encoding = "utf-16-le" if head[1] == 0 else "utf-16-be"
        _check_whole(path, encoding)
        return encoding, f"{path.name}: read as UTF-16."
    if _check_whole(path, "utf-8"):
        return "utf-8", ""
    return "cp1252", f"{path.name}: read as Windows-1252, the encoding of older Windows programs; please look at names."


def _looks_like_utf_16(head: bytes) -> bool:
    return len(head) >= 4 and head.count(0) >= len(head) // 3 and (head[0] == 0) != (head[1] == 0)


def _check_whole(path: Path, encoding: str) -> bool:
    """Whether the whole file decodes. Raises CohortError when it holds a NUL character."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
            place = text.find("\0")
            if place >= 0:
                raise CohortError(_nul_problem(path.name, lines + text.count("\n", 0, place)))
            lines += text.count("\n")
    return True


def _nul_problem(name: str, line: int) -> Problem:
    return Problem("nul-byte", "There is a NUL byte here; export the file again.", file=name, row=line)


def _find_delimiter(path: Path, encoding: str) -> str:
    """The character that separates most cells in the first lines; a comma where none does."""
    with open_text(path, encoding) as file:
        lines = [line for line, _ in zip(_short_lines(file), range(40), strict=False)]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in lines))


def _short_lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST_CELL):
        yield line


def _csv_problem(name: str, row: int, error: str) -> Problem:
    if "field larger" in error:
        sentence = f"A cell here has more than {LONGEST_CELL:,} characters. Perhaps a quotation mark is not closed."
        return Problem("cell-too-long", sentence, file=name, row=row)
    sentence = "A quotation mark is opened here and not closed, or stands inside a cell. Correct it or export again."
    return Problem("unclosed-quote", sentence, file=name, row=row)

"""A text file -> rows of cells: its encoding, its delimiter, and faults that make the whole file unusable."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from service.errors import CohortError, Problem

LONGEST_CELL = 20_000
"""Characters; a longer cell is a quote that was opened and never closed, or an attack."""
LONGEST_ROW = 1_000_000
NO_VALUE = "\x1a=\x1a"
"""Stands in a row of a workbook for a formula whose value was never worked out."""
NO_CODE = "\x1ac\x1a"
"""Begins a sentence that stands in the place of a code which was not handed over."""
_CHUNK = 1 << 20
_QUOTED = re.compile(r'"[^"\n]*"')
_SEPARATOR = re.compile(r"sep=([,;\t|])\s*", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|"
_NO_TABLES = (
    *((start, "a picture") for start in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF")),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a workbook or another ZIP file under the name of a text file"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Excel workbook"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "a Word document"),
    (b"<", "a web page or XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)

csv.field_size_limit(LONGEST_CELL)


class _RowTooLongError(ValueError):
    """Raised for a row that would fill the memory with cells."""


class _BoundedLines:
    """The lines of a file, of which a row may use only so many characters."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.used = 0

    def __iter__(self) -> Iterator[str]:
        readline = self.file.readline
        while line := readline(LONGEST_ROW + 1):
            if self.used > LONGEST_ROW:
                raise _RowTooLongError
            self.used += len(line)
            yield line


@dataclass(frozen=True, slots=True)
class TextFile:
    """A delimited text file that can be read row by row, as often as wanted."""

    path: Path
    encoding: str
    delimiter: str
    notice: str = ""
    is_declared: bool = False
    """Whether the first line is sep=; which spreadsheets obey and do not show or count."""
    is_a_row_a_line: bool = False
    """Whether nothing is quoted and no line is too long, so that nothing has to be watched while reading."""

    @property
    def name(self) -> str:
        """The file as sentences name it."""
        return self.path.name

    def rows(self) -> Iterator[list[str]]:
        """Every row, the blank ones included, so that their number is the spreadsheet's own.

        Raises CohortError at the row where a quote is not closed or a cell is too long.
        """
        with open_text(self.path, self.encoding) as file:
            if self.is_declared:
                file.readline()
            yield from self._rows_of_lines(file) if self.is_a_row_a_line else self._watched_rows(file)

    def _rows_of_lines(self, file: TextIO) -> Iterator[list[str]]:
        reader = csv.reader(file, delimiter=self.delimiter, strict=True)
        try:
            yield from reader
        except csv.Error as error:
            raise CohortError(_csv_problem(self.path.name, reader.line_num, str(error))) from None

    def _watched_rows(self, file: TextIO) -> Iterator[list[str]]:
        number, lines = 1, _BoundedLines(file)
        try:
            for row in csv.reader(lines, delimiter=self.delimiter, strict=True):
                if lines.used > LONGEST_ROW:
                    raise _RowTooLongError
                lines.used = 0
                yield row
                number += 1
        except _RowTooLongError:
            sentence = f"This row has more than {LONGEST_ROW:,} characters. Perhaps a quotation mark is not closed."
            raise CohortError(Problem("cell-too-long", sentence, file=self.path.name, row=number)) from None
        except csv.Error as error:
            raise CohortError(_csv_problem(self.path.name, number, str(error))) from None

    def hidden_rows(self) -> Iterator[tuple[int, list[str]]]:
        """None: text hides nothing."""
        return iter(())


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
    delimiter, is_declared = _find_delimiter(path, encoding)
    return TextFile(path, encoding, delimiter, notice, is_declared, _is_a_row_a_line(path, encoding))


def _find_wrong_kind(head: bytes, name: str) -> Problem | None:
    if not head.removeprefix(codecs.BOM_UTF8).strip(b"\0 \r\n\t,;"):
        return Problem("empty-file", "This file is empty. Export it again.", file=name)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \r\n")
    if start.startswith(b"<") and b"<CTfile" in head:
        sentence = (
            "This is a Common Transfer File: it brings the figures of a pupil's earlier school, and no letter follows "
            "from them. Export your own attendance as CSV or XLSX."
        )
        return Problem("wrong-kind-of-file", sentence, file=name)
    for mark, what in _NO_TABLES:
        if start.startswith(mark):
            sentence = f"This is {what}, not a table of text. Save the table as CSV or XLSX and use that file."
            return Problem("wrong-kind-of-file", sentence, file=name)
    return None


def _find_encoding(path: Path, head: bytes) -> tuple[str, str]:
    """The encoding, and what to say when it is only probable."""
    for encoding, notice in _possible_encodings(path.name, head):
        if _check_whole(path, encoding):
            return encoding, notice
    sentence = "The letters of this file cannot be read. Export it again and choose UTF-8 or Windows-1252 (ANSI)."
    raise CohortError(Problem("unknown-encoding", sentence, file=path.name))


def _possible_encodings(name: str, head: bytes) -> list[tuple[str, str]]:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return [(encoding, "")]
    if _looks_like_utf_16(head):
        return [("utf-16-le" if head[1] == 0 else "utf-16-be", "")]
    older = f"{name}: an older Windows program wrote this file; please look at names with accents."
    return [("utf-8", ""), ("cp1252", older)]


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
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_a_row_a_line(path: Path, encoding: str) -> bool:
    """Whether a file quotes nothing and every line of it is shorter than the longest row."""
    if encoding.startswith("utf-16"):
        return False
    half = LONGEST_ROW // 2
    with path.open("rb") as file:
        while chunk := file.read(half):
            if b'"' in chunk or (len(chunk) == half and b"\n" not in chunk):
                return False
    return True


def _nul_problem(name: str, line: int) -> Problem:
    return Problem("nul-byte", "There is a NUL byte here; export the file again.", file=name, row=line)


def _find_delimiter(path: Path, encoding: str) -> tuple[str, bool]:
    """The character that separates the cells, and whether the first line declares it (sep=;).

    Otherwise the one that stands on most of the first lines, and there most often; a comma where none does.
    """
    with open_text(path, encoding) as file:
        lines = [_QUOTED.sub("", line) for line, _ in zip(_short_lines(file), range(40), strict=False)]
    if lines and (found := _SEPARATOR.fullmatch(lines[0])):
        return found[1], True

    def weight(mark: str) -> int:
        return sum(min(line.count(mark), 50) + 50 * (mark in line) for line in lines)

    return max(_DELIMITERS, key=weight), False


def _short_lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST_CELL):
        yield line


def _csv_problem(name: str, row: int, error: str) -> Problem:
    if "field larger" in error:
        sentence = f"A cell here has more than {LONGEST_CELL:,} characters. Perhaps a quotation mark is not closed."
        return Problem("cell-too-long", sentence, file=name, row=row)
    sentence = "A quotation mark opens here and never closes, or is inside a cell. Correct it or export again."
    return Problem("unclosed-quote", sentence, file=name, row=row)

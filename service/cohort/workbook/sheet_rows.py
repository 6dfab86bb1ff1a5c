"""The rows of one sheet of a workbook, as a stream: memory and time follow the cells that are really there.

A cell at XFD1048576 or a false dimension costs nothing: no row is padded and no missing row is made up beyond the
blank ones that keep the spreadsheet's own numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn
from xml.parsers import expat
from zipfile import ZipFile

from service.cohort.text_file import LONGEST_CELL
from service.cohort.workbook.cells import Cell, say_cell
from service.cohort.workbook.parts import WorkbookParts
from service.cohort.workbook.xml_stream import feed
from service.errors import CohortError, Problem

MOST_COLUMNS = 1_000
MOST_ROWS = 1_048_576
MOST_BLANK_ROWS = 1_000
"""Below so many blank rows nothing is looked for: a stray cell far down is no pupil."""


class HiddenRow(list[str]):
    """A row that somebody hid, or that a filter leaves out."""


@dataclass(slots=True)
class _Collector:
    """Takes the events of the parser and keeps the rows that are complete."""

    name: str
    parts: WorkbookParts
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    number: int = 0
    column: int = 0
    cell: Cell = field(default_factory=Cell)
    is_taken: bool = False
    stray: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "c":
            self._start_cell(attributes)
        elif tag in ("v", "t"):
            self.is_taken = True
        elif tag == "f":
            self.cell.is_formula = True
        elif tag == "rPh":
            self.cell.is_sound = True
        elif tag == "row":
            number = attributes.get("r", "")
            self.number = int(number) if number.isdecimal() and len(number) < 8 else self.number + 1
            is_hidden = attributes.get("hidden") in ("1", "true")
            self.row, self.column = HiddenRow() if is_hidden else [], 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self.column = column_number(letters) or self.column + 1
        style = attributes.get("s", "0")
        self.cell = Cell(attributes.get("t", "n"), int(style) if style.isdecimal() and len(style) < 6 else 0)

    def text(self, text: str) -> None:
        if self.is_taken and not self.cell.is_sound:
            self.cell.text += text
            if len(self.cell.text) > LONGEST_CELL:
                self._refuse_long()

    def _refuse_long(self) -> NoReturn:
        sentence = f"A cell here has more than {LONGEST_CELL:,} characters. Shorten it."
        raise CohortError(Problem("cell-too-long", sentence, file=self.name, row=self.number))

    def end(self, tag: str) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag in ("v", "t"):
            self.is_taken = False
        elif tag == "rPh":
            self.cell.is_sound = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row" and any(self.row):
            self.rows.append((self.number, self.row))

    def _end_cell(self) -> None:
        text = say_cell(self.cell, self.parts)
        if len(text) > LONGEST_CELL:  # a shared one
            self._refuse_long()
        if not text:
            return
        if self.column > MOST_COLUMNS:
            self.stray += 1
            return
        if len(self.row) < self.column:
            self.row.extend([""] * (self.column - len(self.row)))
        self.row[self.column - 1] = text


@lru_cache(maxsize=2048)
def column_number(letters: str) -> int:
    """The number of a column from 1: A is 1, XFD 16384; 0 for what is no column."""
    if not letters.isascii() or not letters.isalpha():
        return 0
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + ord(letter) - 64
    return number


def stream_rows(
    package: ZipFile, part: str, name: str, parts: WorkbookParts, notices: list[str]
) -> Iterator[list[str]]:
    """Every row from the first on, blank ones included; cells are texts as a CSV file would hold them.

    A row that is not shown is a HiddenRow. What lies far outside the table is left out and said in `notices`.
    Raises CohortError at a cell that is too long, at rows out of order, and where the XML is broken.
    """
    following, collector = 1, _Collector(name, parts)
    for number, row in _numbered_rows(package, part, collector):
        if number < following or number > MOST_ROWS:
            sentence = "The rows of this sheet are out of order. Open the workbook in Excel and save it again."
            raise CohortError(Problem("damaged-workbook", sentence, file=name, row=number))
        if number - following > MOST_BLANK_ROWS:
            _note(notices, f"{name}: row {number:,} and what follows lie far below the table and are not used.")
            break
        for _ in range(following, number):
            yield []
        yield row
        following = number + 1
    if collector.stray:
        _note(notices, f"{name}: cells beyond column {MOST_COLUMNS:,} are not used.")


def _note(notices: list[str], notice: str) -> None:
    """Say something once, however often the rows are read."""
    if notice not in notices:
        notices.append(notice)


def _numbered_rows(package: ZipFile, part: str, collector: _Collector) -> Iterator[tuple[int, list[str]]]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = collector.start, collector.end
    parser.CharacterDataHandler = collector.text
    with package.open(part) as file:
        try:
            for _ in feed(parser, file):
                yield from collector.rows
                collector.rows.clear()
        except (expat.ExpatError, ValueError):
            sentence = "This sheet is damaged. Open the workbook in Excel and save it again."
            problem = Problem("damaged-workbook", sentence, file=collector.name, row=collector.number)
            raise CohortError(problem) from None

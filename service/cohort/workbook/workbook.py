"""An XLSX workbook -> its sheets, each a table of texts as from a CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

from service.cohort.workbook.gate import check_workbook
from service.cohort.workbook.parts import SheetPart, WorkbookParts, read_workbook_parts
from service.cohort.workbook.sheet_rows import HiddenRow, stream_rows
from service.errors import CohortError, Problem


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet of a workbook, which counts as a file: "book.xlsx, sheet Marks"."""

    path: Path
    sheet: SheetPart
    parts: WorkbookParts
    notices: list[str]
    hidden: set[int] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The sheet as sentences name it."""
        return f"{self.path.name}, sheet {self.sheet.name}"

    def rows(self) -> Iterator[list[str]]:
        """Every row from the first on under the spreadsheet's own number, blank and hidden ones as empty."""
        for number, row in enumerate(self._stream(), 1):
            if isinstance(row, HiddenRow):
                self.hidden.add(number)
                yield []
            else:
                yield row

    def hidden_rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are hidden or filtered out, with their numbers; known once `rows` were read."""
        if self.hidden:
            yield from ((number, row) for number, row in enumerate(self._stream(), 1) if isinstance(row, HiddenRow))

    def _stream(self) -> Iterator[list[str]]:
        with ZipFile(self.path) as package:
            yield from stream_rows(package, self.sheet.part, self.name, self.parts, self.notices)


def read_workbook(path: Path, notices: list[str]) -> list[WorkbookSheet]:
    """The sheets that a workbook shows, in order; what a person should know goes to `notices`.

    Raises CohortError when it cannot be used, with the reason.
    """
    check_workbook(path)
    try:
        with ZipFile(path) as package:
            parts = read_workbook_parts(package)
            names = set(package.namelist())
    except (KeyError, ValueError, SyntaxError):
        sentence = "This workbook is damaged. Open it in Excel and save it again."
        raise CohortError(Problem("damaged-workbook", sentence, file=path.name)) from None
    if lost := [sheet.name for sheet in parts.sheets if sheet.part not in names]:
        sentence = f"This workbook lists the sheet {lost[0]}, but does not hold it. Open it in Excel and save it again."
        raise CohortError(Problem("damaged-workbook", sentence, file=path.name))
    sheets = [WorkbookSheet(path, sheet, parts, notices) for sheet in parts.sheets]
    notices.extend(
        f"{sheet.name}: this sheet is hidden and is not read. Show it if it belongs to the export."
        for sheet in sheets
        if sheet.sheet.is_hidden
    )
    return [sheet for sheet in sheets if not sheet.sheet.is_hidden]

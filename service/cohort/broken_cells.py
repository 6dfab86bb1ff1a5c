"""What is wrong with a row's cells before they are read: formulas at fault, cells too many, rows that ran together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from service.attendance.upn import tidy_upn
from service.cohort.sheet import Sheet
from service.cohort.summary.percentages import PERCENTAGES
from service.cohort.text_file import NO_VALUE
from service.errors import Problem

BROKEN: Final = frozenset(
    (NO_VALUE, "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
"""Cells that show a formula's fault instead of a value."""
_JOINED = (
    "Beside the table this row has cells like those of another row. Put them into a row of their own, or delete them."
)
_RUN_TOGETHER = (
    "A pupil's identifier stands here where a name should: two rows have run together. Put each into a row of its own."
)


def find_broken_cells(sheet: Sheet, number: int, row: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with the cells of a row: formulas without a value or in error, and cells too many, where two rows
    were put together or a comma was not quoted."""
    width = len(sheet.headings.cells)
    if sheet.is_delimited and len(row) > width and any(cell.strip() for cell in row[width:]):
        sentence = (
            f"This row has {len(row)} cells under {width} headings. Look for a missing line end or a comma that is "
            "not in quotation marks, and correct the row."
        )
        yield sheet.problem("too-many-cells", sentence, number)
    if len(row) > width and not sheet.is_delimited and _is_a_row(sheet, row[width:]):
        yield sheet.problem("too-many-cells", _JOINED, number)
    if any(place < len(row) and row[place] in sheet.keys.known for place in sheet.name_places):
        yield sheet.problem("rows-run-together", _RUN_TOGETHER, number)
    if BROKEN.isdisjoint(row):
        return
    for place, cell in enumerate(row):
        if cell in BROKEN and place in sheet.used_places and not _is_of_nothing(sheet, cell, place, row):
            yield sheet.problem(*_say_broken(cell), number, sheet.headings.cells[place].strip())


def _is_of_nothing(sheet: Sheet, cell: str, place: int, row: Sequence[str]) -> bool:
    """Whether a cell is a percentage that nothing was divided by, beside the counts that say so."""
    is_percentage = any(sheet.headings.places.get(word) == place for word in PERCENTAGES)
    return is_percentage and cell == "#DIV/0!" and sheet.cell(row, "sessions_possible") == "0"


def _is_a_row(sheet: Sheet, beside: Sequence[str]) -> bool:
    """Whether cells beside the table are another row that was joined to this one, and no remark."""
    if any(tidy_upn(cell) in sheet.keys.known for cell in beside):
        return True
    return 2 * sum(map(bool, beside)) > sum(map(bool, sheet.headings.cells))


def _say_broken(cell: str) -> tuple[str, str]:
    if cell == NO_VALUE:
        sentence = "This is a formula without a value. Open the workbook in Excel, save it and use that file."
        return "formula-without-value", sentence
    return "formula-in-error", f"This cell shows the error {cell}. Correct it in the spreadsheet."

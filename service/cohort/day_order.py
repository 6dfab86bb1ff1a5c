"""Whether the days of a column have the month first, 05/13/2013: then 05/01/2013 is no 5 January."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.cohort.sheet import Sheet
from service.errors import CohortError, Problem

_PARTS = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})\b")
_MONTHS = 12


@dataclass(slots=True)
class DayOrder:
    """What the days of a column tell together of how they are written."""

    row: int = 0
    """The first row with a day that only makes sense with the month first."""
    text: str = ""
    is_day_first: bool = False
    """Whether some day only makes sense with the day first; the others are then mistakes."""

    def see(self, text: str, row: int) -> None:
        """Take one day."""
        found = _PARTS.search(text)
        if found is None:
            return
        first, second = int(found[1]), int(found[2])
        if first > _MONTHS:
            self.is_day_first = True
        elif second > _MONTHS and not self.row:
            self.row, self.text = row, text

    def faults(self, sheet: Sheet, word: str = "") -> list[Problem]:
        """One sentence for the column, or for the headings, where the days have the month first."""
        if not self.row or self.is_day_first:
            return []
        sentence = (
            f"These dates have the month first: {self.text[:20]}. Export them with the day first, or as 2026-11-20."
        )
        return [sheet.problem("month-first", sentence, self.row, sheet.headings.heading_of(word) if word else "")]


def refuse_month_first(sheet: Sheet, word: str) -> None:
    """Raises CohortError where the days under a word have the month first."""
    order = DayOrder()
    for number, row in sheet.rows():
        order.see(sheet.cell(row, word), number)
    if faults := order.faults(sheet, word):
        raise CohortError(faults)


def refuse_month_first_headings(sheet: Sheet) -> None:
    """Raises CohortError where the days above columns of marks have the month first."""
    order = DayOrder()
    for heading in sheet.headings.cells:
        order.see(heading, sheet.heading_row)
    if faults := order.faults(sheet):
        raise CohortError(faults)

"""Columns that nobody understood and that may matter to a letter: part of an address, or a word of warning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.attendance.holding.holds import is_held
from service.cohort.columns.headings import show
from service.cohort.sheet import Sheet
from service.errors import Problem

_ADDRESS = re.compile(
    r"\b(address|addr|flat|apartment|apt|street|road|post ?code|postal|town|city|county|country|village|locality|"
    r"building|premises|dwelling|po box|house (no|number|name))\b"
)
_NO_ADDRESS = re.compile(r"\b(e ?mail|web|url|ip|phone|tel|type|date|country of|birth|school|nationality)\b")
_WARNING = re.compile(
    r"\b(court|injunction|restraining|restricted|restriction|prohibited|no contact|do not|non molestation|refuge)\b"
)
_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


class HeldColumns:
    """The columns of a table that hold letters back wherever something stands in them."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        unknown = {
            *sheet.headings.unknown,
            *(item.heading for item in sheet.headings.probable if not item.near.is_sure),
        }
        self.columns = [
            (place, sentence)
            for place, cell in enumerate(sheet.headings.cells)
            if cell.strip() in unknown and (sentence := _why(cell.strip()))
        ]

    def holds(self, number: int, row: Sequence[str]) -> Iterator[Problem]:
        """What in a row holds letters back."""
        for place, sentence in self.columns:
            if place < len(row) and is_held(row[place]):
                yield self.sheet.problem("unread-column", sentence, number, self.sheet.headings.cells[place].strip())

    def notices(self) -> Iterator[str]:
        """What a person should know about these columns, once for the table."""
        for place, _ in self.columns:
            heading = show(self.sheet.headings.cells[place].strip())
            yield f"{self.sheet.name}: letters are held back wherever column {heading} has something in it."


def _why(heading: str) -> str:
    words = " ".join(_PIECES.findall(heading)).casefold()
    if _WARNING.search(words):
        return "Read this first: it may say that somebody must not be written to."
    if _ADDRESS.search(words) and not _NO_ADDRESS.search(words):
        return (
            "This looks like part of an address, and we do not know which part. Say so in headings.toml, for example "
            f'contact_1_district = ["{show(heading)}"], or delete the column.'
        )
    return ""

"""Rows of a history that may say that something was not sent or was taken back, and that count all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.attendance.holding.unsent import UNSENT, is_about_withdrawing, says_unsent
from service.cohort.sheet import Sheet
from service.errors import Problem


def find_unsent_rows(sheet: Sheet) -> Iterator[tuple[str, Problem]]:
    """The pupils with such a row, and what to do about it."""
    places = sheet.headings.places
    named = [places[word] for word in ("event", "on", "recipient", "by", "note") if word in places]
    passed_over = {*named, sheet.key_place}
    for number, row in sheet.rows():
        if is_about_withdrawing(sheet.cell(row, "event")):
            continue
        for place in _places_that_say_so(row, passed_over):
            heading = sheet.headings.cells[place].strip() if place < len(sheet.headings.cells) else ""
            yield sheet.key_of(row), sheet.problem("unsent-row", UNSENT, number, heading)


def _places_that_say_so(row: Sequence[str], passed_over: set[int | None]) -> Iterator[int]:
    for place, cell in enumerate(row):
        if cell and place not in passed_over and says_unsent(cell):
            yield place

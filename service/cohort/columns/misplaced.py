"""Headings that do not stand above all rows: somebody has sorted the sheet, headings and all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from service.attendance.reading.value_kinds import read_loose_day
from service.cohort.columns.aliases import Aliases
from service.cohort.columns.headings import Headings, find_word, read_headings

_MOST_ROWS = 5_000
"""How far down headings are looked for: each row takes tens of microseconds."""
_LONGER_THAN_A_YEAR = 5
"""Digits from which a number above the headings is no year, and no number of pupils."""
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


def names_pupils(headings: Headings) -> bool:
    """Whether a column identifies the pupils, or names them."""
    return headings.names_a_pupil or headings.has_names


def find_low_headings(rows: Iterable[Sequence[str]], aliases: Aliases) -> int:
    """The number of the first row that is one of headings about pupils; 0 where none of the first thousands is."""
    for number, row in enumerate(islice(rows, _MOST_ROWS), 1):
        words = [word for cell in row[:100] if cell and len(cell) < 100 and (word := find_word(cell, aliases))]
        if len(words) > 1 and names_pupils(read_headings(row, aliases)):
            return number
    return 0


def find_rows_above(top: Sequence[Sequence[str]], number: int, headings: Headings) -> tuple[int, ...]:
    """The rows of `top` above the headings, in row `number`, that are about pupils; where one is, all but titles."""
    rows = {place: row for place, row in enumerate(top[: number - headings.rows], 1) if sum(map(bool, row)) > 1}
    keys = {cell for row in top[number:] for cell in _cells_of_keys(row, headings)[:1] if _shape(cell)}
    shapes = set(map(_shape, keys))
    names = {key for key in keys if not key.isdecimal() or len(key) >= _LONGER_THAN_A_YEAR}
    are_pupils = (
        not names.isdisjoint(map(str.strip, row)) or _is_a_pupils(row, headings, shapes) for row in rows.values()
    )
    return tuple(rows) if any(are_pupils) else ()


def _is_a_pupils(row: Sequence[str], headings: Headings, shapes: set[str]) -> bool:
    """Whether a row above the headings is about a pupil: with an identifier like those below, or a day at its place."""
    own = _cells_of_keys(row, headings)[:1]
    is_full = 2 * sum(map(bool, row)) > headings.known
    if is_full and headings.names_a_pupil and not shapes and any(map(_shape, row)):
        return True  # the headings stand below all rows, and rows of other columns may be among them
    if not is_full:
        return any(_LETTER.search(shape) and shape in shapes for shape in map(_shape, own))
    if any(_DIGIT.search(cell) for cell in own) or not shapes.isdisjoint(map(_shape, row)):
        return True
    days = [headings.places[word] for word in ("date", "on", "date_of_birth") if word in headings.places]
    return any(place < len(row) and read_loose_day(row[place].strip()) is not None for place in days)


def _cells_of_keys(row: Sequence[str], headings: Headings) -> list[str]:
    places = [headings.places[word] for word in ("upn", "pupil_reference") if word in headings.places]
    return [row[place].strip() for place in places if place < len(row)]


def _shape(text: str) -> str:
    """An identifier's shape, A99 for B17; "" for what has no digit or is written like no identifier."""
    text = text.strip()
    if len(text) > 40 or not text.isalnum() or not _DIGIT.search(text):
        return ""
    return _DIGIT.sub("9", _LETTER.sub("A", text))

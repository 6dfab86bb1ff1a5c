"""Rows of headings among the rows of a table: the same again above each class, or those of another table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from service.cohort.columns.aliases import Aliases
from service.cohort.columns.headings import find_word, read_headings
from service.cohort.columns.misplaced import names_pupils

_FEWEST = 3
"""Headings that a row must have to be another table's: a pupil may be called Mark Day."""


@dataclass(frozen=True, slots=True)
class FurtherHeadings:
    """Tells such rows from those about pupils; `own` are the rows that the headings take."""

    own: tuple[tuple[str, ...], ...]
    aliases: Aliases

    def are_again(self, row: Sequence[str]) -> bool:
        """Whether a row is one of the table's own rows of headings."""
        return any(_is_same(row, headings) for headings in self.own)

    def are_others(self, row: Sequence[str]) -> bool:
        """Whether a row is the headings of another table about pupils."""
        first = next((cell.strip() for cell in row if cell and not cell.isspace()), "")
        if not first[-1:].isalpha() or not find_word(first, self.aliases):
            return False
        found = read_headings(row, self.aliases)
        return found.known >= _FEWEST and names_pupils(found)


def _is_same(row: Sequence[str], headings: Sequence[str]) -> bool:
    cells = zip_longest(row, headings, fillvalue="")
    return all(one == other or one.strip() == other.strip() for one, other in cells)

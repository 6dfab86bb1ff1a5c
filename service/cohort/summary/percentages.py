"""Columns of percentages: 92.3, "92.3%" or shares such as 0.923, told by the whole column and never by one cell."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from service.attendance.reading.value_kinds import read_number

PERCENTAGES = ("attendance_percentage", "absence_percentage")
"""The words of such columns."""
_AGREES = Fraction(6, 10)


@dataclass(slots=True)
class PercentageColumn:
    """What the cells of a column show: how many are at most 1, and how many can only be percentages."""

    small: int = 0
    large: int = 0

    def see(self, cell: str) -> None:
        """Count a cell; an empty one, a text and a nought say nothing."""
        if "%" in cell:
            self.large += 1
        elif (number := read_number(cell)) is not None and number > 0:
            self.small += number <= 1
            self.large += number > 1

    @property
    def is_share(self) -> bool:
        """Whether every value lies between 0 and 1."""
        return self.small > 0 and not self.large

    @property
    def is_mixed(self) -> bool:
        """Whether some values look like shares and others can only be percentages."""
        return self.small > 0 and self.large > 0


def share_as_percentage(cell: str) -> str:
    """The percentage that a share means: 0.923 is 92.3%; another text stays as it is."""
    number = read_number(cell)
    return cell if number is None else f"{float(number * 100):.12g}%"


def looks_like_share(cell: str, attended: str, possible: str) -> bool:
    """Whether a cell among percentages may be a share; not where the counts beside it make that percentage."""
    number = read_number(cell)
    if "%" in cell or number is None or not 0 < number <= 1:
        return False
    part, whole = read_number(attended), read_number(possible)
    if part is None or not whole:
        return True
    return abs(Fraction(100 * part, whole) - number) > _AGREES

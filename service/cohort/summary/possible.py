"""Whether a report counts about as many sessions as the school was open for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from service.attendance.calendar import SchoolCalendar, school_year_of
from service.attendance.reading.value_kinds import read_number
from service.attendance.record import Summary
from service.errors import Problem

_FEWEST_PUPILS = 3
"""So many pupils say how many sessions a report counts at most; fewer may all have a part-time timetable."""
_FEW = Fraction(3, 5)
"""Less than this share of the sessions of its period was not counted from its beginning, or in days."""


@dataclass(slots=True)
class MostPossible:
    """How many sessions were possible for any pupil of a report, at most, and the days that the school was open."""

    pupils: int = 0
    most: int = 0
    _open_days: dict[tuple[date, date], int] = field(default_factory=dict)

    def see(self, cell: str) -> None:
        """Take the possible sessions of one pupil."""
        number = read_number(cell)
        if number is not None:
            self.pupils += 1
            self.most = max(self.most, int(number))

    def find_too_few(self, summary: Summary, calendar: SchoolCalendar, on: date) -> Problem | None:
        """A hold where the school was open for far more sessions than anybody's report counts."""
        first, last = summary.period_start or school_year_of(on), min(summary.period_end or on, on)
        if self.pupils < _FEWEST_PUPILS or not (calendar.is_known and calendar.covers(last)):
            return None
        first = max(first, calendar.terms[0].first)
        days = self._open_days.get((first, last))
        if days is None:
            days = self._open_days[first, last] = calendar.count_open_days(first, last)
        if self.most >= 2 * days * _FEW:
            return None
        sentence = (
            f"Nobody in this report has more than {self.most} possible sessions, and the school had {2 * days} from "
            f"{first:%d/%m/%Y} to {last:%d/%m/%Y}. Say from which day to which it is, or whether it counts days."
        )
        return Problem("too-few-sessions", sentence, "/sessions_possible")

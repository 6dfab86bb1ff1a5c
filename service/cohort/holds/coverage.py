"""Whether a pupil's marks cover the days that a decision speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from service.attendance.calendar import SchoolCalendar, school_year_of
from service.attendance.codes import CODES
from service.attendance.register import Register
from service.errors import Problem

MARKS_COVER = 50
"""Per cent: with marks for a smaller share of the school days no letter leaves, where the school says nothing else."""
NOTE_BELOW = Fraction(9, 10)
"""A smaller share, and a person is told."""
HOLIDAYS = Fraction(3, 4)
"""The share of weekdays that can be school days, where no calendar says which are."""
_A_FIFTH = 5
_IS_MARK = bytes(byte not in (0, CODES["-"].byte) for byte in range(256))
"""Of each byte of a register whether it is a mark."""


class SchoolDays:
    """The days of a school year up to a day on which pupils have marks, or by the calendar should have."""

    def __init__(
        self, calendar: SchoolCalendar, on: date, registers: Iterable[Register], marks_cover: int = MARKS_COVER
    ) -> None:
        self.first, self.on = school_year_of(on), on
        self.hold_below = Fraction(marks_cover, 100)
        weekdays = [day for day in _days(self.first, on) if day.weekday() < 5]  # Monday to Friday
        self.is_known = calendar.covers(on)
        if self.is_known:
            self._keep([day for day in weekdays if calendar.covers(day) and calendar.is_open(day)])
            return
        marked: Counter[int] = Counter()
        pupils = 0
        for register in registers:
            pupils += 1
            marked.update(day for day, is_marked in enumerate(_marked(register, self.first, on)) if is_marked)
        common = {self.first + timedelta(days=day) for day, number in marked.items() if number * _A_FIFTH >= pupils}
        fewest = int(len(weekdays) * HOLIDAYS)
        self.is_assumed = len(common) < fewest
        self._keep(weekdays if self.is_assumed else sorted(common))

    is_assumed = False
    """Whether every weekday was taken for a school day, because neither a calendar nor the other pupils say."""

    def _keep(self, days: Sequence[date]) -> None:
        self.days = days
        places = {(day - self.first).days for day in days}
        self._is_school_day = bytes(place in places for place in range((self.on - self.first).days + 1))

    def notices(self, registers: Iterable[Register]) -> Iterable[str]:
        """What to say where marks leave most days out: whoever is due nothing may be due a letter."""
        few = sum(self.check(register, None)[1] is not None for register in registers)
        if few:
            pupils = "1 pupil has" if few == 1 else f"{few:,} pupils have"
            yield (
                f"{pupils} marks for less than {float(100 * self.hold_below):g} % of the days from "
                f"{self.first:%d/%m/%Y} to {self.on:%d/%m/%Y}. "
                "Export the marks of the whole time: absences on other days are not counted."
            )

    def check(self, register: Register, admitted: date | None) -> tuple[str, Problem | None]:
        """A sentence where a pupil's marks leave days out, and a hold where they leave out many."""
        begin = max(0, (admitted - self.first).days) if admitted else 0
        expected = int.from_bytes(self._is_school_day[begin:], "little")
        marked = int.from_bytes(_marked(register, self.first, self.on)[begin:], "little")
        days, covered = expected.bit_count(), (expected & marked).bit_count()  # each byte is 0 or 1
        share = Fraction(covered, days) if days else Fraction(1)
        if share >= (NOTE_BELOW * HOLIDAYS if self.is_assumed else NOTE_BELOW):
            return "", None
        start = max(self.first, admitted or self.first)
        kind = "weekdays" if self.is_assumed else "school days"
        said = f"There are marks for {covered} of {days} {kind} from {start:%d/%m/%Y} to {self.on:%d/%m/%Y}."
        if share >= self.hold_below:
            return said, None
        sentence = f"{said} Export the marks of the whole time, or add the pupil's date of admission."
        return said, Problem("marks-incomplete", sentence)


def _marked(register: Register, first: date, last: date) -> bytes:
    """A byte for each day from first to last: 1 where there is a mark of the morning or the afternoon, else 0."""
    marks = register.between(first, last).translate(_IS_MARK)
    mornings, afternoons = marks[::2], marks[1::2]
    either = int.from_bytes(mornings, "little") | int.from_bytes(afternoons, "little")
    before = bytes(max(0, (register.start - first).days))
    return (before + either.to_bytes(len(mornings), "little")).ljust((last - first).days + 1, b"\0")


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))

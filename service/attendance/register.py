"""A pupil's register marks, and the figures that follow from them for any days.

A register is a string of bytes, two for each day (morning, afternoon) from a Monday on, 0 where there is no mark:
counting is then done by the interpreter's own byte routines, at a few microseconds a window.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from service.attendance.calendar import monday_of
from service.attendance.codes import ABSENT, BY_BYTE, NOT_COUNTED, UNAUTHORISED

_NOT_ABSENT = bytes(set(range(256)) - set(ABSENT))


class Mark(NamedTuple):
    """One session's mark: its day, AM or PM, and the code as written."""

    day: date
    session: str
    code: str


@dataclass(frozen=True, slots=True)
class Register:
    """Marks from a Monday on, two bytes a day."""

    start: date
    marks: bytes

    @property
    def last(self) -> date:
        """The last day that has a place in the register."""
        return self.start + timedelta(days=len(self.marks) // 2 - 1)

    def between(self, first: date, last: date) -> bytes:
        """The marks of the days from first to last, both included."""
        begin = max(0, (first - self.start).days * 2)
        return self.marks[begin : max(begin, (last - self.start).days * 2 + 2)]

    def until(self, day: date) -> Register | None:
        """The register without the marks after a day; None when no mark is left."""
        if self.last <= day:
            return self
        marks = self.between(self.start, day)
        return Register(self.start, marks) if marks.strip(b"\0") else None

    def marks_between(self, first: date, last: date) -> Iterator[Mark]:
        """Every mark from first to last with its day and session, in order."""
        begin = max(0, (first - self.start).days * 2)
        for place, byte in enumerate(self.between(first, last), begin):
            if byte:
                yield Mark(self.start + timedelta(days=place // 2), ("AM", "PM")[place % 2], BY_BYTE[byte].code)

    def weeks_with_sessions(self, first: date, last: date) -> list[date]:
        """The Mondays of the weeks with a possible session in them, in order."""
        mondays = []
        monday = max(monday_of(first), self.start)
        while monday <= min(last, self.last):
            week = self.between(max(monday, first), min(monday + timedelta(days=6), last))
            if week.translate(None, NOT_COUNTED):
                mondays.append(monday)
            monday += timedelta(days=7)
        return mondays

    def count_broken_weeks(self, first: date, last: date) -> int:
        """The weeks with at least one absent session in them."""
        broken = 0
        for begin in range(max(0, (monday_of(first) - self.start).days * 2), len(self.marks), 14):
            monday = self.start + timedelta(days=begin // 2)
            if monday > last:
                break
            week = self.between(max(first, monday), min(last, monday + timedelta(days=6)))
            broken += bool(week.translate(None, _NOT_ABSENT))
        return broken

    def unauthorised_run(self, on: date) -> list[date]:
        """The run of days that ends with the last day having a possible session, up to `on`, each of whose possible
        sessions is unauthorised; days without a possible session neither count nor interrupt."""
        run: list[date] = []
        day = min(on, self.last)
        while day >= self.start:
            possible = self.between(day, day).translate(None, NOT_COUNTED)
            if possible.translate(None, UNAUTHORISED):
                break
            if possible:
                run.append(day)
            day -= timedelta(days=1)
        return run[::-1]


def build_register(marks: Iterable[tuple[date, int, int]]) -> Register | None:
    """A register from (day, 0 for morning or 1 for afternoon, the code's byte), in any order; None without marks."""
    known = list(marks)
    if not known:
        return None
    start = monday_of(min(day for day, _, _ in known))
    places = bytearray(((max(day for day, _, _ in known) - start).days + 1) * 2)
    for day, half, byte in known:
        places[(day - start).days * 2 + half] = byte
    return Register(start, bytes(places))

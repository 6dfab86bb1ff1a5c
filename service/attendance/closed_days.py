"""A mark on a day when the school is closed is a fault, and one after the day of the decision is not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.attendance.calendar import SchoolCalendar
from service.attendance.codes import NOT_COUNTED
from service.attendance.reading.value_kinds import Fault
from service.attendance.register import Register


@dataclass(frozen=True)
class MarkDays:
    """The calendar of an export and the day of the decision, as far as they are known."""

    calendar: SchoolCalendar
    on: date | None

    def is_after(self, day: date) -> bool:
        """Whether a day lies after the day of the decision."""
        return self.on is not None and day > self.on

    def say_left_out(self, marks: int = 0) -> str:
        """What to say where marks after the day of the decision were given, and how many where that is known."""
        number = "1 mark" if marks == 1 else f"{marks:,} marks" if marks else "Marks"
        return f"{number} after {self.on:%d/%m/%Y}, the day of the decision, {'is' if marks == 1 else 'are'} left out."

    def is_school_day(self, day: date) -> bool:
        """Whether a session can be on that day; always where there is no calendar."""
        if not self.calendar.is_known:
            return True
        return self.calendar.covers(day) and self.calendar.is_open(day)

    def find_fault(self, day: date, byte: int) -> Fault | None:
        """What is wrong with a mark on that day: a possible session on a day when there is no school."""
        if byte in NOT_COUNTED or self.is_school_day(day):
            return None
        if self.calendar.covers(day):
            why = "the school is closed on that day"
        else:
            first, last = self.calendar.terms[0].first, self.calendar.terms[-1].last
            why = f"the calendar runs from {first:%d/%m/%Y} to {last:%d/%m/%Y}"
        sentence = f"There is a mark for {day:%d/%m/%Y}, but {why}. Correct the mark or the calendar."
        return Fault("outside-calendar", sentence)

    def faults_of(self, register: Register) -> dict[tuple[date, str], Fault]:
        """The faults of a whole register, by day and session."""
        if not self.calendar.is_known:
            return {}
        last = min(register.last, self.on) if self.on else register.last
        found = {}
        for mark in register.marks_between(register.start, last):
            byte = register.marks[(mark.day - register.start).days * 2 + (mark.session == "PM")]
            if fault := self.find_fault(mark.day, byte):
                found[mark.day, mark.session] = fault
        return found

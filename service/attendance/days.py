"""Which days marks may stand on: up to the day of the decision, and on school days where a calendar is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from service.attendance.calendar import SchoolCalendar, school_year_of
from service.attendance.codes import NOT_COUNTED
from service.attendance.holding.holds import with_standing_holds
from service.attendance.reading import read_record
from service.attendance.record import AttendanceRecord
from service.attendance.register import Register
from service.attendance.value_kinds import Fault, read_exact_day
from service.errors import Problem, RecordError


@dataclass(frozen=True)
class MarkDays:
    """The calendar of an export and the day of the decision, as far as they are known."""

    calendar: SchoolCalendar
    on: date | None

    def is_after(self, day: date) -> bool:
        """Whether a day lies after the day of the decision."""
        return self.on is not None and day > self.on

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


def read_pupil(values: Mapping[str, Any], events: frozenset[str], days: MarkDays) -> AttendanceRecord:
    """The record of a JSON object, with its marks up to the day of the decision.

    Raises RecordError with every fault, each under its JSON pointer within the record.
    """
    return on_the_day(_read_marked(values, events, days), days.on)


def on_the_day(record: AttendanceRecord, on: date | None) -> AttendanceRecord:
    """The record as it stands on the day of the decision: with its holds, a joiner's figures counted from admission."""
    summary, admitted = record.summary, record.date_of_admission
    if summary and admitted and on and (summary.period_start or school_year_of(on)) < admitted <= on:
        record = replace(record, summary=replace(summary, period_start=admitted))
    return with_standing_holds(record, on)


def _read_marked(values: Mapping[str, Any], events: frozenset[str], days: MarkDays) -> AttendanceRecord:
    record = read_record(values, events=events)
    if record.register is None:
        return record
    if problems := list(_find_days(record.register, values["marks"], days)):
        raise RecordError(problems)
    register = record.register.until(days.on) if days.on else record.register
    if days.on is None or not days.is_after(record.register.last):
        return record
    said = f"Marks after {days.on:%d/%m/%Y}, the day of the decision, are left out."
    if register is None:  # with no mark left, a summary beside the marks is used
        record = read_record({**values, "marks": None}, events=events)
        return replace(record, warnings=(*record.warnings, said))
    return replace(record, register=register, warnings=(*record.warnings, said))


def _find_days(register: Register, marks: list[dict[str, str]], days: MarkDays) -> Iterator[Problem]:
    faults = days.faults_of(register)
    for place, mark in enumerate(marks if faults else ()):
        fault = faults.get((read_exact_day(mark["date"]) or date.min, mark["session"].upper()))
        if fault:
            yield Problem(fault.code, str(fault), f"/marks/{place}/date")

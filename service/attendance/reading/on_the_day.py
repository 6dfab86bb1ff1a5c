"""A record as it stands on the day of the decision: marks up to that day, holds, a joiner's figures from admission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from service.attendance.calendar import school_year_of
from service.attendance.closed_days import MarkDays
from service.attendance.holding.disagreement import find_disagreements, say_disagreements
from service.attendance.holding.holds import with_standing_holds
from service.attendance.reading.records import read_record
from service.attendance.reading.value_kinds import read_exact_day
from service.attendance.record import AttendanceRecord
from service.attendance.register import Register
from service.attendance.summary_days import find_other_days
from service.attendance.words import SUMMARY_FIGURES
from service.errors import Problem, RecordError

_COUNTS = frozenset(SUMMARY_FIGURES)


def read_pupil(values: Mapping[str, Any], events: frozenset[str], days: MarkDays) -> AttendanceRecord:
    """The record of a JSON object, with its marks up to the day of the decision.

    Raises RecordError with every fault, each under its JSON pointer within the record.
    """
    record = _read_marked(values, events, days)
    if record.summary and days.on and (problems := list(find_other_days(record.summary, days.on))):
        raise RecordError(problems)
    return on_the_day(_compared(record, values, events, days), days.on)


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
    said = days.say_left_out()
    if register is None:  # with no mark left, a summary beside the marks is used
        record = read_record({**values, "marks": None}, events=events)
        return replace(record, warnings=(*record.warnings, said))
    return replace(record, register=register, warnings=(*record.warnings, said))


def _compared(
    record: AttendanceRecord, values: Mapping[str, Any], events: frozenset[str], days: MarkDays
) -> AttendanceRecord:
    """The record, held where a summary was given beside the marks and they contradict it."""
    if record.register is None or days.on is None or _COUNTS.isdisjoint(values):
        return record
    summary = read_record({**values, "marks": None}, events=events).summary
    differing = list(find_disagreements(record.register, summary, days.calendar, days.on)) if summary else []
    if not differing:
        return record
    warnings = (*record.warnings, say_disagreements(differing))
    return replace(record, warnings=warnings, holds=(*record.holds, *differing))


def _find_days(register: Register, marks: list[dict[str, str]], days: MarkDays) -> Iterator[Problem]:
    faults = days.faults_of(register)
    for place, mark in enumerate(marks if faults else ()):
        fault = faults.get((read_exact_day(mark["date"]) or date.min, mark["session"].upper()))
        if fault:
            yield Problem(fault.code, str(fault), f"/marks/{place}/date")

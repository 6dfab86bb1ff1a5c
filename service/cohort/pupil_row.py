"""One pupil of an export."""

from __future__ import annotations

from dataclasses import dataclass

from service.attendance.record import AttendanceRecord
from service.errors import Problem


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil of an export: the row's number and file, and the record or what is wrong with it.

    `table` is the number of the file or sheet, from 1, where several of them list pupils; else 0.
    """

    number: int
    file: str
    key: str
    record: AttendanceRecord | None
    problems: tuple[Problem, ...] = ()
    table: int = 0

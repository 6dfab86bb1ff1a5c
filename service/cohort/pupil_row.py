"""One pupil of an export."""

from __future__ import annotations

from dataclasses import dataclass

from service.attendance.record import AttendanceRecord
from service.errors import Problem


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil of an export: the row's number and file, and the record or what is wrong with it."""

    number: int
    file: str
    key: str
    record: AttendanceRecord | None
    problems: tuple[Problem, ...] = ()

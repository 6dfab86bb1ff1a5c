"""Which days an export's marks cover, over all of its pupils, and what the export is called."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

from service.attendance.register import Register
from service.cohort.join import Cohort
from service.storage.kept_marks import Days


def find_days(cohort: Cohort) -> Days | None:
    """The days from the first mark of any pupil to the last; None for an export without marks."""
    found = [_days_of(row.record.register) for row in cohort.pupils if row.record and row.record.register]
    return Days(min(days.first for days in found), max(days.last for days in found)) if found else None


def _days_of(register: Register) -> Days:
    marks = register.marks
    first = (len(marks) - len(marks.lstrip(b"\0"))) // 2
    last = (len(marks.rstrip(b"\0")) - 1) // 2
    return Days(_day(register, first), _day(register, last))


def _day(register: Register, number: int) -> date:
    return register.start + timedelta(days=number)


def hash_export(path: Path) -> str:
    """The hash of an export's files."""
    files = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
    return hashlib.sha256(b"".join(map(_hash_file, files))).hexdigest()


def _hash_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()

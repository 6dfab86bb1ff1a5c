"""A pupil's marks by school year: joined, and replaced where a new export covers their days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from service.attendance.calendar import monday_of, school_year_of
from service.attendance.codes import BY_BYTE
from service.attendance.register import Register


class Correction(NamedTuple):
    """A mark that an export changed: the codes before and after, "" for no mark."""

    day: date
    session: str
    before: str
    after: str


class Days(NamedTuple):
    """The days that an export covers, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Replaced:
    """A register after an export: what it holds now, how many marks are new, and which were corrected."""

    register: Register | None
    added: int
    corrections: tuple[Correction, ...]


def join_registers(registers: Iterable[Register]) -> Register | None:
    """One register of several; of two marks for a session the later register's counts."""
    known = list(registers)
    if not known:
        return None
    start = min(register.start for register in known)
    marks = bytearray((max(register.last for register in known) - start).days * 2 + 2)
    for register in known:
        place = (register.start - start).days * 2
        for number, byte in enumerate(register.marks, place):
            if byte:
                marks[number] = byte
    return Register(start, bytes(marks))


def split_years(register: Register) -> Iterator[tuple[int, Register]]:
    """The register's part of each school year that has a mark, by the year of its September."""
    day = register.start
    while day <= register.last:
        first = school_year_of(day)
        following = date(first.year + 1, 9, 1)
        part = _trim(day, register.between(day, following - timedelta(days=1)))
        if part:
            yield first.year, part
        day = following


def replace_days(kept: Register | None, given: Register | None, days: Days, is_newer: bool = True) -> Replaced:
    """The kept register with the given marks for the days that the export covers.

    An export older than the marks that are kept adds what is missing and changes nothing.
    """
    frame = [register for register in (kept, given) if register]
    if not frame:
        return Replaced(None, 0, ())
    start = min(monday_of(days.first), *(register.start for register in frame))
    last = max(days.last, *(register.last for register in frame))
    before, marks = _lay(kept, start, last), bytearray(_lay(kept, start, last))
    new, added, corrections = _lay(given, start, last), 0, []
    for place in range((days.first - start).days * 2, (days.last - start).days * 2 + 2):
        old, now = before[place], new[place]
        if old == now or (old and not is_newer):
            continue
        marks[place] = now
        if old:
            day = start + timedelta(days=place // 2)
            corrections.append(Correction(day, ("AM", "PM")[place % 2], _code(old), _code(now)))
        else:
            added += 1
    return Replaced(_trim(start, bytes(marks)), added, tuple(corrections))


def _lay(register: Register | None, start: date, last: date) -> bytes:
    """The marks of a register in a frame of days."""
    length = (last - start).days * 2 + 2
    if register is None:
        return bytes(length)
    return (bytes((register.start - start).days * 2) + register.marks).ljust(length, b"\0")


def _trim(start: date, marks: bytes) -> Register | None:
    """A register of these marks that begins on a Monday and ends with the last day that has one."""
    kept = marks.rstrip(b"\0")
    if not kept:
        return None
    monday = monday_of(start)
    return Register(monday, bytes((start - monday).days * 2) + kept + bytes(len(kept) % 2))


def _code(byte: int) -> str:
    return BY_BYTE[byte].code if byte else ""

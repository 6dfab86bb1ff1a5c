"""Everybody's registers while the marks of an export are read, and what was wrong with which row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.attendance.calendar import monday_of
from service.attendance.codes import BY_BYTE, read_code
from service.attendance.days import MarkDays
from service.attendance.marks import LONGEST_DAYS, two_marks, unknown_code
from service.attendance.register import Register
from service.attendance.value_kinds import EARLIEST, LATEST, Fault
from service.cohort.sheet import Sheet
from service.errors import Problem

MOST_PROBLEMS = 1_000
"""Faults told of one export's marks; more than that have one cause for all of them."""


class CohortMarks:
    """One growing register a pupil, all from the same Monday on."""

    def __init__(self, days: MarkDays) -> None:
        self.days = days
        self.base: date | None = None
        self.registers: dict[str, bytearray] = {}
        self.first_rows: dict[str, tuple[str, int]] = {}
        self.warnings: dict[str, dict[str, None]] = {}
        self.faulty: dict[str, list[Problem]] = {}
        self.problems: list[Problem] = []
        self.compared: dict[str, set[str]] = {}
        """For a file whose marks another file holds too: the pupils, by the file's name."""
        self.after: dict[str, int] = {}
        self._told = 0

    def find(self, key: str) -> Register | None:
        """One pupil's register; it ends with the last day that has a mark."""
        marks = self.registers.get(key, b"").rstrip(b"\0")
        if not marks or self.base is None:
            return None
        return Register(self.base, bytes(marks) + bytes(len(marks) % 2))

    def refuse(self, key: str, problem: Problem) -> None:
        """Keep a fault of a pupil's row; the pupil cannot be decided with a mark missing."""
        faults = self.faulty.setdefault(key, [])
        if self._told < MOST_PROBLEMS or not faults:
            faults.append(problem)
            self._told += 1

    def put(self, sheet: Sheet, key: str, day: date, half: int, code: str, row: int, column: str) -> None:
        """One mark with everything that can be said about it."""
        if self.days.is_after(day):
            self.after[sheet.name] = self.after.get(sheet.name, 0) + 1
            return
        read = read_code(code, day)
        fault = unknown_code(code) if read is None else self.days.find_fault(day, read.byte) or self._distance(day)
        if read is None or fault:
            is_about_day = fault is not None and fault.code != "unknown-code" and sheet.headings.has("date")
            self._refuse(sheet, key, fault, row, sheet.headings.heading_of("date") if is_about_day else column)
            return
        if read.warning:
            self.warnings.setdefault(key, {})[read.warning] = None
        marks, slot = self.registers[key], self.slot_of(day) + half
        if slot >= len(marks):
            marks.extend(bytes(slot + 2 - len(marks)))
        if marks[slot] and marks[slot] != read.byte:
            fault = two_marks(day, half, BY_BYTE[marks[slot]].code, BY_BYTE[read.byte].code)
            self._refuse(sheet, key, fault, row, column)
        marks[slot] = marks[slot] or read.byte

    def _refuse(self, sheet: Sheet, key: str, fault: Fault | None, row: int, column: str) -> None:
        if fault:
            self.refuse(key, sheet.problem(fault.code, str(fault), row, column))

    def _distance(self, day: date) -> Fault | None:
        if not EARLIEST <= day <= LATEST or (self.base and abs((day - self.base).days) > LONGEST_DAYS):
            sentence = f"This day lies more than {LONGEST_DAYS // 366} years from the others; correct the date."
            return Fault("date-too-far", sentence)
        return None

    def register_of(self, key: str, sheet: Sheet, row: int) -> bytearray:
        """A pupil's growing register, begun when it is new."""
        marks = self.registers.get(key)
        if marks is None:
            marks = self.registers[key] = bytearray()
            self.first_rows[key] = (sheet.name, row)
        return marks

    def slot_of(self, day: date) -> int:
        """The place of a day's morning in every register; the registers move when the day lies before their base."""
        if self.base is None:
            self.base = monday_of(day)
        elif day < self.base:
            self._move_base(monday_of(day))
        return (day - self.base).days * 2

    def _move_base(self, base: date) -> None:
        shift = bytes((self.base - base).days * 2) if self.base else b""
        for marks in self.registers.values():
            marks[:0] = shift
        self.base = base

    def notices(self, sheets: list[Sheet]) -> Iterator[str]:
        """What a person should know about the files of marks."""
        for name, number in self.after.items():
            yield f"{name}: {number:,} marks after {self.days.on:%d/%m/%Y} are not used."
        others = [sheet.name for sheet in sheets if sheet.name not in self.compared]
        for name, pupils in self.compared.items():
            used = " and ".join(others)
            yield (
                f"{name} holds marks that {used} has too, for {len(pupils):,} pupils. They were compared; "
                f"those of {used} are used."
            )

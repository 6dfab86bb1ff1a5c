"""Everybody's registers while the marks of an export are read, and what was wrong with which row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from service.attendance.calendar import monday_of
from service.attendance.closed_days import MarkDays
from service.attendance.codes import BY_BYTE, read_code
from service.attendance.reading.mark_lists import LONGEST_DAYS, two_marks, unknown_code
from service.attendance.reading.value_kinds import EARLIEST, LATEST, Fault
from service.attendance.register import Register
from service.cohort.broken_cells import find_broken_cells
from service.cohort.marks.mark_words import code_before_words, read_word
from service.cohort.row_counts import LeftOut
from service.cohort.sheet import Sheet
from service.cohort.survey import with_rows
from service.cohort.text_file import NO_CODE
from service.errors import Problem


class _OpenRow:
    """What has come of the row that is being read."""

    __slots__ = ("is_later", "is_lesson", "is_new")

    def __init__(self) -> None:
        self.is_new = self.is_later = self.is_lesson = False


_MOST_ALIKE = 3
"""Faults of one kind in one pupil's marks that are told one by one."""
_FEWEST_ALIKE = 3
"""Pupils from whom on one fault that all of them have is a fault of the file."""


class CohortMarks:
    """One growing register a pupil, all from the same Monday on."""

    def __init__(self, days: MarkDays) -> None:
        self.days = days
        self.base: date | None = None
        self.registers: dict[str, bytearray] = {}
        self.first_rows: dict[str, tuple[str, int]] = {}
        self.named: dict[str, tuple[Sheet, int, Sequence[str]]] = {}
        """The first row of marks of each pupil whom that row names."""
        self.warnings: dict[str, dict[str, None]] = {}
        self._faulty: dict[str, dict[Problem, list[int]]] = {}
        self.problems: list[Problem] = []
        self.compared: dict[str, set[str]] = {}
        """For a file whose marks another file holds too: the pupils, by the file's name."""
        self.after: dict[str, int] = {}
        self.is_absences_only = False
        """Whether nobody has a mark for being present."""
        self.without_code: dict[str, int] = {}
        """How many rows of marks have an empty code, by the file's name."""
        self.lessons: dict[str, int] = {}
        """How many marks of lessons were left out, by the file's name."""
        self._open_row = _OpenRow()

    def find(self, key: str) -> Register | None:
        """One pupil's register; it ends with the last day that has a mark."""
        marks = self.registers.get(key, b"").rstrip(b"\0")
        if not marks or self.base is None:
            return None
        return Register(self.base, bytes(marks) + bytes(len(marks) % 2))

    def all_registers(self) -> Iterator[Register]:
        """Everybody's registers, one by one."""
        return (register for key in self.registers if (register := self.find(key)))

    def begin_row(self, sheet: Sheet, number: int, row: Sequence[str]) -> str:
        """The pupil of a row, with a register; "" where the row does not say or cannot be read, which is kept."""
        self._open_row = _OpenRow()
        key = sheet.key_of(row)
        if not key:
            column = sheet.headings.cells[sheet.key_place or 0].strip()
            self.problems.append(sheet.problem("no-identifier", "Say which pupil this row belongs to.", number, column))
            sheet.count.fault(number)
            return ""
        if key not in self.registers and sheet.headings.has_names:
            self.named[key] = (sheet, number, row)
        self.register_of(key, sheet, number)
        broken = list(find_broken_cells(sheet, number, row))
        for problem in broken:
            self.refuse(sheet, key, number, problem)
        return "" if broken else key

    def end_row(self, sheet: Sheet, key: str, number: int) -> None:
        """Count the row that was begun last by what came of it."""
        row, count = self._open_row, sheet.count
        if number in count.faulty:
            return
        if row.is_new or (sheet.kind == "wide marks" and not any(self.registers[key])):  # it says who the pupil is
            count.use(key)
        elif row.is_later or row.is_lesson:
            count.leave_out(LeftOut.LATER if row.is_later else LeftOut.LESSON)
        else:
            count.leave_out(LeftOut.NO_NEW_MARK)

    def note_new(self) -> None:
        """The row that is being read holds a mark that no other has."""
        self._open_row.is_new = True

    def leave_out_lessons(self, sheet: Sheet, marks: int) -> None:
        """Count marks of lessons in the row that is being read."""
        self.lessons[sheet.name] = self.lessons.get(sheet.name, 0) + marks
        self._open_row.is_lesson = True

    def refuse(self, sheet: Sheet, key: str, number: int, problem: Problem) -> None:
        """Keep a fault of a pupil's row; the pupil cannot be decided with a mark missing."""
        cause = replace(problem, row=None)
        self._faulty.setdefault(key, {}).setdefault(cause, []).append(number)
        sheet.count.fault(number)

    def faults_of(self, key: str) -> list[Problem]:
        """What is wrong with a pupil's marks, a sentence for each cause; the same on many days is one."""
        kinds: dict[tuple[str, str, str], list[tuple[Problem, list[int]]]] = {}
        for cause, rows in self._faulty.get(key, {}).items():
            kinds.setdefault((cause.code, cause.file, cause.column), []).append((cause, rows))
        return [
            with_rows(cause, rows)
            for found in kinds.values()
            for cause, rows in (
                found
                if len(found) <= _MOST_ALIKE
                else [(found[0][0], sorted(row for _, many in found for row in many))]
            )
        ]

    def has_unread_days(self, file: str) -> bool:
        """Whether a file has days that cannot be read."""
        return any(
            cause.code == "not-a-date" and cause.file == file for faults in self._faulty.values() for cause in faults
        )

    @property
    def has_faults(self) -> bool:
        """Whether any mark could not be read."""
        return bool(self._faulty or self.problems)

    def common_fault(self) -> Problem | None:
        """A fault that every pupil with marks has: one sentence for the whole file, with the first rows."""
        if len(self._faulty) < max(_FEWEST_ALIKE, len(self.registers)):
            return None
        causes = [{(cause.code, cause.file, cause.column) for cause in faults} for faults in self._faulty.values()]
        shared = set.intersection(*causes)
        found = [
            (cause, rows)
            for faults in self._faulty.values()
            for cause, rows in faults.items()
            if (cause.code, cause.file, cause.column) in shared
        ]
        rows = sorted(row for _, many in found for row in many)
        return with_rows(found[0][0], rows) if found else None

    def put(self, sheet: Sheet, key: str, day: date, half: int, code: str, row: int, column: str) -> None:
        """One mark with everything that can be said about it."""
        if self.days.is_after(day):
            self.after[sheet.name] = self.after.get(sheet.name, 0) + 1
            self._open_row.is_later = True
            return
        if code.startswith(NO_CODE):
            self._refuse(sheet, key, Fault("no-code", code.removeprefix(NO_CODE)), row, column)
            return
        read = read_code(code, day) or read_word(code, half) or read_code(code_before_words(code), day)
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
        if not marks[slot]:
            marks[slot] = read.byte
            self._open_row.is_new = True

    def _refuse(self, sheet: Sheet, key: str, fault: Fault | None, row: int, column: str) -> None:
        if fault:
            self.refuse(sheet, key, row, sheet.problem(fault.code, str(fault), row, column))

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
            yield f"{name}: {self.days.say_left_out(number)}"
        for name, number in self.without_code.items():
            rows = "1 row has" if number == 1 else f"{number:,} rows have"
            yield f"{name}: {rows} no code; these marks are missing and are not counted."
        for name, number in self.lessons.items():
            marks = "1 mark of a lesson is" if number == 1 else f"{number:,} marks of lessons are"
            yield f"{name}: {marks} left out; only those of the morning and afternoon count."
        others = [sheet.name for sheet in sheets if sheet.name not in self.compared]
        for name, pupils in self.compared.items():
            used = " and ".join(others)
            yield (
                f"{name} holds marks that {used} has too, for {len(pupils):,} pupils. They were compared; "
                f"those of {used} are used."
            )

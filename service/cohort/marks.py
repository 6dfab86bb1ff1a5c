"""Marks of a whole cohort -> one register a pupil: long (a row a mark) and wide (a column a session).

Ten million marks pass through the loop of `read_long_marks`, so it holds nothing but look-ups; whatever is unusual
about a row leaves it for `_read_slowly`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from service.attendance.calendar import monday_of
from service.attendance.codes import BY_BYTE, CURRENT_BYTES, REFORM, read_code
from service.attendance.fields import EARLIEST, LATEST, read_day
from service.attendance.marks import LONGEST_DAYS, SESSIONS, two_marks, unknown_code
from service.attendance.register import Register
from service.cohort.sheet import Sheet
from service.errors import Problem

MOST_PROBLEMS = 1_000
"""Faults told of one file; a file with more has one cause for all of them."""


class _Slots(dict[str, int]):
    """A day as a file writes it -> its morning's place after the base, for days since the codes of 2024."""

    def __init__(self, base: date) -> None:
        self.base = base

    def __missing__(self, text: str) -> int:
        day = read_day(text.strip(), british=True)
        if day is None or not max(REFORM, self.base) <= day <= LATEST or (day - self.base).days > LONGEST_DAYS:
            raise KeyError(text)
        slot = self[text] = (day - self.base).days * 2
        return slot


class CohortMarks:
    """Everybody's registers while they are being read, and what was wrong with which row."""

    def __init__(self) -> None:
        self.base: date | None = None
        self.registers: dict[str, bytearray] = {}
        self.first_rows: dict[str, int] = {}
        self.warnings: dict[str, dict[str, None]] = {}
        self.faulty: dict[str, list[Problem]] = {}
        self.problems: list[Problem] = []
        self.file = ""

    def take(self, key: str) -> Register | None:
        """One pupil's register, taken out."""
        marks = self.registers.pop(key, None)
        if marks is None or self.base is None or not any(marks):
            return None
        return Register(self.base, bytes(marks))

    def has(self, key: str) -> bool:
        """Whether there are marks of a pupil."""
        return key in self.registers

    def refuse(self, key: str, problem: Problem) -> None:
        """Keep a fault of a pupil's row; the pupil cannot be decided with a mark missing."""
        if sum(map(len, self.faulty.values())) < MOST_PROBLEMS:
            self.faulty.setdefault(key, []).append(problem)
        else:
            self.faulty.setdefault(key, [])

    def put(self, key: str, day: date, half: int, code: str, row: int, column: str) -> None:
        """One mark with everything that can be said about it."""
        read = read_code(code, day)
        if read is None:
            fault = unknown_code(code)
            self.refuse(key, Problem(fault.code, str(fault), file=self.file, row=row, column=column))
            return
        if read.warning:
            self.warnings.setdefault(key, {})[read.warning] = None
        marks, slot = self.registers[key], self._slot_of(day) + half
        if slot >= len(marks):
            marks.extend(bytes(slot + 2 - len(marks)))
        if marks[slot] and marks[slot] != read.byte:
            fault = two_marks(day, half, BY_BYTE[marks[slot]].code, BY_BYTE[read.byte].code)
            self.refuse(key, Problem(fault.code, str(fault), file=self.file, row=row, column=column))
        marks[slot] = marks[slot] or read.byte

    def register_of(self, key: str, row: int) -> bytearray:
        """A pupil's growing register, begun when it is new."""
        marks = self.registers.get(key)
        if marks is None:
            marks = self.registers[key] = bytearray()
            self.first_rows[key] = row
        return marks

    def _slot_of(self, day: date) -> int:
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


def read_long_marks(sheet: Sheet, marks: CohortMarks) -> None:
    """Take every row of a long file of marks (a pupil, a day, a session, a code)."""
    key_place, places = sheet.key_place, sheet.headings.places
    if key_place is None:
        sentence = "Add a column with the UPN or the pupil reference."
        marks.problems.append(Problem("no-identifier", sentence, file=sheet.name, row=sheet.heading_row))
        return
    day_place, session_place, code_place = places["date"], places["session"], places["code"]
    marks.file = sheet.name
    _set_base(sheet, day_place, marks)
    base = marks.base
    slots, codes, halves = _Slots(base or REFORM), CURRENT_BYTES, SESSIONS
    last_key, register = None, bytearray()
    for number, row in enumerate(sheet.open_rows(), 1):
        try:
            key = row[key_place]
            if key != last_key:
                if number <= sheet.heading_row or not key.strip():
                    raise KeyError
                register = marks.register_of(key.strip().upper(), number)
                last_key = key
            slot = slots[row[day_place]] + halves[row[session_place]]
            byte = codes[row[code_place]]
            try:
                taken = register[slot]
            except IndexError:
                taken = _grow(register, slot)
            if taken and taken != byte:
                raise KeyError
            register[slot] = byte
        except (KeyError, IndexError):
            if number > sheet.heading_row:
                _read_slowly(sheet, row, number, marks)
            if marks.base is not base:
                base = marks.base
                slots = _Slots(base or REFORM)
            last_key = None


def _grow(register: bytearray, slot: int) -> int:
    """Make room for a place and four weeks more; the place is empty."""
    register.extend(bytes(slot + 56 - len(register)))
    return 0


def _set_base(sheet: Sheet, day_place: int, marks: CohortMarks) -> None:
    """Begin the registers at the Monday of the first day that can be read."""
    if marks.base is not None:
        return
    for _, row in sheet.rows():
        day = read_day(row[day_place].strip(), british=True) if len(row) > day_place else None
        if day:
            marks.base = monday_of(day)
            return


def _read_slowly(sheet: Sheet, row: Sequence[str], number: int, marks: CohortMarks) -> None:
    """A row that is new, unusual or wrong."""
    if not any(row):
        return
    cells = [cell.strip() for cell in row]
    places, width = sheet.headings.places, len(row)

    def cell(word: str) -> str:
        return cells[places[word]] if places[word] < width else ""

    key_place = sheet.key_place or 0
    key = cells[key_place].upper() if key_place < width else ""
    if not key:
        heading = sheet.headings.cells[key_place]
        detail = "Say which pupil this mark belongs to."
        marks.problems.append(Problem("no-identifier", detail, file=sheet.name, row=number, column=heading))
        return
    marks.register_of(key, number)
    day, half = read_day(cell("date"), british=True), SESSIONS.get(cell("session").upper())
    if day is None or not EARLIEST <= day <= LATEST:
        detail = "Enter a real date, for example 20/11/2026."
        marks.refuse(
            key, Problem("not-a-date", detail, file=sheet.name, row=number, column=sheet.headings.heading_of("date"))
        )
    elif half is None:
        column = sheet.headings.heading_of("session")
        marks.refuse(key, Problem("not-a-session", "Enter AM or PM.", file=sheet.name, row=number, column=column))
    elif marks.base and abs((day - marks.base).days) > LONGEST_DAYS:
        detail = f"This day lies more than {LONGEST_DAYS // 366} years from the others; correct the date."
        marks.refuse(
            key, Problem("date-too-far", detail, file=sheet.name, row=number, column=sheet.headings.heading_of("date"))
        )
    elif cell("code"):
        marks.put(key, day, half, cell("code"), number, sheet.headings.heading_of("code"))


def read_wide_marks(sheet: Sheet, marks: CohortMarks) -> None:
    """Take every row of a wide file of marks: a pupil a row, a session a column; an empty cell is no mark."""
    marks.file = sheet.name
    columns = [(column.place, date.fromisoformat(column.day), column.half) for column in sheet.headings.sessions]
    key_place = sheet.key_place or 0
    for number, row in sheet.rows():
        key = row[key_place].strip().upper() if key_place < len(row) else ""
        if not key:
            detail = "Say which pupil this row belongs to."
            column = sheet.headings.cells[key_place]
            marks.problems.append(Problem("no-identifier", detail, file=sheet.name, row=number, column=column))
            continue
        marks.register_of(key, number)
        for place, day, half in columns:
            code = row[place].strip() if place < len(row) else ""
            if code:
                marks.put(key, day, half, code, number, sheet.headings.cells[place])

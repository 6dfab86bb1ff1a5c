"""Long marks: a row a mark.

Ten million marks pass through the loop of `read_long_marks`, so it holds nothing but look-ups; whatever is unusual
about a row leaves it for `_read_slowly`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from service.attendance.calendar import monday_of
from service.attendance.closed_days import MarkDays
from service.attendance.codes import CURRENT_BYTES, REFORM
from service.attendance.reading.mark_lists import LONGEST_DAYS, SESSIONS
from service.attendance.reading.value_kinds import LATEST, read_loose_day
from service.attendance.upn import tidy_upn
from service.cohort.marks.lessons import LESSON, read_half
from service.cohort.marks.registers import CohortMarks
from service.cohort.sheet import Sheet


class _Slots(dict[str, int]):
    """The place in a register of each day that a file writes; only of school days since the codes of 2024."""

    def __init__(self, base: date, days: MarkDays) -> None:
        self.base = base
        self.days = days

    def __missing__(self, text: str) -> int:
        day = read_loose_day(text.strip())
        if day is None or not max(REFORM, self.base) <= day <= LATEST or (day - self.base).days > LONGEST_DAYS:
            raise KeyError(text)
        if self.days.is_after(day) or not self.days.is_school_day(day):
            raise KeyError(text)
        slot = self[text] = (day - self.base).days * 2
        return slot


def read_long_marks(sheet: Sheet, marks: CohortMarks) -> None:
    """Take every row of a long file of marks (a pupil, a day, a session, a code)."""
    key_place, places = sheet.key_place or 0, sheet.headings.places
    day_place, session_place, code_place = places["date"], places["session"], places["code"]
    _set_base(sheet, day_place, marks)
    base = marks.base
    is_by_name = sheet.is_by_name
    slots, codes, halves = _Slots(base or REFORM, marks.days), CURRENT_BYTES, SESSIONS
    last_key, register, width = None, bytearray(), len(sheet.headings.cells)
    for number, row in enumerate(sheet.open_rows(), 1):
        try:
            key = row[key_place]
            if key != last_key:
                if number <= sheet.heading_row or not key.strip() or is_by_name:
                    raise KeyError
                register = marks.registers[sheet.keys.resolve(tidy_upn(key))]
                last_key = key
            slot = slots[row[day_place]] + halves[row[session_place]]
            byte = codes[row[code_place]]
            if len(row) > width and any(row[width:]):
                raise KeyError
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
                slots = _Slots(base or REFORM, marks.days)
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
        day = read_loose_day(row[day_place].strip()) if len(row) > day_place else None
        if day:
            marks.base = monday_of(day)
            return


def _read_slowly(sheet: Sheet, row: Sequence[str], number: int, marks: CohortMarks) -> None:
    """Take a row whose pupil, day or code has not been met before, and keep what is wrong with it."""
    if not any(row) or sheet.is_total(row) or sheet.is_footnote(row):
        return
    cells = [cell.strip() for cell in row]
    headings, width = sheet.headings, len(row)

    def cell(word: str) -> str:
        return cells[headings.places[word]] if headings.places[word] < width else ""

    key = marks.begin_row(sheet, number, row)
    if not key:
        return
    day, half = read_loose_day(cell("date")), read_half(cell("session"))
    if half == LESSON:
        marks.lessons[sheet.name] = marks.lessons.get(sheet.name, 0) + 1
        return
    if day is None:
        detail = "Enter a real date, for example 20/11/2026."
        marks.refuse(key, sheet.problem("not-a-date", detail, number, headings.heading_of("date")))
    if half is None:
        marks.refuse(key, sheet.problem("not-a-session", "Enter AM or PM.", number, headings.heading_of("session")))
    if day is None or half is None:
        return
    if cell("code"):
        marks.put(sheet, key, day, half, cell("code"), number, headings.heading_of("code"))
    elif not marks.days.is_after(day) and marks.days.is_school_day(day):
        _keep_missing_code(
            sheet, key, number, is_there=not sheet.is_delimited or headings.places["code"] < width, marks=marks
        )


def _keep_missing_code(sheet: Sheet, key: str, number: int, is_there: bool, marks: CohortMarks) -> None:
    """An empty code is a mark that nobody has taken; a row that ends before its code is a damaged one."""
    if is_there:
        marks.without_code[sheet.name] = marks.without_code.get(sheet.name, 0) + 1
        return
    detail = "This row ends before its code. Enter the code, or delete the row."
    marks.refuse(key, sheet.problem("no-code", detail, number, sheet.headings.heading_of("code")))

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
from service.cohort.row_counts import LeftOut, RowCount
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
    count, pupil, number, since = sheet.begin(sheet.count), "", 0, 1  # the first row of this pupil that is not counted
    for number, row in enumerate(sheet.open_rows(), 1):
        try:
            key = row[key_place]
            if key != last_key:
                if number <= sheet.heading_row or not key.strip() or is_by_name:
                    raise KeyError
                found = sheet.keys.resolve(tidy_upn(key))
                register = marks.registers[found]
                count.use(pupil, number - since)
                last_key, pupil, since = key, found, number
            slot = slots[row[day_place]] + halves[row[session_place]]
            byte = codes[row[code_place]]
            if len(row) > width and any(row[width:]):
                raise KeyError
            try:
                taken = register[slot]
            except IndexError:
                taken = _grow(register, slot)
            if taken:
                _see_again(taken, byte, count, pupil)
            register[slot] = byte
        except (KeyError, IndexError):
            count.use(pupil, number - since)
            if number > sheet.heading_row:
                _read_slowly(sheet, row, number, marks)
            if marks.base is not base:
                base = marks.base
                slots = _Slots(base or REFORM, marks.days)
            last_key, since = None, number + 1
    count.use(pupil, number + 1 - since)
    count.rows = number - sheet.headings.rows


def _see_again(taken: int, byte: int, count: RowCount, pupil: str) -> None:
    """Count a mark that an earlier row has too. Raises KeyError where the two differ."""
    if taken != byte:
        raise KeyError
    count.use(pupil, -1)
    count.leave_out(LeftOut.REPEATED)


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
    if why := sheet.why_left_out(row):
        sheet.count.leave_out(why)
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
        marks.leave_out_lessons(sheet, 1)
        marks.end_row(sheet, key, number)
        return
    if day is None:
        detail = "Enter a real date, for example 20/11/2026."
        marks.refuse(sheet, key, number, sheet.problem("not-a-date", detail, number, headings.heading_of("date")))
    if half is None:
        problem = sheet.problem("not-a-session", "Enter AM or PM.", number, headings.heading_of("session"))
        marks.refuse(sheet, key, number, problem)
    if day is None or half is None:
        return
    if cell("code"):
        marks.put(sheet, key, day, half, cell("code"), number, headings.heading_of("code"))
        marks.end_row(sheet, key, number)
        return
    is_told = not marks.days.is_after(day) and marks.days.is_school_day(day)
    if is_told and sheet.is_delimited and headings.places["code"] >= width:
        detail = "This row ends before its code. Enter the code, or delete the row."
        marks.refuse(sheet, key, number, sheet.problem("no-code", detail, number, headings.heading_of("code")))
        return
    sheet.count.leave_out(LeftOut.NO_CODE)
    if is_told:
        marks.without_code[sheet.name] = marks.without_code.get(sheet.name, 0) + 1

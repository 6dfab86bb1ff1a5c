"""What everybody of a school is decided with on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.attendance.record import AttendanceRecord
from service.attendance.register import Register
from service.attendance.wishes import NO_WISHES, Wishes
from service.cohort.holds.coverage import SchoolDays
from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions
from service.decisions.policy import Policy
from service.memory.memory import Memory, OpenSchool
from service.pupil import Pupil
from service.storage.registers_kept import read_everybodys


@dataclass(frozen=True, slots=True)
class Today:
    """The school, the policy and the day, what the school said once for everybody, and the days that marks should
    cover."""

    school: OpenSchool
    policy: Policy
    on: date
    assumptions: Assumptions
    days: SchoolDays

    def about(self, record: AttendanceRecord, wishes: Wishes = NO_WISHES) -> Pupil:
        """A pupil of the school, to decide about."""
        school = self.school
        return Pupil(record, school.school, self.policy, self.on, school.calendar, self.assumptions, wishes)


def open_day(
    memory: Memory, school: OpenSchool, policy: Policy, on: date, assumptions: Assumptions = NOTHING_ASSUMED
) -> Today:
    """A day at a school. Without a calendar everybody's marks are looked at to find the days of school."""
    registers = () if school.calendar.covers(on) else _registers(memory, school, on)
    return Today(school, policy, on, assumptions, SchoolDays(school.calendar, on, registers, school.school.marks_cover))


def _registers(memory: Memory, school: OpenSchool, on: date) -> Iterator[Register]:
    with memory.database.read() as connection:
        yield from read_everybodys(connection, school.id, on)

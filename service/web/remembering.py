"""What is remembered, for a request with a key: the pupil with everything that was sent and done."""

from __future__ import annotations

from service.attendance.reading.value_kinds import find_unusable
from service.attendance.record import AttendanceRecord
from service.memory.access.given_pupils import day_of_one, imagine
from service.memory.memory import Memory, OpenSchool
from service.memory.remembered import number_of, unknown_pupil
from service.memory.today import Today
from service.pupil import Pupil
from service.web.callers import caller
from service.web.requests import Asked


def pupil_of(asked: Asked, record: AttendanceRecord) -> Pupil:
    """A pupil to decide about; with a key, one whose record is joined with what the school's memory holds."""
    if not caller().remembers:
        return asked.pupil(record)
    return imagine(caller().memory(), today_of(asked), record)


def today_of(asked: Asked) -> Today:
    """The day that a request asks about, at the school of its key."""
    return day_of_one(caller().school(), asked.policy, asked.on, asked.calendar, asked.assumptions)


def number_here(pupil_reference: str) -> int:
    """The number of the pupil that an address names. Raises RequestError when the school has none."""
    if find_unusable(pupil_reference):
        raise unknown_pupil()
    return number_of(*here(), pupil_reference)


def here() -> tuple[Memory, OpenSchool]:
    """The memory, and the school that is asked for."""
    return caller().memory(), caller().school()

"""What people did and said about a pupil, written down together or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.attendance.calendar import monday_of
from service.attendance.reading.mark_lists import SESSIONS
from service.attendance.record import Event
from service.attendance.register import Register
from service.memory.memory import Memory, OpenSchool
from service.memory.reading_notes import NewMark, Notes
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.happened import add_event, add_hold, keep_answer, lift_holds
from service.storage.kept_marks import Days, Replaced, join_registers, replace_days
from service.storage.pupils_kept import raise_version
from service.storage.registers_kept import keep_register, note_corrections, read_registers
from service.storage.stored import RECORDED


@dataclass(frozen=True, slots=True)
class WrittenDown:
    """The event's number, by which it can be taken back (0: none), how many holds were lifted, what marks became."""

    number: int = 0
    lifted: int = 0
    marks: tuple[Replaced, ...] = ()


Also = Callable[[Connection, int], None]
"""What else is noted with what was written down, by the event's number."""


def write_down(
    memory: Memory, school: OpenSchool, pupil: int, notes: Notes, also: Also = lambda connection, number: None
) -> WrittenDown:
    """Write all of it down about a pupil, in one transaction."""
    with memory.database.write(school.id) as connection:
        number = _write_event(connection, school.id, pupil, notes.event) if notes.event else 0
        for answer in notes.answers:
            keep_answer(connection, school.id, pupil, answer.word, answer.given, answer.on)
            note(connection, school.id, "answer recorded", f"pupil {pupil}")
        marks = tuple(_write_mark(connection, school.id, pupil, mark) for mark in notes.marks)
        lifted = _lift(connection, school.id, pupil) if notes.lift else 0
        if notes.hold:
            add_hold(connection, school.id, pupil, notes.hold.until, notes.hold.why)
            note(connection, school.id, "letters held", f"pupil {pupil}")
        raise_version(connection, school.id, pupil)
        also(connection, number)
    return WrittenDown(number, lifted, marks)


def _write_event(connection: Connection, school: int, pupil: int, happened: Event) -> int:
    number = add_event(connection, school, pupil, happened, RECORDED)
    note(connection, school, "event recorded", f"event {number}")
    return number


def _lift(connection: Connection, school: int, pupil: int) -> int:
    lifted = lift_holds(connection, school, pupil)
    note(connection, school, "hold lifted", f"pupil {pupil}")
    return lifted


def _write_mark(connection: Connection, school: int, pupil: int, mark: NewMark) -> Replaced:
    """Change one mark; the next export that covers the day replaces it."""
    registers, given_on = read_registers(connection, school, pupil)
    kept = join_registers(registers)
    changed = replace_days(kept, _with_mark(kept, mark), Days(mark.day, mark.day))
    keep_register(connection, school, pupil, changed.register, given_on or mark.day)
    note_corrections(connection, school, pupil, changed.corrections)
    note(connection, school, "mark recoded", f"pupil {pupil}")
    return changed


def _with_mark(kept: Register | None, mark: NewMark) -> Register:
    """A register of one day: its marks as they are kept, but for one."""
    monday, day = monday_of(mark.day), mark.day
    marks = bytearray((day - monday).days * 2) + bytearray(kept.between(day, day).ljust(2, b"\0") if kept else bytes(2))
    marks[(day - monday).days * 2 + SESSIONS[mark.session]] = mark.byte
    return Register(monday, bytes(marks))

"""What people did and said about a pupil, written down: events, answers, holds and recoded marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from service.attendance.calendar import monday_of
from service.attendance.codes import read_code
from service.attendance.reading.mark_lists import SESSIONS, unknown_code
from service.attendance.reading.records import read_record
from service.attendance.record import Event
from service.attendance.register import Register
from service.attendance.words import FACTS, MEETING
from service.errors import Problem, RecordError, RequestError, did_you_mean
from service.memory.memory import Memory, OpenSchool
from service.storage.audit_chain import note
from service.storage.happened import add_event, add_hold, keep_answer, lift_holds
from service.storage.kept_marks import Days, Replaced, join_registers, replace_days
from service.storage.pupils_kept import raise_version
from service.storage.registers_kept import keep_register, note_corrections, read_registers
from service.storage.stored import RECORDED


def read_event(values: Mapping[str, str], events: frozenset[str]) -> Event:
    """The event that words mean: on, event, outcome, recipient, by, method, note.

    Raises RecordError with every fault, each under its word.
    """
    given = {word: value for word, value in values.items() if value}
    try:
        return read_record({"pupil_reference": "any", "history": [given]}, events=events).history[0]
    except RecordError as error:
        faults = (replace(item, pointer="", column=item.pointer.rsplit("/", 1)[-1]) for item in error.problems)
        raise RecordError(faults) from None


def record_event(memory: Memory, school: OpenSchool, pupil: int, happened: Event) -> int:
    """Write down what was done; the event's number, by which it can be taken back."""
    with memory.database.write(school.id) as connection:
        number = add_event(connection, school.id, pupil, happened, RECORDED)
        raise_version(connection, school.id, pupil)
        note(connection, school.id, "event recorded", f"event {number}")
    return number


def record_answer(memory: Memory, school: OpenSchool, pupil: int, word: str, given: str, on: date) -> None:
    """Write down an answer to a question. Raises RequestError when there is no such question or it is no answer."""
    value = given.strip().lower() if word in FACTS else given.strip()
    if word not in FACTS and word not in MEETING:
        sentence = f'"{word}" is not a question we ask.{did_you_mean(word, (*FACTS, *MEETING))}'
        raise _refuse("unknown-question", sentence)
    if word in FACTS and value not in ("yes", "no"):
        raise _refuse("not-yes-or-no", f"Answer yes or no: {FACTS[word].question}")
    with memory.database.write(school.id) as connection:
        keep_answer(connection, school.id, pupil, word, value, on)
        raise_version(connection, school.id, pupil)
        note(connection, school.id, "answer recorded", f"pupil {pupil}")


def hold_letters(memory: Memory, school: OpenSchool, pupil: int, until: date | None, why: str) -> None:
    """Write no letter about a pupil before a day, or until the hold is lifted. Raises RequestError without a reason."""
    if not why.strip():
        raise _refuse("no-reason", "Say why no letter may be written, with --why.")
    with memory.database.write(school.id) as connection:
        add_hold(connection, school.id, pupil, until, why.strip())
        raise_version(connection, school.id, pupil)
        note(connection, school.id, "letters held", f"pupil {pupil}")


def allow_letters(memory: Memory, school: OpenSchool, pupil: int) -> int:
    """Lift every hold on letters about a pupil; how many there were."""
    with memory.database.write(school.id) as connection:
        lifted = lift_holds(connection, school.id, pupil)
        raise_version(connection, school.id, pupil)
        note(connection, school.id, "hold lifted", f"pupil {pupil}")
    return lifted


def recode_mark(memory: Memory, school: OpenSchool, pupil: int, day: date, session: str, code: str) -> Replaced:
    """Change one mark as it was changed in the register; the next export that covers the day replaces it.

    Raises RequestError when it is no session or no register code.
    """
    if session not in SESSIONS:
        raise _refuse("not-a-session", "Name the session as AM or PM.")
    read = read_code(code, day)
    if read is None:
        raise _refuse("unknown-code", str(unknown_code(code)))
    with memory.database.write(school.id) as connection:
        registers, given_on = read_registers(connection, school.id, pupil)
        kept = join_registers(registers)
        given = _with_mark(kept, day, SESSIONS[session], read.byte)
        changed = replace_days(kept, given, Days(day, day))
        keep_register(connection, school.id, pupil, changed.register, given_on or day)
        note_corrections(connection, school.id, pupil, changed.corrections)
        raise_version(connection, school.id, pupil)
        note(connection, school.id, "mark recoded", f"pupil {pupil}")
    return changed


def _with_mark(kept: Register | None, day: date, half: int, byte: int) -> Register:
    """A register of one day: its marks as they are kept, but for one."""
    monday = monday_of(day)
    marks = bytearray((day - monday).days * 2) + bytearray(kept.between(day, day).ljust(2, b"\0") if kept else bytes(2))
    marks[(day - monday).days * 2 + half] = byte
    return Register(monday, bytes(marks))


def _refuse(code: str, sentence: str) -> RequestError:
    return RequestError(code, "This was not written down", Problem(code, sentence))

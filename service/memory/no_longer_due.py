"""Which issued letters a corrected register no longer asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from service.attendance.calendar import school_year_of
from service.attendance.register import Register
from service.decisions.decide import decide
from service.memory.memory import Memory, OpenSchool
from service.memory.once_for_all import read_assumptions
from service.storage.issued import list_written, read_decision
from service.storage.kept_marks import join_registers
from service.storage.packing import unpack
from service.storage.registers_kept import read_registers
from service.storage.stored import StoredLetter


@dataclass(frozen=True, slots=True)
class NoLongerDue:
    """An issued letter, and what would be decided for its day with the marks as they are now ("": no letter)."""

    letter: StoredLetter
    now: str


def find_no_longer_due(memory: Memory, school: OpenSchool, pupils: Collection[int], on: date) -> list[NoLongerDue]:
    """The letters of this school year that would not be due on their days with the marks as they are now.

    Each is decided again from the record it was decided from, with nothing but the marks changed.
    """
    return list(_find(memory, school, pupils, on))


def _find(memory: Memory, school: OpenSchool, pupils: Collection[int], on: date) -> Iterator[NoLongerDue]:
    with memory.database.read() as connection:
        seen = set()
        for letter in list_written(connection, school.id, pupils, school_year_of(on)):
            kept = read_decision(connection, school.id, letter.decision)
            if kept is None or letter.event in seen or kept.policy not in memory.desk.policies:
                continue
            seen.add(letter.event)
            registers, _ = read_registers(connection, school.id, letter.pupil)
            marks = _until(join_registers(registers), letter.day)
            record = replace(unpack(kept.record), register=marks)
            policy, assumptions = memory.desk.policies[kept.policy], read_assumptions(kept.assumptions)
            decision = decide(record, policy, letter.day, school.calendar, assumptions)
            if decision.letter != letter.letter:
                yield NoLongerDue(letter, decision.letter)


def _until(register: Register | None, day: date) -> Register | None:
    return register.until(day) if register else None

"""An export -> memory: pupils, contacts, registers and history; says what changed.

Pupils are kept some at a time, so that nobody waits long; an import that was stopped is completed by doing it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from service.attendance.holding.holds import without_standing_holds
from service.attendance.record import AttendanceRecord, Event
from service.cohort.join import Cohort
from service.cohort.pupil_row import PupilRow
from service.memory.export_days import find_days
from service.memory.joining import complete, find_same, is_outranked
from service.memory.known_pupils import KnownPupils
from service.memory.memory import Memory, OpenSchool, with_stored
from service.storage.database import Connection
from service.storage.happened import add_event, complete_event, list_events
from service.storage.kept_marks import Correction, Days, join_registers, replace_days
from service.storage.pupils_kept import (
    KnownPupil,
    add_pupil,
    change_pupil,
    keep_contacts,
    know_history,
    list_known,
    raise_version,
    read_own_words,
    set_gone,
    with_holds_kept,
)
from service.storage.registers_kept import keep_register, note_corrections, read_registers
from service.storage.schools import keep_calendar
from service.storage.stored import IMPORTED
from service.storage.uploads import note_upload

TOGETHER = 50


@dataclass(slots=True)
class TakenIn:
    """What an import changed. Pupils are named by their keys; `refused` are rows that could not be used."""

    school: OpenSchool
    pupils: int = 0
    ids: list[int] = field(default_factory=list)
    """The numbers of the pupils that were taken in, in the order of the export."""
    new: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    gone: list[KnownPupil] = field(default_factory=list)
    marks_added: int = 0
    corrected: dict[int, tuple[str, tuple[Correction, ...]]] = field(default_factory=dict)
    """For each pupil's number: the key, and the marks that are other than before."""
    events_added: int = 0
    history_unknown: int = 0
    """Pupils of whom nobody has said what was sent to them before."""
    without_marks: int = 0
    """Pupils who have marks in memory and none in this export; theirs are kept."""
    refused: list[PupilRow] = field(default_factory=list)


def take_in(memory: Memory, school: OpenSchool, cohort: Cohort, on: date, name: str = "") -> TakenIn:
    """Take an export of a day into memory; `name` is its hash.

    Words and marks of an export that is older than what is known only fill what is missing.
    """
    days = find_days(cohort)
    with memory.database.write(school.id) as connection:
        school = with_stored(school, keep_calendar(connection, school.stored, cohort.calendar))
        known = KnownPupils(list_known(connection, school.id))
    taken = TakenIn(school)
    rows = iter(cohort.pupils)
    while some := list(islice(rows, TOGETHER)):
        with memory.database.write(school.id) as connection:
            for row in some:
                take_row(connection, taken, known, row, days, on)
    with memory.database.write(school.id) as connection:
        taken.gone = known.find_gone()
        set_gone(connection, school.id, [pupil.id for pupil in taken.gone], on)
        _note_counts(connection, taken, on, name)
    return taken


def take_row(
    connection: Connection, taken: TakenIn, known: KnownPupils, row: PupilRow, days: Days | None, on: date
) -> None:
    """Take one pupil of an export in, within a write of the school; `days` are those that its marks cover."""
    before = known.match(row.record) if row.record else None
    words = read_own_words(connection, taken.school.id, before.id) if before else None
    problems = row.problems if row.record is None else known.find_conflict(row)
    if words and not problems:
        problems = known.find_other_child(row, words)
    if row.record is None or problems:
        known.see(row.key, None)
        taken.refused.append(PupilRow(row.number, row.file, row.key, None, tuple(problems), row.table))
        return
    taken.pupils += 1
    record = without_standing_holds(with_holds_kept(row.record, words) if words else row.record)
    pupil = _keep_words(connection, taken, record, before, on)
    if known.is_history_known(row.record):
        know_history(connection, taken.school.id, pupil)
    else:
        taken.history_unknown += 1
    known.see(row.key, row.record, pupil, on)
    taken.ids.append(pupil)
    _keep_marks(connection, taken, pupil, row.record, days, on)
    _keep_history(connection, taken, pupil, row.record.history)
    raise_version(connection, taken.school.id, pupil)


def _keep_words(
    connection: Connection, taken: TakenIn, record: AttendanceRecord, before: KnownPupil | None, on: date
) -> int:
    school = taken.school.id
    if before is None:
        pupil = add_pupil(connection, school, record, on)
        keep_contacts(connection, school, pupil, record.contacts)
        taken.new.append(record.key)
        return pupil
    if before.gone_on:
        taken.back.append(record.key)
    if on >= before.given_on:
        change_pupil(connection, school, before.id, record, on)
        keep_contacts(connection, school, before.id, record.contacts)
    return before.id


def _keep_marks(
    connection: Connection, taken: TakenIn, pupil: int, record: AttendanceRecord, days: Days | None, on: date
) -> None:
    school = taken.school.id
    kept, given_on = read_registers(connection, school, pupil)
    if record.register is None or days is None:
        taken.without_marks += bool(kept)
        return
    changed = replace_days(join_registers(kept), record.register, days, given_on is None or on >= given_on)
    if not changed.added and not changed.corrections:
        return
    keep_register(connection, school, pupil, changed.register, max(on, given_on or on))
    note_corrections(connection, school, pupil, changed.corrections)
    taken.marks_added += changed.added
    if changed.corrections:
        taken.corrected[pupil] = (record.key, changed.corrections)


def _keep_history(connection: Connection, taken: TakenIn, pupil: int, brought: Sequence[Event]) -> None:
    if not brought:
        return
    school = taken.school.id
    stored = list_events(connection, school, pupil)
    for event in brought:
        same = find_same(event, (item for item in stored if item.counts))
        if same:
            if (whole := complete(same.event, event)) != same.event:
                complete_event(connection, school, same.id, whole)
        elif not is_outranked(event, None, stored):
            add_event(connection, school, pupil, event, IMPORTED)
            taken.events_added += 1


def _note_counts(connection: Connection, taken: TakenIn, on: date, name: str) -> None:
    counts = {
        "pupils": taken.pupils,
        "new": len(taken.new),
        "gone": len(taken.gone),
        "marks added": taken.marks_added,
        "marks corrected": sum(len(marks) for _, marks in taken.corrected.values()),
        "events": taken.events_added,
        "refused": len(taken.refused),
    }
    note_upload(connection, taken.school.id, on, name, counts)

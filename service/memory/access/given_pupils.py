"""A pupil as a request brings one: taken in before a letter is issued, or thought of as if taken in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from service.attendance.calendar import SchoolCalendar
from service.attendance.holding.holds import without_standing_holds
from service.attendance.record import AttendanceRecord
from service.cohort.holds.coverage import SchoolDays
from service.cohort.pupil_row import PupilRow
from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions
from service.decisions.policy import Policy
from service.errors import RecordError
from service.memory.export_days import days_of
from service.memory.joining import find_same, is_outranked, join_record
from service.memory.known_pupils import KnownPupils
from service.memory.memory import Memory, OpenSchool, with_stored
from service.memory.taking_in import TakenIn, take_row
from service.memory.today import Today
from service.memory.wishing.read_wishes import wishes_of
from service.pupil import Pupil
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.kept_marks import replace_days
from service.storage.pupils_kept import list_named, read_own_words, with_holds_kept, with_warnings
from service.storage.schools import keep_calendar, with_calendar
from service.storage.stored import IMPORTED, StoredEvent, StoredPupil
from service.storage.whole_pupils import read_pupil


def day_of_one(
    school: OpenSchool, policy: Policy, on: date, given: SchoolCalendar, assumptions: Assumptions = NOTHING_ASSUMED
) -> Today:
    """A day at a school, to decide about single pupils; nobody else's marks are looked at."""
    school = with_stored(school, with_calendar(school.stored, given))
    days = SchoolDays(school.calendar, on, (), school.school.marks_cover)
    return Today(school, policy, on, assumptions, days)


def take_one(memory: Memory, today: Today, record: AttendanceRecord) -> int:
    """The number of a pupil, who is remembered from now on as the record says; the same record again changes nothing.

    Raises RecordError when the UPN is one pupil's and the reference another's, or both were another child's.
    """
    school, on = today.school, today.on
    row = PupilRow(1, "", record.key, record)
    with memory.database.write(school.id) as connection:
        keep_calendar(connection, school.stored, school.calendar)
        known = _find_known(connection, school, row)
        stored = _read(connection, school, known, record, on)
        if stored and stored == _as_if_taken(stored, record, on):
            return stored.id
        days = days_of(record.register) if record.register else None
        take_row(connection, TakenIn(school), known, row, days, on)
        found = known.match(record)
        assert found  # noqa: S101  # it was just taken in
        note(connection, school.id, "pupil taken in", f"pupil {found.id}")
    return found.id


def imagine(memory: Memory, today: Today, record: AttendanceRecord) -> Pupil:
    """The pupil as one would be decided about after the record was taken in; nothing is written.

    Raises RecordError when the UPN is one pupil's and the reference another's, or both were another child's.
    """
    with memory.database.read() as connection:
        known = _find_known(connection, today.school, PupilRow(1, "", record.key, record))
        stored = _read(connection, today.school, known, record, today.on)
    before = stored or StoredPupil(0, "", 0, replace(record, history=(), register=None), today.on, None)
    joined = join_record(_as_if_taken(before, record, today.on), today.on, today.days)
    return today.about(joined, wishes_of(before))


def _find_known(connection: Connection, school: OpenSchool, row: PupilRow) -> KnownPupils:
    record = row.record
    assert record  # noqa: S101  # a row is made of a record here
    known = KnownPupils(list_named(connection, school.id, record.upn, record.pupil_reference))
    problems, found = known.find_conflict(row), known.match(record)
    if found and not problems:
        problems = known.find_other_child(row, read_own_words(connection, school.id, found.id))
    if problems:
        raise RecordError(replace(problem, row=None, pointer="/upn") for problem in problems)
    return known


def _read(
    connection: Connection, school: OpenSchool, known: KnownPupils, record: AttendanceRecord, on: date
) -> StoredPupil | None:
    found = known.match(record)
    return read_pupil(connection, school.id, found.id, on) if found else None


def _as_if_taken(stored: StoredPupil, record: AttendanceRecord, on: date) -> StoredPupil:
    """What would be stored of a pupil after a record was taken in."""
    is_newer = on >= stored.given_on
    given = without_standing_holds(with_holds_kept(record, stored.record))
    words, register = given if is_newer else stored.record, stored.record.register
    before = {person.name.casefold(): person for person in stored.record.contacts}
    contacts = (with_warnings(person, before.get(person.name.casefold(), person)) for person in words.contacts)
    words = replace(words, contacts=tuple(contacts))
    if record.register:
        register = replace_days(register, record.register, days_of(record.register), is_newer).register
    is_known = record.history_known or stored.record.history_known
    return replace(
        stored,
        record=replace(words, register=register, history=(), history_known=is_known),
        given_on=max(on, stored.given_on),
        gone_on=None if is_newer else stored.gone_on,
        events=(*stored.events, *_new_events(stored, record)),
    )


def _new_events(stored: StoredPupil, record: AttendanceRecord) -> list[StoredEvent]:
    counting = [item for item in stored.events if item.counts]
    return [
        StoredEvent(0, event, IMPORTED)
        for event in record.history
        if not find_same(event, counting) and not is_outranked(event, None, stored.events)
    ]

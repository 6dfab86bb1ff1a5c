"""Deletes what has been kept as long as the settings say, and says how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from service.attendance.calendar import school_year_of
from service.attendance.school import School
from service.memory.access.doing_once import forget_old_answers
from service.memory.hooks.webhooks import forget_old_deliveries
from service.memory.looking.uploaded import A_DAY, forget_all_uploaded
from service.memory.memory import Memory, OpenSchool
from service.memory.people.signing_in import forget_old_sign_ins
from service.settings import Settings
from service.storage.approval.approvals_kept import delete_approvals
from service.storage.audit_chain import note
from service.storage.batched.batches_kept import delete_batches
from service.storage.database import Connection
from service.storage.pupil_rows import delete_about, forget_files
from service.storage.retention import (
    delete_events,
    delete_letters,
    delete_registers,
    delete_uploads,
    find_forgotten,
)


class YearsKept(NamedTuple):
    """How many school years letters, history and registers are kept after their own."""

    letters: int
    history: int
    registers: int


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows of each kind were deleted."""

    batches: int
    letters: int
    events: int
    registers: int
    uploads: int
    pupils: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.batches + self.letters + self.events + self.registers + self.uploads + self.pupils


def purge(memory: Memory, school: OpenSchool, on: date) -> Purged:
    """Delete what a school has kept long enough on a day: batches, letters, history, registers, pupils gone.

    Uploads that nobody took in go after a day; sessions, links and failed sign-ins when they are over.
    """
    forget_all_uploaded(memory, school.id, A_DAY)
    with memory.database.write(school.id) as connection:
        purged, files = _delete(connection, school.id, years_kept(memory.desk.settings, school.school), on)
        forget_old_answers(connection, school.id)
        forget_old_deliveries(connection, school.id)
        forget_old_sign_ins(connection)
        if purged.total:
            note(connection, school.id, "purged", f"school {school.id}")
    for name in files:
        memory.files.delete(school.id, name)
    if purged.total:
        memory.database.clean()
    return purged


def years_kept(settings: Settings, school: School) -> YearsKept:
    """How many school years a school keeps things after their own: as it says, else as the service does."""
    asked = (settings.keep_letters, settings.keep_history, settings.keep_registers)
    return YearsKept(*(school.keep.get(word, usual) for word, usual in zip(YearsKept._fields, asked, strict=True)))


def first_kept(on: date, years: int) -> date:
    """The first day that is kept: this school year's, and so many years before it."""
    year = school_year_of(on)
    return year.replace(year=year.year - years)


def _delete(connection: Connection, school: int, kept: YearsKept, on: date) -> tuple[Purged, list[str]]:
    exports = delete_batches(connection, school, first_kept(on, kept.letters))
    letters = delete_letters(connection, school, first_kept(on, kept.letters))
    files = forget_files(connection, school, {*letters, *filter(None, exports)})
    events = delete_events(connection, school, first_kept(on, kept.history))
    delete_approvals(connection, school, first_kept(on, kept.letters))
    registers = delete_registers(connection, school, first_kept(on, kept.registers).year)
    uploads = delete_uploads(connection, school, first_kept(on, kept.letters))
    forgotten = find_forgotten(connection, school, first_kept(on, kept.letters))
    for pupil in forgotten:
        files += delete_about(connection, school, pupil)
    return Purged(len(exports), len(letters), events, registers, uploads, len(forgotten)), files

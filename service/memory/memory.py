"""The desk with its memory: the database and the files, opened once, and the schools in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from service.attendance.calendar import SchoolCalendar, reckon_post
from service.attendance.school import School, read_school
from service.desk import Desk
from service.did_you_mean import did_you_mean
from service.errors import Problem, RequestError
from service.storage.database import SERVICE, Database, open_database
from service.storage.file_store import FileStore, open_files
from service.storage.schools import IMPLICIT, StoredSchool, add_school, find_school, list_schools, read_school_row

COMMAND, THIS_MACHINE = "command", "this machine"
"""Who is neither a person nor a key: a command, and a program of this machine that asks without one."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that is opened once for every school."""

    desk: Desk
    database: Database
    files: FileStore

    def acting_for(self, who: str) -> Memory:
        """The same memory, in whose audit somebody else is noted: a word and a number, never a name."""
        return replace(self, database=self.database.acting_for(who))

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.desk.settings.data


@dataclass(frozen=True, slots=True)
class OpenSchool:
    """A school that is remembered, with its words and choices."""

    stored: StoredSchool
    school: School

    @property
    def id(self) -> int:
        """The school's number in every row."""
        return self.stored.id

    @property
    def calendar(self) -> SchoolCalendar:
        """The school's calendar as far as it is known."""
        return self.stored.calendar

    @property
    def postal_calendar(self) -> SchoolCalendar:
        """The calendar, by which the school's own letters are so many days in the post."""
        return reckon_post(self.calendar, self.school.days_in_post)


@contextmanager
def open_memory(desk: Desk, who: str = SERVICE) -> Iterator[Memory]:
    """The memory that the settings name, made when there is none, acting for `who`.

    Raises SettingsError when it cannot be opened.
    """
    settings = desk.settings
    files = open_files(settings.files, settings.data)
    database = open_database(settings.database, settings.data)
    try:
        yield Memory(desk, database.acting_for(who), files)
    finally:
        database.close()


def open_school(memory: Memory, key: str = "") -> OpenSchool:
    """The school with a key; without one, the only school there is, which is made when there is none.

    Raises RequestError when there is no such school, or several and none was named.
    """
    with memory.database.read() as connection:
        known = list_schools(connection)
    if key:
        found = next((stored for stored in known if stored.key == key), None)
        if found is None:
            names = [stored.key for stored in known]
            sentence = f'There is no school "{key}".{did_you_mean(key, names)}'
            raise RequestError("unknown-school", "Which school?", Problem("unknown-school", sentence))
        return _open(memory, found)
    if len(known) > 1:
        sentence = f"Name the school with --at: {', '.join(stored.key for stored in known)}."
        raise RequestError("no-school", "Which school?", Problem("no-school", sentence))
    return _open(memory, known[0] if known else _make_implicit(memory))


def school_of_number(memory: Memory, number: int) -> OpenSchool:
    """The school with a number, which is known to be there."""
    with memory.database.read() as connection:
        return _open(memory, read_school_row(connection, number))


def open_schools(memory: Memory) -> list[OpenSchool]:
    """Every school, in the order of their keys."""
    with memory.database.read() as connection:
        known = list_schools(connection)
    return [_open(memory, stored) for stored in known]


def with_stored(school: OpenSchool, stored: StoredSchool) -> OpenSchool:
    """The same school as it is stored now."""
    return replace(school, stored=stored)


def logo_folder(memory: Memory, school: int) -> Path:
    """Where a school's logo is kept: no secret, and wanted as a file."""
    return memory.data / "logos" / str(school)


def _open(memory: Memory, stored: StoredSchool) -> OpenSchool:
    if stored.settings is None:
        return OpenSchool(stored, memory.desk.school())
    return OpenSchool(stored, read_school(stored.settings, folder=logo_folder(memory, stored.id)))


def _make_implicit(memory: Memory) -> StoredSchool:
    with memory.database.write() as connection:
        return find_school(connection, IMPLICIT) or add_school(connection, IMPLICIT, None)

"""The schools of this deployment: their settings as school.toml has them, and their calendars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Row, insert, select, update

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.storage.packing import pack, unpack
from service.storage.schema import UtcNow, school

IMPLICIT = "school"
"""The key of the one school that nobody had to add."""


@dataclass(frozen=True, slots=True)
class StoredSchool:
    """A school: its key, the settings of its school.toml (None: those of the service), and its calendar."""

    id: int
    key: str
    settings: dict[str, object] | None
    calendar: SchoolCalendar


def list_schools(connection: Connection) -> list[StoredSchool]:
    """Every school, in the order of their keys."""
    return [_read(row) for row in connection.execute(select(school).order_by(school.c.key))]


def find_school(connection: Connection, key: str) -> StoredSchool | None:
    """The school with a key."""
    row = connection.execute(select(school).where(school.c.key == key)).one_or_none()
    return None if row is None else _read(row)


def add_school(connection: Connection, key: str, settings: dict[str, object] | None) -> StoredSchool:
    """A new school."""
    words = {"key": key, "document": _write(settings), "added_at": UtcNow(), "changed_at": UtcNow()}
    made = connection.execute(insert(school).values(**words).returning(school.c.id)).scalar_one()
    return StoredSchool(made, key, settings, SchoolCalendar())


def change_school(connection: Connection, number: int, settings: dict[str, object]) -> None:
    """Other settings for a school."""
    words = {"document": _write(settings), "changed_at": UtcNow()}
    connection.execute(update(school).where(school.c.id == number).values(**words))


def keep_calendar(connection: Connection, stored: StoredSchool, given: SchoolCalendar) -> StoredSchool:
    """A school with a calendar that was given: what it says replaces what was known of the days from its first term to
    its last."""
    if not given.is_known:
        return stored
    first, last = given.terms[0].first, given.terms[-1].last
    kept = [entry for entry in stored.calendar.entries if entry.last < first or entry.first > last]
    calendar = SchoolCalendar(tuple(sorted((*kept, *given.entries), key=lambda entry: (entry.first, entry.last))))
    words = {"calendar": pack(_lines(calendar.entries)), "changed_at": UtcNow()}
    connection.execute(update(school).where(school.c.id == stored.id).values(**words))
    return replace(stored, calendar=calendar)


def _lines(entries: Iterable[CalendarEntry]) -> list[list[object]]:
    return [[entry.first, entry.last, entry.is_term, entry.name] for entry in entries]


def _write(settings: dict[str, object] | None) -> str:
    return "" if settings is None else pack(settings)


def _read(row: Row[tuple[object, ...]]) -> StoredSchool:
    settings = unpack(row.document) if row.document else None
    entries = unpack(row.calendar) if row.calendar else ()
    return StoredSchool(row.id, row.key, settings, SchoolCalendar(tuple(CalendarEntry(*line) for line in entries)))

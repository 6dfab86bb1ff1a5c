"""Events of a pupil's history, answers to questions, and holds, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.attendance.record import Event
from service.storage.schema import UtcNow, answer, event, hold, of_school
from service.storage.stored import StoredEvent
from service.storage.tables.numbered_rows import add_numbered

EVENT = tuple(event.c[word] for word in "day event outcome recipient by method note period_start period_end".split())
STORED_EVENT = (
    event.c.pupil,
    event.c.id,
    *EVENT,
    *(event.c[word] for word in "source noted_at reversed_at reversed_by reversed_why".split()),
)
"""What `read_event` reads, in its order: by place, because a school has very many events."""
_LAST = 2 + len(EVENT)


def add_event(connection: Connection, school: int, pupil: int, happened: Event, source: str) -> int:
    """A new event of a pupil's history."""
    return add_events(connection, school, [(pupil, happened)], source)[0]


def add_events(connection: Connection, school: int, happened: Sequence[tuple[int, Event]], source: str) -> list[int]:
    """New events, each with the pupil to whose history it belongs; their numbers."""
    words = []
    for pupil, one in happened:
        told = {word: getattr(one, word) for word in Event.__dataclass_fields__}
        words.append({"school": school, "pupil": pupil, "source": source, "day": told.pop("on"), **told})
    return add_numbered(connection, event, words)


def list_events(connection: Connection, school: int, pupil: int) -> list[StoredEvent]:
    """A pupil's history in the order in which it happened, what was taken back included."""
    query = select(*STORED_EVENT).where(of_school(event, school), event.c.pupil == pupil)
    return [read_event(row) for row in connection.execute(query.order_by(event.c.day, event.c.id))]


def complete_event(connection: Connection, school: int, number: int, whole: Event) -> None:
    """Fill in the details of an event that only a later account of it has."""
    words = {word: getattr(whole, word) for word in ("outcome", "by", "method", "note", "period_start", "period_end")}
    connection.execute(update(event).where(of_school(event, school), event.c.id == number).values(**words))


def find_event(connection: Connection, school: int, number: int) -> tuple[int, StoredEvent] | None:
    """An event by its number, with its pupil."""
    query = select(*STORED_EVENT).where(of_school(event, school), event.c.id == number)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.pupil, read_event(row))


def reverse_event(connection: Connection, school: int, number: int, by: str, why: str) -> bool:
    """Take an event back; False when it was taken back already."""
    query = update(event).where(of_school(event, school), event.c.id == number, event.c.reversed_at == "")
    return connection.execute(query.values(reversed_at=UtcNow(), reversed_by=by, reversed_why=why)).rowcount == 1


def keep_answer(connection: Connection, school: int, pupil: int, word: str, given: str, day: date) -> None:
    """The latest answer to a question about a pupil."""
    same = (of_school(answer, school), answer.c.pupil == pupil, answer.c.word == word)
    connection.execute(delete(answer).where(*same))
    words = {"school": school, "pupil": pupil, "word": word, "answer": given, "day": day, "noted_at": UtcNow()}
    connection.execute(insert(answer).values(**words))


def add_hold(connection: Connection, school: int, pupil: int, until: date | None, why: str) -> None:
    """A reason not to write to a pupil's family."""
    words = {"school": school, "pupil": pupil, "until": until, "why": why, "noted_at": UtcNow()}
    connection.execute(insert(hold).values(**words))


def lift_holds(connection: Connection, school: int, pupil: int) -> int:
    """Allow letters again; how many holds there were."""
    query = update(hold).where(of_school(hold, school), hold.c.pupil == pupil, hold.c.lifted_at == "")
    return connection.execute(query.values(lifted_at=UtcNow())).rowcount


def read_event(row: Sequence[Any]) -> StoredEvent:
    """The event of a row of STORED_EVENT."""
    return StoredEvent(row[1], Event(*row[2:_LAST]), *row[_LAST:])

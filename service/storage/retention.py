"""Deletes what has been kept long enough."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, delete, exists, select

from service.storage.schema import (
    addressee,
    answer,
    decision,
    dispatch,
    event,
    hold,
    letter,
    of_school,
    pupil,
    register,
    upload,
)
from service.storage.wishes.wishes_kept import delete_old


def delete_letters(connection: Connection, school: int, before: date) -> list[str]:
    """Delete the letters of days before a day, and the decisions they came from; the hashes of their files."""
    old = (of_school(letter, school), letter.c.day < before)
    files = list(connection.execute(select(letter.c.file).where(*old)).scalars())
    numbers = select(letter.c.id).where(*old)
    connection.execute(delete(addressee).where(of_school(addressee, school), addressee.c.written.in_(numbers)))
    connection.execute(delete(dispatch).where(of_school(dispatch, school), dispatch.c.written.in_(numbers)))
    connection.execute(delete(letter).where(*old))
    delete_old(connection, school, before)
    is_needed = exists().where(letter.c.decision == decision.c.id)
    connection.execute(delete(decision).where(of_school(decision, school), decision.c.day < before, ~is_needed))
    return files


def delete_events(connection: Connection, school: int, before: date) -> int:
    """Delete events of days before a day, unless a letter that is kept belongs to them; and holds that were lifted."""
    is_needed = exists().where(letter.c.event == event.c.id)
    old = delete(event).where(of_school(event, school), event.c.day < before, ~is_needed)
    count = connection.execute(old).rowcount
    lifted = delete(hold).where(of_school(hold, school), hold.c.lifted_at != "", hold.c.lifted_at < before.isoformat())
    connection.execute(lifted)
    connection.execute(delete(answer).where(of_school(answer, school), answer.c.day < before))
    return count


def delete_registers(connection: Connection, school: int, before: int) -> int:
    """Delete the registers of school years that began before a year."""
    return connection.execute(delete(register).where(of_school(register, school), register.c.year < before)).rowcount


def delete_uploads(connection: Connection, school: int, before: date) -> int:
    """Delete the notes about exports of days before a day."""
    return connection.execute(delete(upload).where(of_school(upload, school), upload.c.given_on < before)).rowcount


def find_forgotten(connection: Connection, school: int, before: date) -> list[int]:
    """The pupils who are gone since before a day and of whom nothing else is kept."""
    kept = [exists().where(table.c.pupil == pupil.c.id) for table in (register, event, letter)]
    query = select(pupil.c.id).where(of_school(pupil, school), pupil.c.gone_on < before, *(~item for item in kept))
    return list(connection.execute(query.order_by(pupil.c.id)).scalars())

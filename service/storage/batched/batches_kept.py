"""Batches as rows: added, read, and moved from one state to the next, each move guarded by the state before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.storage.batched.batch_values import StoredBatch
from service.storage.schema import UtcNow, batch, batch_row, chunk, of_school

_WORDS = [batch.c[word] for word in StoredBatch.__dataclass_fields__]


def add_batch(connection: Connection, school: int, state: str, **words: Any) -> int:
    """A new batch; its number, which is never used again."""
    query = insert(batch).values(school=school, state=state, added_at=UtcNow(), **words)
    return int(connection.execute(query.returning(batch.c.id)).scalar_one())


def read_batch(connection: Connection, school: int, number: int) -> StoredBatch | None:
    """A batch by its number."""
    row = connection.execute(select(*_WORDS).where(of_school(batch, school), batch.c.id == number)).one_or_none()
    return None if row is None else StoredBatch(*row)


def list_batches(connection: Connection, school: int, states: Iterable[str] = ()) -> list[StoredBatch]:
    """The batches of a school, the latest first; with states, those in one of them."""
    query = select(*_WORDS).where(of_school(batch, school)).order_by(batch.c.id.desc())
    wanted = tuple(states)
    found = connection.execute(query.where(batch.c.state.in_(wanted)) if wanted else query)
    return [StoredBatch(*row) for row in found]


def page_batches(connection: Connection, school: int, before: int, most: int) -> list[StoredBatch]:
    """The batches of a school that began before the one with a number, the latest first."""
    query = select(*_WORDS).where(of_school(batch, school), batch.c.id < before)
    return [StoredBatch(*row) for row in connection.execute(query.order_by(batch.c.id.desc()).limit(most))]


def move_batch(
    connection: Connection, school: int, number: int, to: str, since: Iterable[str], moment: str = "", **words: Any
) -> bool:
    """Move a batch to another state; False when it is in none of the states from which that can be done.

    `moment` is the column that notes the time of the move.
    """
    noted = {moment: UtcNow()} if moment else {}
    query = update(batch).where(of_school(batch, school), batch.c.id == number, batch.c.state.in_(tuple(since)))
    return connection.execute(query.values(state=to, **noted, **words)).rowcount == 1


def change_batch(connection: Connection, school: int, number: int, **words: Any) -> None:
    """Other words for a batch, whatever its state."""
    connection.execute(update(batch).where(of_school(batch, school), batch.c.id == number).values(**words))


def delete_batches(connection: Connection, school: int, before: date) -> list[str]:
    """Delete the batches of days before a day, with their rows and chunks; the letters stay.

    The files of the exports that were never understood come back, one for each of those batches.
    """
    old = (of_school(batch, school), batch.c.day < before)
    exports = list(connection.execute(select(batch.c.export).where(*old)).scalars())
    for table in (batch_row, chunk):
        numbers = select(batch.c.id).where(*old)
        connection.execute(delete(table).where(of_school(table, school), table.c.batch.in_(numbers)))
    connection.execute(delete(batch).where(*old))
    return exports

"""Work of any school: a worker works for all of them, and asks for nothing but numbers and who has claimed what."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select, update

from service.storage.batched.batch_values import CLAIMED, OPEN
from service.storage.batched.claims import is_free
from service.storage.schema import chunk


def find_claimable(connection: Connection, batch: int = 0) -> tuple[int, int] | None:
    """The school and the number of a chunk that can be claimed, of any school: a worker works for all of them."""
    query = select(chunk.c.school, chunk.c.id).where(is_free())
    query = query.where(chunk.c.batch == batch) if batch else query
    row = connection.execute(query.order_by(chunk.c.id).limit(1).with_for_update(skip_locked=True)).first()
    return None if row is None else (row.school, row.id)


def find_oldest(connection: Connection) -> str:
    """Since when the oldest chunk, of any school, that nobody works on has been waiting; "" for none."""
    query = select(func.min(chunk.c.changed_at)).where(is_free(), chunk.c.changed_at != "")
    return connection.execute(query).scalar() or ""


def free_owners(connection: Connection, gone: Collection[str]) -> int:
    """Let others have what was claimed by owners of any school that are known to have ended; how many chunks."""
    query = update(chunk).where(chunk.c.state == CLAIMED, chunk.c.owner.in_(tuple(gone)))
    return connection.execute(query.values(state=OPEN)).rowcount


def list_owners(connection: Connection) -> set[str]:
    """Everybody who has claimed something, of any school."""
    return set(connection.execute(select(chunk.c.owner).where(chunk.c.state == CLAIMED).distinct()).scalars())

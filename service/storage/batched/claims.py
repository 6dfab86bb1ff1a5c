"""Chunks of a batch: claimed by one owner at a time, fenced against the owner before, split when poisonous.

A claim raises the chunk's attempt. Whoever finishes a chunk says owner and attempt: when somebody else has claimed it
meanwhile, nothing changes and the work is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from service.storage.batched.batch_values import CLAIMED, DONE, ISSUE, OPEN, Chunk
from service.storage.database import moment
from service.storage.schema import UtcLater, UtcNow, chunk, of_school

LEASE_SECONDS = 60
_WORDS = [chunk.c[word] for word in Chunk.__dataclass_fields__]


def add_chunks(connection: Connection, school: int, batch: int, step: str, numbers: Iterable[int], size: int) -> int:
    """Chunks for the rows with these numbers, in their order; how many there are."""
    known = list(numbers)
    parts = [known[place : place + size] for place in range(0, len(known), size)]
    common = {"school": school, "batch": batch, "step": step, "state": OPEN, "changed_at": moment(connection)}
    if parts:
        connection.execute(insert(chunk), [{**common, "first": part[0], "last": part[-1]} for part in parts])
    return len(parts)


def claim(connection: Connection, school: int, number: int, owner: str, lease: int = LEASE_SECONDS) -> Chunk | None:
    """Claim a chunk for some seconds; None when somebody else was first."""
    query = update(chunk).where(of_school(chunk, school), chunk.c.id == number, is_free())
    query = query.values(
        state=CLAIMED,
        owner=owner,
        attempt=chunk.c.attempt + 1,
        tries=chunk.c.tries + 1,
        lease=UtcLater(lease),
        begun_at=UtcNow(),
        changed_at=UtcNow(),
    )
    row = connection.execute(query.returning(*_WORDS)).one_or_none()
    return None if row is None else Chunk(*row)


def is_free() -> ColumnElement[bool]:
    """Nobody's, or its lease is over. A lease that ends too far ahead was given before the clock was set back."""
    is_over = or_(chunk.c.lease <= UtcNow(), chunk.c.lease > UtcLater(24 * LEASE_SECONDS))
    return or_(chunk.c.state == OPEN, and_(chunk.c.state == CLAIMED, is_over))


def renew(connection: Connection, mine: Chunk, lease: int = LEASE_SECONDS) -> bool:
    """Keep a chunk for some seconds more; False when somebody else has claimed it meanwhile."""
    return (
        connection.execute(
            update(chunk).where(of_school(chunk, mine.school), _is_mine(mine)).values(lease=UtcLater(lease))
        ).rowcount
        == 1
    )


def finish_chunk(connection: Connection, mine: Chunk) -> bool:
    """Note that a chunk is done; False when somebody else has claimed it meanwhile."""
    query = update(chunk).where(of_school(chunk, mine.school), _is_mine(mine)).values(state=DONE, changed_at=UtcNow())
    return connection.execute(query).rowcount == 1


def give_back(connection: Connection, mine: Chunk, was_tried: bool = False) -> bool:
    """Let others have a chunk; when it was not even tried, that does not count against it."""
    words = {"state": OPEN, "tries": mine.tries if was_tried else mine.tries - 1}
    return (
        connection.execute(update(chunk).where(of_school(chunk, mine.school), _is_mine(mine)).values(**words)).rowcount
        == 1
    )


def is_issuing(connection: Connection, school: int) -> bool:
    """Whether somebody issues letters of a school, whose files may be there before anything knows of them.

    Whoever let a lease come to its end is fenced out by this, and counts no more.
    """
    claimed = (of_school(chunk, school), chunk.c.step == ISSUE, chunk.c.state == CLAIMED)
    fence = update(chunk).where(*claimed, is_free()).values(state=OPEN, attempt=chunk.c.attempt + 1)
    connection.execute(fence)
    return connection.execute(select(chunk.c.id).where(*claimed).limit(1)).first() is not None


def _is_mine(mine: Chunk) -> ColumnElement[bool]:
    same = (chunk.c.id == mine.id, chunk.c.owner == mine.owner, chunk.c.attempt == mine.attempt)
    return and_(chunk.c.state == CLAIMED, *same)


def split_chunk(connection: Connection, mine: Chunk) -> bool:
    """Two halves in place of a chunk that ended its owners again and again; False when it is somebody else's."""
    if not finish_chunk(connection, mine):
        return False
    middle = (mine.first + mine.last) // 2
    for first, last in ((mine.first, middle), (middle + 1, mine.last)):
        words = {"school": mine.school, "batch": mine.batch, "step": mine.step, "first": first, "last": last}
        connection.execute(insert(chunk).values(**words, state=OPEN, changed_at=UtcNow()))
    return True


def drop_chunks(connection: Connection, school: int, batch: int) -> int:
    """Nothing more is to be done for a batch: whoever works on it throws the work away; how many chunks were left."""
    query = update(chunk).where(of_school(chunk, school), chunk.c.batch == batch, chunk.c.state != DONE)
    return connection.execute(query.values(state=DONE, attempt=chunk.c.attempt + 1)).rowcount


def steps_left(connection: Connection, school: int, batch: int) -> set[str]:
    """The steps of a batch of which something is still to be done."""
    query = select(chunk.c.step).where(of_school(chunk, school), chunk.c.batch == batch, chunk.c.state != DONE)
    return set(connection.execute(query.distinct()).scalars())

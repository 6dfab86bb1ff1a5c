"""The rows of a batch: one for each pupil, with what was shown of it and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, func, insert, literal, select, update

from service.storage.batched.batch_values import DUE, WAITING, BatchRow
from service.storage.schema import UtcNow, batch_row, of_school, pupil

TOGETHER = 1000
_PLAIN = [batch_row.c[word] for word in BatchRow.__dataclass_fields__ if word != "shown"]


def add_rows(connection: Connection, school: int, batch: int, pupils: Sequence[int]) -> int:
    """A row for each pupil, numbered from 1; how many there are."""
    common = {"school": school, "batch": batch, "state": WAITING}
    for place in range(0, len(pupils), TOGETHER):
        some = enumerate(pupils[place : place + TOGETHER], place + 1)
        connection.execute(insert(batch_row), [{**common, "number": number, "pupil": pupil} for number, pupil in some])
    return len(pupils)


def add_unusable(
    connection: Connection, school: int, batch: int, number: int, shown: Sequence[bytes], state: str
) -> None:
    """A row for each row of the export that could not be used, numbered from a number on."""
    common = {"school": school, "batch": batch, "state": state}
    rows = [{**common, "number": place, "shown": content} for place, content in enumerate(shown, number)]
    if rows:
        connection.execute(insert(batch_row), rows)


def read_rows(
    connection: Connection,
    school: int,
    batch: int,
    states: Iterable[str] = (),
    between: tuple[int, int] | None = None,
    with_shown: bool = False,
) -> list[BatchRow]:
    """The rows of a batch in their order: those in one of the states, between two numbers."""
    query = _select(school, batch, with_shown)
    if wanted := tuple(states):
        query = query.where(batch_row.c.state.in_(wanted))
    if between:
        query = query.where(batch_row.c.number.between(*between))
    return [BatchRow(*row) for row in connection.execute(query)]


def stream_rows(connection: Connection, school: int, batch: int) -> Iterator[BatchRow]:
    """Every row of a batch with what was shown, in their order, some hundreds at a time."""
    last = 0
    while True:
        query = _select(school, batch, with_shown=True).where(batch_row.c.number > last).limit(TOGETHER)
        found = [BatchRow(*row) for row in connection.execute(query)]
        if not found:
            return
        yield from found
        last = found[-1].number


def page_rows(
    connection: Connection, school: int, batch: int, state: str, after: int, most: int
) -> list[tuple[BatchRow, str, str]]:
    """The rows after the one with a number, each with its pupil's reference and UPN; with a state, those in it."""
    words = [*_PLAIN, batch_row.c.shown, pupil.c.reference, pupil.c.upn]
    query = select(*words).outerjoin(pupil, pupil.c.id == batch_row.c.pupil)
    later = batch_row.c.number > literal(after, BigInteger)  # whoever asks may name more than a row's number holds
    query = query.where(of_school(batch_row, school), batch_row.c.batch == batch, later)
    query = query.where(batch_row.c.state == state) if state else query
    found = connection.execute(query.order_by(batch_row.c.number).limit(most))
    return [(BatchRow(*row[:-2]), row[-2] or "", row[-1] or "") for row in found]


def _select(school: int, batch: int, with_shown: bool) -> Any:
    words = [*_PLAIN, batch_row.c.shown] if with_shown else _PLAIN
    return select(*words).where(of_school(batch_row, school), batch_row.c.batch == batch).order_by(batch_row.c.number)


def keep_rows(connection: Connection, school: int, batch: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Other words for some rows, each with its `number`; all name the same words."""
    if not rows:
        return
    words = [word for word in rows[0] if word != "number"]
    query = update(batch_row).where(
        of_school(batch_row, school), batch_row.c.batch == batch, batch_row.c.number == bindparam("of_number")
    )
    query = query.values({**{word: bindparam(f"new_{word}") for word in words}, "changed_at": UtcNow()})
    connection.execute(
        query, [{"of_number": row["number"], **{f"new_{word}": row[word] for word in words}} for row in rows]
    )


def change_states(connection: Connection, school: int, batch: int, since: Iterable[str], to: str) -> int:
    """Move every row that is in one of some states to another; how many there were."""
    query = update(batch_row).where(
        of_school(batch_row, school), batch_row.c.batch == batch, batch_row.c.state.in_(tuple(since))
    )
    return connection.execute(query.values(state=to, changed_at=UtcNow())).rowcount


def count_rows(connection: Connection, school: int, batch: int) -> dict[str, int]:
    """How many rows of a batch are in each state."""
    query = select(batch_row.c.state, func.count()).where(of_school(batch_row, school), batch_row.c.batch == batch)
    return {row[0]: row[1] for row in connection.execute(query.group_by(batch_row.c.state))}


def count_letters(connection: Connection, school: int, batch: int) -> dict[tuple[str, str], int]:
    """How many rows of a batch are in each state, for each letter's label."""
    words = (batch_row.c.state, batch_row.c.label)
    query = select(*words, func.count()).where(of_school(batch_row, school), batch_row.c.batch == batch)
    return {(state, label): count for state, label, count in connection.execute(query.group_by(*words))}


def find_row(connection: Connection, school: int, batch: int, pupil: int) -> BatchRow | None:
    """The row about a pupil."""
    row = connection.execute(_select(school, batch, with_shown=False).where(batch_row.c.pupil == pupil)).one_or_none()
    return None if row is None else BatchRow(*row)


def seen_of(connection: Connection, school: int, batch: int) -> str:
    """The hash of everything that a release would issue: each row that is due, and what was shown of it."""
    words = (batch_row.c.number, batch_row.c.hash)
    query = select(*words).where(of_school(batch_row, school), batch_row.c.batch == batch, batch_row.c.state == DUE)
    hashed = hashlib.sha256()
    for number, name in connection.execute(query.order_by(batch_row.c.number)):
        hashed.update(f"{number} {name}\n".encode())
    return hashed.hexdigest()

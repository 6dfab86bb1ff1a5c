"""Figures of the work of all schools together, for whoever watches the service: counts and times, nobody's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from service.storage.batched.batch_values import DONE
from service.storage.database import moment
from service.storage.schema import batch, batch_row, chunk, letter


class StepTime(NamedTuple):
    """How many chunks of a step are done, and how many seconds they took together."""

    step: str
    chunks: int
    seconds: float


def count_batches(connection: Connection) -> dict[str, int]:
    """How many batches are in each state."""
    found = connection.execute(select(batch.c.state, func.count()).group_by(batch.c.state))
    return {row[0]: row[1] for row in found}


def count_all_rows(connection: Connection) -> dict[str, int]:
    """How many rows of batches are in each state."""
    found = connection.execute(select(batch_row.c.state, func.count()).group_by(batch_row.c.state))
    return {row[0]: row[1] for row in found}


def count_kept_letters(connection: Connection) -> dict[str, int]:
    """How many letters that are kept are in each state."""
    found = connection.execute(select(letter.c.state, func.count()).group_by(letter.c.state))
    return {row[0]: row[1] for row in found}


def age_of_oldest(connection: Connection) -> float:
    """For how many seconds the oldest chunk that is not done was not begun anew; 0 where all are done."""
    query = select(func.min(chunk.c.changed_at)).where(chunk.c.state != DONE, chunk.c.changed_at != "")
    since = connection.execute(query).scalar()
    return max(0.0, _seconds(since, moment(connection))) if since else 0.0


def time_steps(connection: Connection) -> Iterator[StepTime]:
    """The time that each step took, over all chunks that are kept."""
    query = select(chunk.c.step, chunk.c.begun_at, chunk.c.changed_at)
    query = query.where(chunk.c.state == DONE, chunk.c.begun_at != "", chunk.c.changed_at >= chunk.c.begun_at)
    times: dict[str, list[float]] = {}
    for step, begun, done in connection.execute(query):
        times.setdefault(step, []).append(_seconds(begun, done))
    for step, seconds in sorted(times.items()):
        yield StepTime(step, len(seconds), sum(seconds))


def _seconds(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()

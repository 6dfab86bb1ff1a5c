"""Many new rows with numbers that are known before: one statement for all, where a database that tells the numbers
afterwards needs one for each row (SQLite), or the more time the more rows there are (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from service.storage.tables.columns import UtcNow


def add_numbered(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """New rows, noted at this moment, within a write; their numbers."""
    if not rows:
        return []
    numbers = _next_numbers(connection, table, len(rows))
    words = [{"id": number, **row} for number, row in zip(numbers, rows, strict=True)]
    connection.execute(insert(table).values(noted_at=UtcNow()), words)
    return numbers


def _next_numbers(connection: Connection, table: Table, count: int) -> list[int]:
    if connection.dialect.name == "sqlite":  # nobody else writes meanwhile
        last = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return list(range(last + 1, last + 1 + count))
    number = func.nextval(func.pg_get_serial_sequence(table.name, table.c.id.name))
    query = select(number).select_from(func.generate_series(1, count))
    return [row[0] for row in connection.execute(query)]

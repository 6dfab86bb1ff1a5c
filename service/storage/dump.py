"""All rows of the database as lines of text, the same from either database, and back."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, Engine, LargeBinary, MetaData, Table, delete, func, insert, select, text

from service.storage.database import Database, open_plain
from service.storage.migrate import bring_up_to_date
from service.storage.schema import metadata

TOGETHER = 500
TABLES = tuple(table.name for table in metadata.sorted_tables)


def dump_table(connection: Connection, name: str) -> Iterator[bytes]:
    """Every row of a table, one a line."""
    table = metadata.tables[name]
    for row in connection.execute(select(table).order_by(table.c.id)).mappings():
        yield json.dumps({word: _plain(value) for word, value in row.items()}, ensure_ascii=False).encode() + b"\n"


def open_dumped(path: Path, version: str, lines_of: Callable[[str], Iterable[bytes]]) -> Database:
    """A database of this program in a new SQLite file, from the lines of one of an earlier or the same version."""
    database = open_plain(path)
    bring_up_to_date(database.engine, version)
    for table in _tables_of(database.engine):
        rows = (_read(table, line) for line in lines_of(table.name))
        with database.write() as connection:
            _insert(connection, table, rows)
    bring_up_to_date(database.engine)
    return database


def replace_rows(source: Connection, target: Connection) -> None:
    """All rows of one database in place of those of another, within the transactions that are given."""
    for table in reversed(metadata.sorted_tables):
        target.execute(delete(table))
    for table in metadata.sorted_tables:
        _insert(target, table, (dict(row) for row in source.execute(select(table)).mappings()))
        if target.dialect.name == "postgresql":
            highest = target.execute(select(func.max(table.c.id))).scalar() or 0
            sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest, :is_used)")
            target.execute(sequence, {"name": table.name, "highest": max(highest, 1), "is_used": highest > 0})


def _tables_of(engine: Engine) -> list[Table]:
    known = MetaData()
    known.reflect(engine)
    return [table for table in known.sorted_tables if table.name in TABLES]


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) >= TOGETHER:
            connection.execute(insert(table), waiting)
            waiting = []
    if waiting:
        connection.execute(insert(table), waiting)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _read(table: Table, line: bytes) -> dict[str, Any]:
    return {word: _rich(table.c[word].type, value) for word, value in json.loads(line).items()}


def _rich(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return b64decode(value) if isinstance(kind, LargeBinary) else value

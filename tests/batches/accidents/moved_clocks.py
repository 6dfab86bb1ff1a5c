"""The clock of a database, set forward and back while the machine's own goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from service.memory.memory import Memory

_OWN = """
CREATE SCHEMA moved;
CREATE TABLE moved.by (seconds integer);
INSERT INTO moved.by VALUES (0);
CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT pg_catalog.clock_timestamp() + (SELECT seconds FROM moved.by) * interval ''1 second''';
"""


class Clock:
    """A database's clock; `set` moves it from the true time."""

    def __init__(self, memory: Memory, url: str) -> None:
        self.database, self.url, self.seconds = memory.database, url, 0
        if url:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(_OWN)
                name = connection.info.dbname
                connection.execute(f"ALTER DATABASE {name} SET search_path = moved, public, pg_catalog")
        else:
            event.listen(self.database.engine, "connect", self._prepare)
        self.database.close()  # connections from now on go by it

    def set(self, seconds: int) -> None:
        """So many seconds from the true time."""
        before = self.database.now()
        self.seconds, since = seconds, self.seconds
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("UPDATE moved.by SET seconds = %s", [seconds])
        assert (self.database.now() > before) == (seconds > since), "the clock was not moved"

    def _prepare(self, connection: sqlite3.Connection, _record: Any) -> None:
        def strftime(*words: str) -> str:
            with closing(sqlite3.connect(":memory:")) as true:
                asked = (*words, f"{self.seconds} seconds")
                return str(true.execute(f"SELECT strftime({', '.join('?' * len(asked))})", asked).fetchone()[0])

        connection.create_function("strftime", -1, strftime)


@contextmanager
def moved_clock(memory: Memory, url: str) -> Iterator[Clock]:
    """A database's clock while a test moves it."""
    clock = Clock(memory, url)
    try:
        yield clock
    finally:
        memory.database.close()

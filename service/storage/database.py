"""Opens the database, SQLite or PostgreSQL, and begins its transactions.

A write holds the school's lock from its beginning (SQLite: the whole file's), so that what it reads stays true.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Connection  # what every other room knows of SQLAlchemy
from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from service.errors import Problem, SettingsError
from service.storage.migrate import bring_up_to_date
from service.storage.schema import UtcNow
from service.storage.schema import school as school_table

BUSY_SECONDS = 60
"""How long a write waits for the writes before it."""
FILE = "memory.sqlite3"


class Database:
    """The open database; `read` and `write` begin its transactions."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writing = engine.execution_options(writes=True)
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = engine.execution_options(**options)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A look at one moment; nothing that is written meanwhile is seen."""
        with self._reading.begin() as connection:
            yield connection

    @contextmanager
    def write(self, school: int | None = None) -> Iterator[Connection]:
        """A change that happens whole or not at all, alone among those of its school."""
        with self._writing.begin() as connection:
            if not self.is_sqlite and school is not None:
                row = school_table.c.id == school
                connection.execute(select(school_table.c.id).where(row).with_for_update())
            yield connection

    def now(self) -> str:
        """The database's own time, in UTC."""
        with self.read() as connection:
            return str(connection.execute(select(UtcNow())).scalar_one())

    def clean(self) -> None:
        """Leave no trace of deleted rows in the database's files."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not self.is_sqlite:
                connection.execute(text("VACUUM (FULL)"))
                return
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
        if busy:
            sentence = "Somebody is reading the database, so its log still holds what was deleted. Try again."
            raise SettingsError(Problem("database-busy", sentence), "The database could not be cleaned")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str, data: Path) -> Database:
    """The database of a URL, or the SQLite file of the data folder when it is empty; made and brought up to date.

    Raises SettingsError when it cannot be reached, or is newer than this program.
    """
    engine = _open_other(url) if url else _open_sqlite(data / FILE)
    database = Database(engine)
    try:
        bring_up_to_date(database.engine)
    except OperationalError as error:
        database.close()
        sentence = "The database cannot be reached. Check the setting DATABASE, and that the database is running."
        raise SettingsError(Problem("no-database", sentence, column="DATABASE")) from error
    return database


def _open_other(url: str) -> Engine:
    try:
        made = make_url(url)
    except ArgumentError:
        made = None
    if made is None or made.get_backend_name() not in ("postgresql", "postgres"):
        sentence = "Write the database as postgresql://user@host/name, or leave it empty for SQLite in the data folder."
        raise SettingsError(Problem("wrong-setting", sentence, column="DATABASE"))
    return create_engine(made.set(drivername="postgresql+psycopg"), pool_pre_ping=True)


def _open_sqlite(path: Path) -> Engine:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    """Nothing is lost by a power cut, nothing deleted stays in the file, and transactions begin as we say."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    is_write = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")

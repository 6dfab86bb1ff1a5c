"""Opens the database, SQLite or PostgreSQL, and begins its transactions.

A write holds the school's lock from its beginning (SQLite: the whole file's), so that what it reads stays true.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Connection  # what every other room knows of SQLAlchemy
from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from service.errors import Problem, RequestError, SettingsError
from service.storage.migrate import bring_up_to_date
from service.storage.schema import UtcNow
from service.storage.schema import school as school_table

BUSY_SECONDS = 60
"""How long a write waits for the writes before it."""
GONE_SECONDS = 30
"""After so long without a word in the middle of a write PostgreSQL takes its writer for gone and lets others write."""
SILENT = {"connect_timeout": 10, "tcp_user_timeout": 30_000} | {
    f"keepalives_{word}": number for word, number in (("idle", 10), ("interval", 5), ("count", 3))
}
"""When we take PostgreSQL for gone, unless DATABASE says otherwise: a network that is cut closes no connection."""
FILE = "memory.sqlite3"
SERVICE = "service"
"""For whom a write acts where nobody says: the service's own processes."""
TROUBLES = {
    "disk is full": "The disk is full. Make room, then try again.",
    "No space left": "The database's disk is full. Make room, then try again.",
    "locked": f"Others have been writing for more than {BUSY_SECONDS} seconds. Try again.",
    "": "Check that the database is running, then try again.",
}
"""What to say about trouble with the database, by words of its own."""


class Database:
    """The open database; `read` and `write` begin its transactions, which act for `who` (a word and a number)."""

    def __init__(self, engine: Engine, who: str = SERVICE) -> None:
        self.engine, self.who = engine, who
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writing = engine.execution_options(writes=True, who=who)
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = engine.execution_options(**options)

    def acting_for(self, who: str) -> Database:
        """The same database, whose writes are noted as done by somebody else."""
        return Database(self.engine, who)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A look at one moment; nothing that is written meanwhile is seen."""
        with _said(), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def write(self, school: int | None = None) -> Iterator[Connection]:
        """A change that happens whole or not at all, alone among those of its school."""
        with _said(), self._writing.begin() as connection:
            if not self.is_sqlite:
                _write_on_postgresql(connection, school)
            yield connection

    def now(self) -> str:
        """The database's own time, in UTC."""
        with self.read() as connection:
            return moment(connection)

    def clean(self) -> None:
        """Leave no trace of deleted rows in the database's files."""
        if not self.is_sqlite:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM (FULL)"))
            return
        with _said(), closing(self.engine.raw_connection()) as connection:
            own: Any = connection.driver_connection
            own.execute("VACUUM")
            busy = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            sentence = "Somebody is reading the database, so its log still holds what was deleted. Try again."
            raise RequestError("database-busy", "The database was not cleaned", Problem("database-busy", sentence))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _write_on_postgresql(connection: Connection, school: int | None) -> None:
    """Take the school's lock, and let go of it when our machine is cut off: nobody closes its connection then."""
    connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{GONE_SECONDS}s'")
    if school is not None:
        row = school_table.c.id == school
        connection.execute(select(school_table.c.id).where(row).with_for_update())


def acts_for(connection: Connection) -> str:
    """For whom a write acts."""
    return str(connection.get_execution_options().get("who", SERVICE))


def moment(connection: Connection) -> str:
    """The database's own time within a transaction, in UTC."""
    return str(connection.execute(select(UtcNow())).scalar_one())


@contextmanager
def _said() -> Iterator[None]:
    """A database that cannot go on is said in a sentence: nothing was half done."""
    try:
        yield
    except (DBAPIError, sqlite3.OperationalError) as error:
        if isinstance(error, DBAPIError) and not (isinstance(error, OperationalError) or error.connection_invalidated):
            raise  # a fault of ours
        sentence = next((told for words, told in TROUBLES.items() if words in str(error)), TROUBLES[""])
        title = "The database could not do this, and nothing was changed"
        raise RequestError("database-trouble", title, Problem("database-trouble", sentence)) from error


def open_database(url: str, data: Path) -> Database:
    """The database of a URL, or the SQLite file of the data folder when it is empty; made and brought up to date.

    Raises SettingsError when it cannot be reached, or is newer than this program.
    """
    database = Database(_open_other(url)) if url else open_plain(data / FILE)
    try:
        bring_up_to_date(database.engine)
    except SettingsError:
        database.close()
        raise
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
    silent = {word: value for word, value in SILENT.items() if word not in made.query}
    return create_engine(made.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args=silent)


def open_plain(path: Path) -> Database:
    """The SQLite database of a file as it is, made when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return Database(engine)


def _prepare(connection: Any, _record: Any) -> None:
    """Nothing is lost by a power cut, nothing deleted stays in the file, and transactions begin as we say."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    is_write = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")

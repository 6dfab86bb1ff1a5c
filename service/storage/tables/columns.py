"""What every table is made of: kinds of columns, the database's own clock, and the condition that every query takes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    literal,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
Id = BigInteger().with_variant(Integer, "sqlite")
Time = String(30)


class UtcNow(FunctionElement[str]):
    """The database's own time in UTC, as "2026-11-20T09:30:00.123Z"."""

    type = String()
    inherit_cache = True


class UtcLater(FunctionElement[str]):
    """The database's own time so many seconds from now."""

    type = String()
    inherit_cache = True

    def __init__(self, seconds: int) -> None:
        super().__init__(literal(seconds, Integer))


@compiles(UtcNow, "sqlite")
def _now_sqlite(_element: Any, _compiler: Any, **_words: Any) -> str:
    return "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"


@compiles(UtcNow, "postgresql")
def _now_postgresql(_element: Any, _compiler: Any, **_words: Any) -> str:
    return "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"


@compiles(UtcLater, "sqlite")
def _later_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%fZ', 'now', {compiler.process(element.clauses, **words)} || ' seconds')"


@compiles(UtcLater, "postgresql")
def _later_postgresql(element: Any, compiler: Any, **words: Any) -> str:
    moment = f"clock_timestamp() + {compiler.process(element.clauses, **words)} * interval '1 second'"
    return f"to_char(({moment}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"


def of_school(table: Table, school: int) -> ColumnElement[bool]:
    """The rows of one school: the condition that every query takes."""
    return table.c.school == school


def id_column() -> Column[int]:
    """A row's own number."""
    return Column("id", Id, primary_key=True)


def school_column() -> Column[int]:
    """The school that a row belongs to."""
    return Column("school", Id, ForeignKey("school.id"), nullable=False)


def pupil_column() -> Column[int]:
    """The pupil that a row is about."""
    return Column("pupil", Id, ForeignKey("pupil.id"), nullable=False)


def number_column(name: str, default: int = 0) -> Column[int]:
    """A whole number."""
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


def words_column(name: str, longest: int = 0) -> Column[str]:
    """A text; "" when there is none."""
    return Column(name, String(longest) if longest else Text(), nullable=False, server_default=text("''"))


def time_column(name: str) -> Column[str]:
    """A moment, as a UTC text; "" when there is none."""
    return Column(name, Time, nullable=False, server_default=text("''"))

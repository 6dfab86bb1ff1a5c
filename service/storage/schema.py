"""The tables. Every row but a school's belongs to one school; times are UTC texts from the database's own clock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

HEAD = "v4"
"""The migration that makes these tables."""

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


@compiles(UtcNow, "sqlite")
def _now_sqlite(_element: Any, _compiler: Any, **_words: Any) -> str:
    return "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"


@compiles(UtcNow, "postgresql")
def _now_postgresql(_element: Any, _compiler: Any, **_words: Any) -> str:
    return "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"


def of_school(table: Table, school: int) -> ColumnElement[bool]:
    """The rows of one school: the condition that every query takes."""
    return table.c.school == school


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def _school() -> Column[int]:
    return Column("school", Id, ForeignKey("school.id"), nullable=False)


def _pupil() -> Column[int]:
    return Column("pupil", Id, ForeignKey("pupil.id"), nullable=False)


def _number(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


def _words(name: str, longest: int = 0) -> Column[str]:
    return Column(name, String(longest) if longest else Text(), nullable=False, server_default=text("''"))


def _time(name: str) -> Column[str]:
    return Column(name, Time, nullable=False, server_default=text("''"))


school = Table(
    "school",
    metadata,
    _id(),
    _words("key", 40),
    _words("document"),
    _words("calendar"),
    _number("audit_count"),
    _words("audit_hash", 64),
    _time("added_at"),
    _time("changed_at"),
    Index("uq_school_key", "key", unique=True),
    sqlite_autoincrement=True,
)
pupil = Table(
    "pupil",
    metadata,
    _id(),
    _school(),
    _words("token", 32),
    _words("upn", 100),
    _words("reference", 100),
    _words("year_group", 100),
    _words("registration_group", 100),
    _words("words"),
    Column("given_on", Date, nullable=False),
    Column("gone_on", Date),
    _number("version"),
    _number("history_known"),
    Index("uq_pupil_token", "token", unique=True),
    Index(
        "uq_pupil_upn", "school", "upn", unique=True, sqlite_where=text("upn <> ''"), postgresql_where=text("upn <> ''")
    ),
    Index(
        "uq_pupil_reference",
        "school",
        "reference",
        unique=True,
        sqlite_where=text("reference <> ''"),
        postgresql_where=text("reference <> ''"),
    ),
    sqlite_autoincrement=True,
)
contact = Table(
    "contact",
    metadata,
    _id(),
    _school(),
    _pupil(),
    _number("number"),
    _words("name"),
    _words("words"),
    Index("ix_contact_pupil", "school", "pupil"),
    sqlite_autoincrement=True,
)
register = Table(
    "register",
    metadata,
    _id(),
    _school(),
    _pupil(),
    _number("year"),
    Column("start", Date, nullable=False),
    Column("marks", LargeBinary, nullable=False),
    Column("given_on", Date, nullable=False),
    Index("uq_register_year", "school", "pupil", "year", unique=True),
)
correction = Table(
    "correction",
    metadata,
    _id(),
    _school(),
    _pupil(),
    Column("day", Date, nullable=False),
    _words("session", 2),
    _words("before", 4),
    _words("after", 4),
    _time("noted_at"),
    Index("ix_correction_pupil", "school", "pupil"),
)
event = Table(
    "event",
    metadata,
    _id(),
    _school(),
    _pupil(),
    Column("day", Date, nullable=False),
    _words("event", 60),
    _words("outcome", 30),
    _words("recipient"),
    _words("by"),
    _words("method"),
    _words("note"),
    _words("source", 10),
    _time("noted_at"),
    _time("reversed_at"),
    _words("reversed_by"),
    _words("reversed_why"),
    Index("ix_event_pupil", "school", "pupil"),
)
answer = Table(
    "answer",
    metadata,
    _id(),
    _school(),
    _pupil(),
    _words("word", 60),
    _words("answer"),
    Column("day", Date, nullable=False),
    _time("noted_at"),
    Index("uq_answer_word", "school", "pupil", "word", unique=True),
)
hold = Table(
    "hold",
    metadata,
    _id(),
    _school(),
    _pupil(),
    Column("until", Date),
    _words("why"),
    _time("noted_at"),
    _time("lifted_at"),
    Index("ix_hold_pupil", "school", "pupil"),
)
upload = Table(
    "upload",
    metadata,
    _id(),
    _school(),
    Column("given_on", Date, nullable=False),
    _words("hash", 64),
    _words("counts"),
    _time("noted_at"),
    Index("ix_upload_school", "school"),
)
file = Table(
    "file",
    metadata,
    _id(),
    _school(),
    _words("hash", 64),
    _number("size"),
    _words("media_type", 100),
    _time("noted_at"),
    Index("uq_file_hash", "school", "hash", unique=True),
)
decision = Table(
    "decision",
    metadata,
    _id(),
    _school(),
    _pupil(),
    Column("day", Date, nullable=False),
    _words("policy", 60),
    _words("fingerprint", 64),
    _words("outcome", 20),
    Column("record", LargeBinary, nullable=False),
    Column("reasons", LargeBinary, nullable=False),
    _time("noted_at"),
    _words("assumptions"),
    Index("ix_decision_pupil", "school", "pupil"),
)
letter = Table(
    "letter",
    metadata,
    _id(),
    _school(),
    _pupil(),
    Column("decision", Id, ForeignKey("decision.id"), nullable=False),
    Column("event", Id, ForeignKey("event.id"), nullable=False),
    Column("day", Date, nullable=False),
    _words("letter", 60),
    _words("label"),
    _words("occasion", 60),
    _words("recipient", 60),
    _words("reference", 20),
    _words("template", 64),
    Column("words", LargeBinary, nullable=False),
    _words("file", 64),
    _words("state", 10),
    _time("noted_at"),
    Index("ix_letter_pupil", "school", "pupil"),
    Index("ix_letter_file", "school", "file"),
    Index("ix_letter_reference", "school", "reference"),
)
addressee = Table(
    "addressee",
    metadata,
    _id(),
    _school(),
    _pupil(),
    Column("written", Id, ForeignKey("letter.id"), nullable=False),
    _words("person", 20),
    _words("letter", 60),
    _words("occasion", 60),
    _number("is_freed"),
    Index("ix_addressee_written", "school", "written"),
    Index(
        "uq_addressee_once",
        "school",
        "pupil",
        "person",
        "letter",
        "occasion",
        unique=True,
        sqlite_where=text("is_freed = 0"),
        postgresql_where=text("is_freed = 0"),
    ),
)
audit = Table(
    "audit",
    metadata,
    _id(),
    _school(),
    _number("number"),
    _time("noted_at"),
    _words("what", 40),
    _words("subject", 80),
    _words("details", 64),
    _words("previous", 64),
    _words("hash", 64),
    Index("uq_audit_number", "school", "number", unique=True),
)
erasure = Table(
    "erasure",
    metadata,
    _id(),
    _school(),
    _words("token", 32),
    _time("noted_at"),
    Index("uq_erasure_token", "school", "token", unique=True),
)
OF_PUPIL = (addressee, letter, decision, event, answer, hold, correction, register, contact)
"""The tables whose rows are about one pupil, in the order in which they can be deleted."""

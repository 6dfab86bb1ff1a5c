"""The tables. Every row but a school's belongs to one school; times are UTC texts from the database's own clock."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, Table, text

from service.storage.tables.access_tables import HERE_ONLY as HERE_ONLY
from service.storage.tables.access_tables import api_key as api_key
from service.storage.tables.access_tables import kept_answer as kept_answer
from service.storage.tables.approval_tables import approval as approval
from service.storage.tables.batch_tables import batch as batch
from service.storage.tables.batch_tables import batch_row as batch_row
from service.storage.tables.batch_tables import chunk as chunk
from service.storage.tables.columns import Id
from service.storage.tables.columns import UtcLater as UtcLater
from service.storage.tables.columns import UtcNow as UtcNow
from service.storage.tables.columns import id_column as _id
from service.storage.tables.columns import metadata as metadata
from service.storage.tables.columns import number_column as _number
from service.storage.tables.columns import of_school as of_school
from service.storage.tables.columns import pupil_column as _pupil
from service.storage.tables.columns import school_column as _school
from service.storage.tables.columns import time_column as _time
from service.storage.tables.columns import words_column as _words
from service.storage.tables.hook_tables import delivery as delivery
from service.storage.tables.hook_tables import webhook as webhook
from service.storage.tables.people_tables import person as person
from service.storage.tables.people_tables import role as role
from service.storage.tables.wish_tables import wish as wish

HEAD = "v16"
"""The migration that makes these tables."""

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
    Column("period_start", Date),
    Column("period_end", Date),
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
    Index("ix_letter_day", "school", "day"),
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
dispatch = Table(
    "dispatch",
    metadata,
    _id(),
    _school(),
    _pupil(),
    Column("written", Id, ForeignKey("letter.id"), nullable=False),
    _words("step", 10),
    _words("how", 10),
    Column("day", Date, nullable=False),
    _words("by", 20),
    _number("is_undone"),
    _time("noted_at"),
    Index("ix_dispatch_pupil", "school", "pupil"),
    Index("ix_dispatch_written", "school", "written"),
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
    _words("who", 30),
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
OF_PUPIL = (
    *(batch_row, kept_answer, approval, dispatch, addressee, letter, wish, decision),
    *(event, answer, hold, correction, register, contact),
)
"""The tables whose rows are about one pupil, in the order in which they can be deleted."""

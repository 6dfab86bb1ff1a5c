"""The table of letters that wait for a signatory, and of what the signatory said."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Table, text

from service.storage.tables.columns import (
    id_column,
    metadata,
    number_column,
    pupil_column,
    school_column,
    time_column,
    words_column,
)

approval = Table(
    "approval",
    metadata,
    id_column(),
    school_column(),
    pupil_column(),
    Column("day", Date, nullable=False),
    words_column("letter", 60),
    words_column("label"),
    number_column("is_named"),
    words_column("meeting"),
    words_column("asked_by", 20),
    number_column("asker"),
    time_column("asked_at"),
    words_column("state", 10),
    words_column("settled_by", 20),
    time_column("settled_at"),
    words_column("why"),
    Index("ix_approval_pupil", "school", "pupil"),
    Index(
        "uq_approval_waiting",
        "school",
        "pupil",
        unique=True,
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    sqlite_autoincrement=True,
)

"""The table of what people want of a pupil's next letter; a wish stays with the decision whose letters it changed."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Table, text

from service.storage.tables.columns import (
    Id,
    id_column,
    metadata,
    pupil_column,
    school_column,
    time_column,
    words_column,
)

OPEN = "decision IS NULL"
wish = Table(
    "wish",
    metadata,
    id_column(),
    school_column(),
    pupil_column(),
    words_column("kind", 12),
    words_column("letter", 60),
    words_column("words"),
    words_column("why"),
    words_column("by"),
    Column("day", Date, nullable=False),
    Column("decision", Id, ForeignKey("decision.id")),
    time_column("noted_at"),
    Index("ix_wish_pupil", "school", "pupil"),
    Index("ix_wish_decision", "school", "decision"),
    Index(
        "uq_wish_open",
        "school",
        "pupil",
        "kind",
        unique=True,
        sqlite_where=text(OPEN),
        postgresql_where=text(OPEN),
    ),
)

"""The tables of who is told of what happened: addresses, and what was or will be sent to each."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table

from service.storage.tables.access_tables import HERE_ONLY
from service.storage.tables.columns import (
    Id,
    id_column,
    metadata,
    number_column,
    school_column,
    time_column,
    words_column,
)

webhook = Table(
    "webhook",
    metadata,
    id_column(),
    school_column(),
    words_column("address", 500),
    words_column("events", 100),
    number_column("turn"),
    time_column("turned_at"),
    time_column("added_at"),
    Index("ix_webhook_school", "school"),
    info=HERE_ONLY,
    sqlite_autoincrement=True,
)
delivery = Table(
    "delivery",
    metadata,
    id_column(),
    school_column(),
    Column("webhook", Id, ForeignKey("webhook.id"), nullable=False),
    words_column("event", 30),
    words_column("about", 2_000),
    words_column("state", 10),
    number_column("attempts"),
    words_column("answer", 200),
    time_column("made_at"),
    time_column("due_at"),
    time_column("ended_at"),
    Index("ix_delivery_webhook", "school", "webhook"),
    Index("ix_delivery_due", "state", "due_at"),
    info=HERE_ONLY,
    sqlite_autoincrement=True,
)

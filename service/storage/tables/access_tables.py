"""The tables of who may ask: keys, and the answers that are given again to the same request."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table

from service.storage.tables.columns import Id, id_column, metadata, school_column, time_column, words_column

HERE_ONLY = {"here_only": True}
"""What a table says of itself that belongs to this deployment and into no backup."""

api_key = Table(
    "api_key",
    metadata,
    id_column(),
    school_column(),
    words_column("prefix", 20),
    words_column("hash", 64),
    words_column("kind", 10),
    words_column("scopes", 100),
    words_column("name"),
    time_column("added_at"),
    time_column("used_at"),
    time_column("revoked_at"),
    Index("uq_api_key_hash", "hash", unique=True),
    Index("ix_api_key_school", "school"),
    info=HERE_ONLY,
)
kept_answer = Table(
    "kept_answer",
    metadata,
    id_column(),
    school_column(),
    Column("pupil", Id, ForeignKey("pupil.id")),
    words_column("key", 64),
    words_column("request", 64),
    words_column("state", 10),
    Column("answer", LargeBinary),
    time_column("noted_at"),
    Index("uq_kept_answer_key", "school", "key", unique=True),
    Index("ix_kept_answer_pupil", "school", "pupil"),
    info=HERE_ONLY,
)

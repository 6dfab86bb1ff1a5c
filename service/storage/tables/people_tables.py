"""The tables of people who sign in; a person belongs to no school, a role belongs to one."""

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


def _person() -> Column[int]:
    return Column("person", Id, ForeignKey("person.id"), nullable=False)


person = Table(
    "person",
    metadata,
    id_column(),
    words_column("email", 254),
    words_column("name"),
    words_column("initials", 10),
    words_column("password"),
    time_column("added_at"),
    Index("uq_person_email", "email", unique=True),
    sqlite_autoincrement=True,
)
role = Table(
    "role",
    metadata,
    id_column(),
    school_column(),
    _person(),
    words_column("role", 20),
    Index("uq_role_person", "school", "person", unique=True),
)
account = Table(
    "account",
    metadata,
    id_column(),
    _person(),
    words_column("issuer", 254),
    words_column("subject", 254),
    time_column("added_at"),
    Index("uq_account_person", "person", "issuer", unique=True),
    Index("uq_account_subject", "issuer", "subject", unique=True),
)
sign_in = Table(
    "sign_in",
    metadata,
    id_column(),
    _person(),
    school_column(),
    words_column("token", 64),
    time_column("begun_at"),
    time_column("seen_at"),
    Index("uq_sign_in_token", "token", unique=True),
    info=HERE_ONLY,
)
invitation = Table(
    "invitation",
    metadata,
    id_column(),
    _person(),
    words_column("token", 64),
    time_column("made_at"),
    number_column("minutes"),
    Index("uq_invitation_token", "token", unique=True),
    info=HERE_ONLY,
)
attempt = Table(
    "attempt",
    metadata,
    id_column(),
    words_column("who", 64),
    number_column("failed"),
    time_column("failed_at"),
    Index("uq_attempt_who", "who", unique=True),
    info=HERE_ONLY,
)

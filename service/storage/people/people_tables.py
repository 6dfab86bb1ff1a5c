"""The tables of people who sign in; a person belongs to no school, a role belongs to one."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from service.storage.schema import Id, Time, metadata

NOT_BACKED_UP = {"is_backed_up": False}
"""Marks tables whose rows open something: after restoring a backup, everybody signs in again."""


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def _person() -> Column[int]:
    return Column("person", Id, ForeignKey("person.id"), nullable=False)


def _words(name: str, longest: int = 0) -> Column[str]:
    return Column(name, String(longest) if longest else Text(), nullable=False, server_default=text("''"))


def _time(name: str) -> Column[str]:
    return Column(name, Time, nullable=False, server_default=text("''"))


person = Table(
    "person",
    metadata,
    _id(),
    _words("email", 254),
    _words("name"),
    _words("initials", 10),
    _words("password"),
    _time("added_at"),
    Index("uq_person_email", "email", unique=True),
    sqlite_autoincrement=True,
)
role = Table(
    "role",
    metadata,
    _id(),
    Column("school", Id, ForeignKey("school.id"), nullable=False),
    _person(),
    _words("role", 20),
    Index("uq_role_person", "school", "person", unique=True),
)
sign_in = Table(
    "sign_in",
    metadata,
    _id(),
    _person(),
    Column("school", Id, ForeignKey("school.id"), nullable=False),
    _words("token", 64),
    _time("begun_at"),
    _time("seen_at"),
    Index("uq_sign_in_token", "token", unique=True),
    info=NOT_BACKED_UP,
)
invitation = Table(
    "invitation",
    metadata,
    _id(),
    _person(),
    _words("token", 64),
    _time("made_at"),
    Column("minutes", Integer, nullable=False, server_default=text("0")),
    Index("uq_invitation_token", "token", unique=True),
    info=NOT_BACKED_UP,
)
attempt = Table(
    "attempt",
    metadata,
    _id(),
    _words("who", 64),
    Column("failed", Integer, nullable=False, server_default=text("0")),
    _time("failed_at"),
    Index("uq_attempt_who", "who", unique=True),
    info=NOT_BACKED_UP,
)

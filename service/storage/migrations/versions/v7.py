"""People who sign in, their roles, sessions, links and failed attempts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v7"
down_revision = "v6"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(name: str, longest: int = 0) -> sa.Column[str]:
    kind = sa.String(length=longest) if longest else sa.Text()
    return sa.Column(name, kind, server_default=sa.text("''"), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _id(table: str) -> list[sa.schema.SchemaItem]:
    return [sa.Column("id", ID, nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]


def _of(table: str, other: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(other, ID, nullable=False),
        sa.ForeignKeyConstraint([other], [f"{other}.id"], name=f"fk_{table}_{other}"),
    ]


def upgrade() -> None:
    """Nobody could sign in so far."""
    op.create_table(
        "person",
        *_id("person"),
        _words("email", 254),
        _words("name"),
        _words("initials", 10),
        _words("password"),
        _words("added_at", 30),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_person_email", "person", ["email"], unique=True)
    op.create_table("role", *_id("role"), *_of("role", "school"), *_of("role", "person"), _words("role", 20))
    op.create_index("uq_role_person", "role", ["school", "person"], unique=True)
    op.create_table(
        "sign_in",
        *_id("sign_in"),
        *_of("sign_in", "person"),
        *_of("sign_in", "school"),
        _words("token", 64),
        _words("begun_at", 30),
        _words("seen_at", 30),
    )
    op.create_index("uq_sign_in_token", "sign_in", ["token"], unique=True)
    op.create_table(
        "invitation",
        *_id("invitation"),
        *_of("invitation", "person"),
        _words("token", 64),
        _words("made_at", 30),
        _number("minutes"),
    )
    op.create_index("uq_invitation_token", "invitation", ["token"], unique=True)
    op.create_table("attempt", *_id("attempt"), _words("who", 64), _number("failed"), _words("failed_at", 30))
    op.create_index("uq_attempt_who", "attempt", ["who"], unique=True)

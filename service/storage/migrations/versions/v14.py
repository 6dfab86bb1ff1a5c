"""Letters that wait for a signatory, and what the signatory said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v14"
down_revision = "v13"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def words(name: str, longest: int = 0) -> sa.Column[str]:
    """A text, "" by default."""
    kind = sa.String(length=longest) if longest else sa.Text()
    return sa.Column(name, kind, server_default=sa.text("''"), nullable=False)


def number(name: str) -> sa.Column[int]:
    """A whole number, 0 by default."""
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def upgrade() -> None:
    """Letters that wait for a signatory, and what the signatory said."""
    op.create_table(
        "approval",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        words("letter", 60),
        words("label"),
        number("is_named"),
        words("meeting"),
        words("asked_by", 20),
        number("asker"),
        words("asked_at", 30),
        words("state", 10),
        words("settled_by", 20),
        words("settled_at", 30),
        words("why"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_approval_school"),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_approval_pupil"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approval_pupil", "approval", ["school", "pupil"], unique=False)
    waits = sa.text("state = 'waiting'")
    op.create_index(
        "uq_approval_waiting",
        "approval",
        ["school", "pupil"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )

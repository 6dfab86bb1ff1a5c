"""Who is told of what happened, and what was sent to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v13"
down_revision = "v12"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def words(name: str, longest: int) -> sa.Column[str]:
    """A text, "" by default."""
    return sa.Column(name, sa.String(length=longest), server_default=sa.text("''"), nullable=False)


def number(name: str) -> sa.Column[int]:
    """A whole number, 0 by default."""
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def upgrade() -> None:
    """Who is told of what happened, and what was sent to whom."""
    op.create_table(
        "webhook",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        words("address", 500),
        words("events", 100),
        number("turn"),
        words("turned_at", 30),
        words("added_at", 30),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_webhook_school"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_school", "webhook", ["school"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("webhook", ID, nullable=False),
        words("event", 30),
        words("about", 2_000),
        words("state", 10),
        number("attempts"),
        words("answer", 200),
        words("made_at", 30),
        words("due_at", 30),
        words("ended_at", 30),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_delivery_school"),
        sa.ForeignKeyConstraint(["webhook"], ["webhook.id"], name="fk_delivery_webhook"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_webhook", "delivery", ["school", "webhook"], unique=False)
    op.create_index("ix_delivery_due", "delivery", ["state", "due_at"], unique=False)

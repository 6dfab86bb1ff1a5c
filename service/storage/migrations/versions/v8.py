"""Batches: the batch, its chunks and its rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v8"
down_revision = "v7"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def words(name: str, longest: int = 0) -> sa.Column[str]:
    """A text, "" by default."""
    kind = sa.String(length=longest) if longest else sa.Text()
    return sa.Column(name, kind, server_default=sa.text("''"), nullable=False)


def number(name: str) -> sa.Column[int]:
    """A whole number, 0 by default."""
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def upgrade() -> None:
    """Batches: the batch, its chunks and its rows."""
    op.create_table(
        "batch",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        words("policy", 60),
        words("fingerprint", 64),
        words("assumptions"),
        words("state", 30),
        words("export", 64),
        words("told"),
        words("slots"),
        words("by"),
        words("added_at", 30),
        words("seen", 64),
        words("released_by"),
        words("released_at", 30),
        words("begun_at", 30),
        words("ended_at", 30),
        words("ended_by"),
        words("ended_why"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_batch_school"),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_batch_school", "batch", ["school"], unique=False)
    op.create_table(
        "chunk",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("batch", ID, nullable=False),
        words("step", 12),
        number("first"),
        number("last"),
        words("state", 10),
        words("owner", 120),
        number("attempt"),
        number("tries"),
        words("lease", 30),
        words("changed_at", 30),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name="fk_chunk_batch"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_chunk_school"),
        sa.PrimaryKeyConstraint("id", name="pk_chunk"),
    )
    op.create_index("ix_chunk_batch", "chunk", ["school", "batch", "state"], unique=False)
    op.create_index("ix_chunk_state", "chunk", ["state", "lease"], unique=False)
    op.create_table(
        "batch_row",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("batch", ID, nullable=False),
        number("number"),
        sa.Column("pupil", ID, nullable=True),
        words("state", 12),
        words("letter", 60),
        words("label"),
        words("asked", 60),
        words("meeting"),
        words("hash", 64),
        sa.Column("shown", sa.LargeBinary(), nullable=True),
        sa.Column("decision", ID, nullable=True),
        words("by"),
        words("why"),
        words("changed_at", 30),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name="fk_batch_row_batch"),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name="fk_batch_row_decision"),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_batch_row_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_batch_row_school"),
        sa.PrimaryKeyConstraint("id", name="pk_batch_row"),
    )
    op.create_index("ix_batch_row_pupil", "batch_row", ["school", "pupil"], unique=False)
    op.create_index("ix_batch_row_state", "batch_row", ["school", "batch", "state"], unique=False)
    op.create_index("uq_batch_row_number", "batch_row", ["school", "batch", "number"], unique=True)

"""What people want of a pupil's next letter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v15"
down_revision = "v14"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("decision IS NULL")


def words(name: str, longest: int = 0) -> sa.Column[str]:
    """A text, "" by default."""
    kind = sa.String(length=longest) if longest else sa.Text()
    return sa.Column(name, kind, server_default=sa.text("''"), nullable=False)


def upgrade() -> None:
    """What people want of a pupil's next letter."""
    op.create_table(
        "wish",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        words("kind", 12),
        words("letter", 60),
        words("words"),
        words("why"),
        words("by"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("decision", ID, nullable=True),
        words("noted_at", 30),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_wish_school"),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_wish_pupil"),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name="fk_wish_decision"),
        sa.PrimaryKeyConstraint("id", name="pk_wish"),
    )
    op.create_index("ix_wish_pupil", "wish", ["school", "pupil"], unique=False)
    op.create_index("ix_wish_decision", "wish", ["school", "decision"], unique=False)
    open_ones = ["school", "pupil", "kind"]
    op.create_index("uq_wish_open", "wish", open_ones, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)

"""That letters were printed and sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v11"
down_revision = "v10"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def words(name: str, longest: int) -> sa.Column[str]:
    """A text, "" by default."""
    return sa.Column(name, sa.String(length=longest), server_default=sa.text("''"), nullable=False)


def upgrade() -> None:
    """That letters were printed and sent."""
    op.create_table(
        "dispatch",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("written", ID, nullable=False),
        words("step", 10),
        words("how", 10),
        sa.Column("day", sa.Date(), nullable=False),
        words("by", 20),
        sa.Column("is_undone", sa.Integer(), server_default=sa.text("0"), nullable=False),
        words("noted_at", 30),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_dispatch_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_dispatch_school"),
        sa.ForeignKeyConstraint(["written"], ["letter.id"], name="fk_dispatch_written"),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch"),
    )
    op.create_index("ix_dispatch_pupil", "dispatch", ["school", "pupil"], unique=False)
    op.create_index("ix_dispatch_written", "dispatch", ["school", "written"], unique=False)

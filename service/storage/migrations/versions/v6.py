"""Keys of programs, and the answers that are given again to the same request."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v6"
down_revision = "v5"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Keys of programs, and the answers that are given again to the same request."""
    op.create_table(
        "api_key",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("prefix", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("hash", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.String(length=10), server_default=sa.text("''"), nullable=False),
        sa.Column("scopes", sa.String(length=100), server_default=sa.text("''"), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("added_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("used_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("revoked_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_api_key_school"),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
    )
    op.create_index("uq_api_key_hash", "api_key", ["hash"], unique=True)
    op.create_index("ix_api_key_school", "api_key", ["school"], unique=False)
    op.create_table(
        "kept_answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=True),
        sa.Column("key", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("request", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.String(length=10), server_default=sa.text("''"), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_kept_answer_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_kept_answer_school"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_answer"),
    )
    op.create_index("uq_kept_answer_key", "kept_answer", ["school", "key"], unique=True)
    op.create_index("ix_kept_answer_pupil", "kept_answer", ["school", "pupil"], unique=False)

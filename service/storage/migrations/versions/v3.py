"""The audit chain, and which pupils were erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v3"
down_revision = "v2"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The audit chain, and which pupils were erased."""
    op.add_column("school", sa.Column("audit_count", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("school", sa.Column("audit_hash", sa.String(length=64), server_default=sa.text("''"), nullable=False))
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("what", sa.String(length=40), server_default=sa.text("''"), nullable=False),
        sa.Column("subject", sa.String(length=80), server_default=sa.text("''"), nullable=False),
        sa.Column("details", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("previous", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("hash", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_audit_school"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("uq_audit_number", "audit", ["school", "number"], unique=True)
    op.create_table(
        "erasure",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("token", sa.String(length=32), server_default=sa.text("''"), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_erasure_school"),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    op.create_index("uq_erasure_token", "erasure", ["school", "token"], unique=True)

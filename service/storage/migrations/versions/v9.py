"""Whose account of an OpenID provider is whose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v9"
down_revision = "v8"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Whose account of an OpenID provider is whose."""
    op.create_table(
        "account",
        sa.Column("id", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("issuer", sa.String(length=254), server_default=sa.text("''"), nullable=False),
        sa.Column("subject", sa.String(length=254), server_default=sa.text("''"), nullable=False),
        sa.Column("added_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_account_person"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )
    op.create_index("uq_account_person", "account", ["person", "issuer"], unique=True)
    op.create_index("uq_account_subject", "account", ["issuer", "subject"], unique=True)

"""When a chunk of a batch was begun."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v12"
down_revision = "v11"


def upgrade() -> None:
    """When a chunk of a batch was begun; nobody knows it of those that are done."""
    column = sa.Column("begun_at", sa.String(length=30), server_default=sa.text("''"), nullable=False)
    op.add_column("chunk", column)

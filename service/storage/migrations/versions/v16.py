"""By whom, in the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v16"
down_revision = "v15"


def upgrade() -> None:
    """Entries from before say nothing of it."""
    op.add_column("audit", sa.Column("who", sa.String(length=30), server_default=sa.text("''"), nullable=False))

"""Whether a pupil's past has been told, and what a school said once for everybody when a decision was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v4"
down_revision = "v3"


def upgrade() -> None:
    """Nobody has said of the pupils so far whether anything was sent to them before; decisions rested on no answer."""
    op.add_column("pupil", sa.Column("history_known", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("decision", sa.Column("assumptions", sa.Text(), server_default=sa.text("''"), nullable=False))

"""Letters are found by their day."""

from __future__ import annotations

from alembic import op

revision = "v5"
down_revision = "v4"


def upgrade() -> None:
    """An index over the days of letters."""
    op.create_index("ix_letter_day", "letter", ["school", "day"])

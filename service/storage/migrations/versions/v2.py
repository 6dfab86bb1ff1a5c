"""Letters, the decisions that led to them, and their files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v2"
down_revision = "v1"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Letters, the decisions that led to them, and their files."""
    op.create_table(
        "file",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("hash", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("size", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("media_type", sa.String(length=100), server_default=sa.text("''"), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_file_school"),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
    )
    op.create_index("uq_file_hash", "file", ["school", "hash"], unique=True)
    op.create_table(
        "decision",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("policy", sa.String(length=60), server_default=sa.text("''"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("outcome", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_decision_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_decision_school"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
    )
    op.create_index("ix_decision_pupil", "decision", ["school", "pupil"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("decision", ID, nullable=False),
        sa.Column("event", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=60), server_default=sa.text("''"), nullable=False),
        sa.Column("label", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("occasion", sa.String(length=60), server_default=sa.text("''"), nullable=False),
        sa.Column("recipient", sa.String(length=60), server_default=sa.text("''"), nullable=False),
        sa.Column("reference", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("template", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.String(length=10), server_default=sa.text("''"), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name="fk_letter_decision"),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name="fk_letter_event"),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_letter_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_letter_school"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
    )
    op.create_index("ix_letter_file", "letter", ["school", "file"], unique=False)
    op.create_index("ix_letter_pupil", "letter", ["school", "pupil"], unique=False)
    op.create_index("ix_letter_reference", "letter", ["school", "reference"], unique=False)
    op.create_table(
        "addressee",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("written", ID, nullable=False),
        sa.Column("person", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("letter", sa.String(length=60), server_default=sa.text("''"), nullable=False),
        sa.Column("occasion", sa.String(length=60), server_default=sa.text("''"), nullable=False),
        sa.Column("is_freed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_addressee_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_addressee_school"),
        sa.ForeignKeyConstraint(["written"], ["letter.id"], name="fk_addressee_written"),
        sa.PrimaryKeyConstraint("id", name="pk_addressee"),
    )
    op.create_index("ix_addressee_written", "addressee", ["school", "written"], unique=False)
    op.create_index(
        "uq_addressee_once",
        "addressee",
        ["school", "pupil", "person", "letter", "occasion"],
        unique=True,
        sqlite_where=sa.text("is_freed = 0"),
        postgresql_where=sa.text("is_freed = 0"),
    )

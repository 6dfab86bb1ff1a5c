"""Pupils with their contacts, registers and history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v1"
down_revision = None
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Pupils with their contacts, registers and history."""
    op.create_table(
        "school",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=40), server_default=sa.text("''"), nullable=False),
        sa.Column("document", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("calendar", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("added_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("changed_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_school"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_school_key", "school", ["key"], unique=True)
    op.create_table(
        "pupil",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("token", sa.String(length=32), server_default=sa.text("''"), nullable=False),
        sa.Column("upn", sa.String(length=100), server_default=sa.text("''"), nullable=False),
        sa.Column("reference", sa.String(length=100), server_default=sa.text("''"), nullable=False),
        sa.Column("year_group", sa.String(length=100), server_default=sa.text("''"), nullable=False),
        sa.Column("registration_group", sa.String(length=100), server_default=sa.text("''"), nullable=False),
        sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_pupil_school"),
        sa.PrimaryKeyConstraint("id", name="pk_pupil"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_pupil_reference",
        "pupil",
        ["school", "reference"],
        unique=True,
        sqlite_where=sa.text("reference <> ''"),
        postgresql_where=sa.text("reference <> ''"),
    )
    op.create_index("uq_pupil_token", "pupil", ["token"], unique=True)
    op.create_index(
        "uq_pupil_upn",
        "pupil",
        ["school", "upn"],
        unique=True,
        sqlite_where=sa.text("upn <> ''"),
        postgresql_where=sa.text("upn <> ''"),
    )
    op.create_table(
        "upload",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("hash", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("counts", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_upload_school"),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
    )
    op.create_index("ix_upload_school", "upload", ["school"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("word", sa.String(length=60), server_default=sa.text("''"), nullable=False),
        sa.Column("answer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_answer_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_answer_school"),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("uq_answer_word", "answer", ["school", "pupil", "word"], unique=True)
    op.create_table(
        "contact",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_contact_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_contact_school"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contact_pupil", "contact", ["school", "pupil"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=2), server_default=sa.text("''"), nullable=False),
        sa.Column("before", sa.String(length=4), server_default=sa.text("''"), nullable=False),
        sa.Column("after", sa.String(length=4), server_default=sa.text("''"), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_correction_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_correction_school"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_pupil", "correction", ["school", "pupil"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("event", sa.String(length=60), server_default=sa.text("''"), nullable=False),
        sa.Column("outcome", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("recipient", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("method", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("source", sa.String(length=10), server_default=sa.text("''"), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("reversed_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("reversed_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reversed_why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_event_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_event_school"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_pupil", "event", ["school", "pupil"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("noted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("lifted_at", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_hold_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_hold_school"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_index("ix_hold_pupil", "hold", ["school", "pupil"], unique=False)
    op.create_table(
        "register",
        sa.Column("id", ID, nullable=False),
        sa.Column("school", ID, nullable=False),
        sa.Column("pupil", ID, nullable=False),
        sa.Column("year", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name="fk_register_pupil"),
        sa.ForeignKeyConstraint(["school"], ["school.id"], name="fk_register_school"),
        sa.PrimaryKeyConstraint("id", name="pk_register"),
    )
    op.create_index("uq_register_year", "register", ["school", "pupil", "year"], unique=True)

"""The days that a notice named, kept with its event."""

from __future__ import annotations

import json
import zlib
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "v10"
down_revision = "v9"
MONTHS = "January February March April May June July August September October November December".split()

event = sa.table("event", sa.column("id"), sa.column("period_start", sa.Date()), sa.column("period_end", sa.Date()))
letter = sa.table("letter", sa.column("event"), sa.column("letter"), sa.column("words", sa.LargeBinary()))


def upgrade() -> None:
    """Notices that were issued have named their days already: they are read from the words that were printed."""
    op.add_column("event", sa.Column("period_start", sa.Date(), nullable=True))
    op.add_column("event", sa.Column("period_end", sa.Date(), nullable=True))
    connection = op.get_bind()
    notices = sa.select(letter.c.event, letter.c.words).where(letter.c.letter == "notice_to_improve")
    for number, words in connection.execute(notices).all():
        if days := printed_days(words):
            named = {"period_start": days[0], "period_end": days[1]}
            connection.execute(sa.update(event).where(event.c.id == number).values(**named))


def printed_days(words: bytes) -> tuple[date, date] | None:
    """The first and last day of the period that a notice names; None where it names none."""
    told = json.loads(zlib.decompress(words))
    return (_day(told["improvement_from"]), _day(told["improvement_to"])) if "improvement_to" in told else None


def _day(text: str) -> date:
    day, month, year = text.split()
    return date(int(year), MONTHS.index(month) + 1, int(day))

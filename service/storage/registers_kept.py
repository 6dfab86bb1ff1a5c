"""Registers and what was corrected in them, as rows."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from service.attendance.calendar import school_year_of
from service.attendance.register import Register
from service.storage.kept_marks import Correction, split_years
from service.storage.schema import UtcNow, correction, of_school, register


def read_registers(connection: Connection, school: int, pupil: int) -> tuple[list[Register], date | None]:
    """A pupil's registers, one a school year, and the day of the latest export that they come from."""
    query = select(register.c.start, register.c.marks, register.c.given_on)
    found = connection.execute(
        query.where(of_school(register, school), register.c.pupil == pupil).order_by(register.c.year)
    ).all()
    return [Register(row.start, zlib.decompress(row.marks)) for row in found], max(
        (row.given_on for row in found), default=None
    )


def keep_register(connection: Connection, school: int, pupil: int, kept: Register | None, on: date) -> None:
    """A pupil's register in place of the one that was kept."""
    connection.execute(delete(register).where(of_school(register, school), register.c.pupil == pupil))
    rows = [
        {
            "school": school,
            "pupil": pupil,
            "year": year,
            "start": part.start,
            "marks": zlib.compress(part.marks, 6),
            "given_on": on,
        }
        for year, part in (split_years(kept) if kept else ())
    ]
    if rows:
        connection.execute(insert(register), rows)


def note_corrections(connection: Connection, school: int, pupil: int, corrections: Sequence[Correction]) -> None:
    """Keep what a mark was before it was corrected."""
    for item in corrections:
        words = {**item._asdict(), "school": school, "pupil": pupil, "noted_at": UtcNow()}
        connection.execute(insert(correction).values(**words))


def list_corrections(connection: Connection, school: int, pupil: int) -> list[tuple[Correction, str]]:
    """What was corrected in a pupil's register, and when that became known."""
    query = select(correction).where(of_school(correction, school), correction.c.pupil == pupil)
    return [
        (Correction(row.day, row.session, row.before, row.after), row.noted_at)
        for row in connection.execute(query.order_by(correction.c.id))
    ]


def read_everybodys(connection: Connection, school: int, on: date) -> Iterator[Register]:
    """Every pupil's register of the school year that holds `on`."""
    query = select(register.c.start, register.c.marks)
    year = school_year_of(on).year
    found = connection.execute(query.where(of_school(register, school), register.c.year == year))
    return (Register(row.start, zlib.decompress(row.marks)) for row in found)

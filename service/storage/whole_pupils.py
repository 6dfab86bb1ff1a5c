"""Reads pupils with everything that a decision needs, some hundreds at a time."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from service.attendance.calendar import school_year_of
from service.attendance.register import Register
from service.storage.happened import read_answer, read_event, read_hold
from service.storage.kept_marks import join_registers
from service.storage.packing import unpack
from service.storage.schema import answer, contact, event, hold, of_school, pupil, register
from service.storage.stored import StoredPupil

TOGETHER = 500
YEARS_BEFORE = 1
"""School years before this one whose marks are read: windows of some weeks reach back over the summer."""

Rows = dict[int, list[Row[Any]]]


def read_pupil(connection: Connection, school: int, number: int, on: date) -> StoredPupil | None:
    """One pupil, with the marks of the school year that holds `on` and of the one before."""
    found = connection.execute(select(pupil).where(of_school(pupil, school), pupil.c.id == number)).all()
    return next(_build(connection, school, list(found), on), None)


def read_pupils(connection: Connection, school: int, on: date) -> Iterator[StoredPupil]:
    """Every pupil of a school who is not gone, in the order in which they became known."""
    last = 0
    while True:
        query = select(pupil).where(of_school(pupil, school), pupil.c.gone_on.is_(None), pupil.c.id > last)
        found = list(connection.execute(query.order_by(pupil.c.id).limit(TOGETHER)))
        if not found:
            return
        yield from _build(connection, school, found, on)
        last = found[-1].id


def _build(connection: Connection, school: int, found: list[Row[Any]], on: date) -> Iterator[StoredPupil]:
    if not found:
        return
    first, last = found[0].id, found[-1].id
    contacts = _of_pupils(connection, contact, school, first, last)
    events = _of_pupils(connection, event, school, first, last)
    answers = _of_pupils(connection, answer, school, first, last)
    holds = _of_pupils(connection, hold, school, first, last)
    registers = _registers(connection, school, first, last, on)
    for row in found:
        people = sorted((item for item in contacts[row.id] if item.number), key=lambda item: item.number)
        happened = sorted(events[row.id], key=lambda item: (item.day, item.id))
        yield StoredPupil(
            id=row.id,
            token=row.token,
            version=row.version,
            record=replace(
                unpack(row.words),
                contacts=tuple(unpack(item.words) for item in people),
                register=join_registers(registers[row.id]),
                history_known=bool(row.history_known),
            ),
            given_on=row.given_on,
            gone_on=row.gone_on,
            persons=tuple(item.id for item in people),
            events=tuple(map(read_event, happened)),
            answers={item.word: read_answer(item) for item in answers[row.id]},
            holds=tuple(read_hold(item) for item in holds[row.id] if not item.lifted_at),
        )


def _of_pupils(connection: Connection, table: Table, school: int, first: int, last: int) -> Rows:
    """The rows about the pupils from the first to the last, by pupil."""
    query = select(table).where(of_school(table, school), table.c.pupil.between(first, last))
    by_pupil: Rows = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.id)):
        by_pupil[row.pupil].append(row)
    return by_pupil


def _registers(connection: Connection, school: int, first: int, last: int, on: date) -> dict[int, list[Register]]:
    since = school_year_of(on).year - YEARS_BEFORE
    query = select(register.c.pupil, register.c.start, register.c.marks).where(
        of_school(register, school), register.c.pupil.between(first, last), register.c.year >= since
    )
    by_pupil: dict[int, list[Register]] = defaultdict(list)
    for row in connection.execute(query.order_by(register.c.pupil, register.c.year)):
        by_pupil[row.pupil].append(Register(row.start, zlib.decompress(row.marks)))
    return by_pupil

"""Reads pupils with everything that a decision needs, some hundreds at a time."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, select

from service.attendance.calendar import school_year_of
from service.attendance.register import Register
from service.storage.happened import STORED_EVENT, read_answer, read_event, read_hold
from service.storage.kept_marks import join_registers
from service.storage.packing import unpack
from service.storage.schema import answer, contact, event, hold, of_school, pupil, register
from service.storage.stored import StoredPupil

TOGETHER = 500
FAR = 10
"""Numbers of pupils that lie further apart are read by themselves."""
YEARS_BEFORE = 1
"""School years before this one whose marks are read: windows of some weeks reach back over the summer."""

Rows = dict[int, list[Row[Any]]]


def read_pupil(connection: Connection, school: int, number: int, on: date) -> StoredPupil | None:
    """One pupil, with the marks of the school year that holds `on` and of the one before."""
    found = connection.execute(select(pupil).where(of_school(pupil, school), pupil.c.id == number)).all()
    return next(_build(connection, school, list(found), on), None)


def read_some(connection: Connection, school: int, numbers: Collection[int], on: date) -> Iterator[StoredPupil]:
    """Some pupils of a school, gone or not, in the order in which they became known."""
    query = select(pupil).where(of_school(pupil, school), pupil.c.id.in_(numbers)).order_by(pupil.c.id)
    for found in _neighbours(list(connection.execute(query))):
        yield from _build(connection, school, found, on)


def _neighbours(found: list[Row[Any]]) -> Iterator[list[Row[Any]]]:
    """Pupils in groups whose numbers lie close together: what is about them is read from the first to the last."""
    group: list[Row[Any]] = []
    for row in found:
        if group and row.id - group[-1].id > FAR:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


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
    contacts = _of_pupils(connection, contact, _CONTACT, school, first, last)
    events = _of_pupils(connection, event, STORED_EVENT, school, first, last)
    answers = _of_pupils(connection, answer, _ANSWER, school, first, last)
    holds = _of_pupils(connection, hold, _HOLD, school, first, last)
    registers = _registers(connection, school, first, last, on)
    for row in found:
        people = [item for item in contacts.get(row.id, ()) if item.number]
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
            events=tuple(map(read_event, events.get(row.id, ()))),
            answers={item.word: read_answer(item) for item in answers.get(row.id, ())},
            holds=tuple(read_hold(item) for item in holds.get(row.id, ()) if not item.lifted_at),
        )


_CONTACT = (contact.c.pupil, contact.c.number, contact.c.id, contact.c.words)
_ANSWER = (answer.c.pupil, answer.c.id, answer.c.word, answer.c.answer, answer.c.day)
_HOLD = (hold.c.pupil, hold.c.id, hold.c.until, hold.c.why, hold.c.lifted_at)


def _of_pupils(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], school: int, first: int, last: int
) -> Rows:
    """The rows about the pupils from the first to the last, by pupil, in the order of their second column.

    Events come in the order of their days.
    """
    order = (event.c.day, event.c.id) if table is event else (columns[1],)
    query = select(*columns).where(of_school(table, school), table.c.pupil.between(first, last)).order_by(*order)
    by_pupil: Rows = defaultdict(list)
    for row in connection.execute(query).all():
        by_pupil[row[0]].append(row)
    return by_pupil


def _registers(connection: Connection, school: int, first: int, last: int, on: date) -> dict[int, list[Register]]:
    since = school_year_of(on).year - YEARS_BEFORE
    query = select(register.c.pupil, register.c.start, register.c.marks).where(
        of_school(register, school), register.c.pupil.between(first, last), register.c.year >= since
    )
    by_pupil: dict[int, list[Register]] = defaultdict(list)
    for number, start, marks in connection.execute(query.order_by(register.c.pupil, register.c.year)).all():
        by_pupil[number].append(Register(start, zlib.decompress(marks)))
    return by_pupil

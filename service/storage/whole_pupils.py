"""Reads pupils with everything that a decision needs, some hundreds at a time.

Rows are read first and made into pupils afterwards, which another process can do.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, Table, select

from service.attendance.calendar import school_year_of
from service.attendance.register import Register
from service.storage.happened import STORED_EVENT, read_event
from service.storage.kept_marks import join_registers
from service.storage.packing import unpack
from service.storage.schema import answer, contact, event, hold, of_school, pupil, register, wish
from service.storage.stored import StoredAnswer, StoredHold, StoredPupil, StoredWish
from service.storage.wishes.wishes_kept import STORED_WISH

TOGETHER = 500
FAR = 10
"""Numbers of pupils that lie further apart are read by themselves."""
YEARS_BEFORE = 1
"""School years before this one whose marks are read: windows of some weeks reach back over the summer."""

Values = tuple[Any, ...]
OfPupils = dict[int, list[Values]]


@dataclass(frozen=True, slots=True)
class PupilRows:
    """The rows of some pupils, and by the pupil's number those about each: values alone, to be sent elsewhere."""

    pupils: list[Values]
    contacts: OfPupils
    events: OfPupils
    answers: OfPupils
    holds: OfPupils
    registers: OfPupils
    wishes: OfPupils


def read_pupil(connection: Connection, school: int, number: int, on: date) -> StoredPupil | None:
    """One pupil, with the marks of the school year that holds `on` and of the one before."""
    found = _values(connection, select(*_PUPIL).where(of_school(pupil, school), pupil.c.id == number))
    return next(_build(connection, school, found, on), None)


def read_some(connection: Connection, school: int, numbers: Collection[int], on: date) -> Iterator[StoredPupil]:
    """Some pupils of a school, gone or not, in the order in which they became known."""
    query = select(*_PUPIL).where(of_school(pupil, school), pupil.c.id.in_(numbers)).order_by(pupil.c.id)
    for found in _neighbours(_values(connection, query)):
        yield from _build(connection, school, found, on)


def _neighbours(found: list[Values]) -> Iterator[list[Values]]:
    """Pupils in groups whose numbers lie close together: what is about them is read from the first to the last."""
    group: list[Values] = []
    for row in found:
        if group and row[0] - group[-1][0] > FAR:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def read_pupil_rows(connection: Connection, school: int, on: date) -> Iterator[PupilRows]:
    """The rows of every pupil of a school who is not gone, in the order in which they became known."""
    last = 0
    while True:
        query = select(*_PUPIL).where(of_school(pupil, school), pupil.c.gone_on.is_(None), pupil.c.id > last)
        found = _values(connection, query.order_by(pupil.c.id).limit(TOGETHER))
        if not found:
            return
        yield _rows_about(connection, school, found, on)
        last = found[-1][0]


def build_pupils(rows: PupilRows) -> Iterator[StoredPupil]:
    """The pupils of rows that were read."""
    for number, token, version, words, given_on, gone_on, history_known in rows.pupils:
        people = [(person, told) for _, place, person, told in rows.contacts.get(number, ()) if place]
        yield StoredPupil(
            id=number,
            token=token,
            version=version,
            record=replace(
                unpack(words),
                contacts=tuple([unpack(told) for _, told in people]),
                register=join_registers(
                    Register(start, zlib.decompress(marks)) for _, _, start, marks in rows.registers.get(number, ())
                ),
                history_known=bool(history_known),
            ),
            given_on=given_on,
            gone_on=gone_on,
            persons=tuple([person for person, _ in people]),
            events=tuple(map(read_event, rows.events.get(number, ()))),
            answers={word: StoredAnswer(said, day) for _, _, word, said, day in rows.answers.get(number, ())},
            holds=tuple([StoredHold(*told) for _, *told, lifted in rows.holds.get(number, ()) if not lifted]),
            wishes=tuple([StoredWish(*told) for _, _, decision, *told in rows.wishes.get(number, ()) if not decision]),
        )


def _build(connection: Connection, school: int, found: list[Values], on: date) -> Iterator[StoredPupil]:
    return build_pupils(_rows_about(connection, school, found, on)) if found else iter(())


def _rows_about(connection: Connection, school: int, found: list[Values], on: date) -> PupilRows:
    first, last = found[0][0], found[-1][0]
    return PupilRows(
        found,
        _of_pupils(connection, contact, _CONTACT, school, first, last),
        _of_pupils(connection, event, STORED_EVENT, school, first, last),
        _of_pupils(connection, answer, _ANSWER, school, first, last),
        _of_pupils(connection, hold, _HOLD, school, first, last),
        _registers(connection, school, first, last, on),
        _of_pupils(connection, wish, _WISH, school, first, last),
    )


_PUPIL = tuple(pupil.c[word] for word in "id token version words given_on gone_on history_known".split())
_CONTACT = (contact.c.pupil, contact.c.number, contact.c.id, contact.c.words)
_ANSWER = (answer.c.pupil, answer.c.id, answer.c.word, answer.c.answer, answer.c.day)
_HOLD = (hold.c.pupil, hold.c.id, hold.c.until, hold.c.why, hold.c.lifted_at)
_WISH = (wish.c.pupil, wish.c.id, wish.c.decision, *STORED_WISH)
_REGISTER = (register.c.pupil, register.c.year, register.c.start, register.c.marks)


def _of_pupils(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], school: int, first: int, last: int
) -> OfPupils:
    """The rows about the pupils from the first to the last, by pupil, in the order of their second column.

    Events come in the order of their days.
    """
    order = (event.c.day, event.c.id) if table is event else (columns[1],)
    query = select(*columns).where(of_school(table, school), table.c.pupil.between(first, last)).order_by(*order)
    return _by_pupil(_values(connection, query))


def _registers(connection: Connection, school: int, first: int, last: int, on: date) -> OfPupils:
    since = school_year_of(on).year - YEARS_BEFORE
    query = select(*_REGISTER).where(
        of_school(register, school), register.c.pupil.between(first, last), register.c.year >= since
    )
    return _by_pupil(_values(connection, query.order_by(register.c.pupil, register.c.year)))


def _values(connection: Connection, query: Select[Any]) -> list[Values]:
    found: Iterable[Row[Any]] = connection.execute(query).all()
    return [tuple(row) for row in found]


def _by_pupil(rows: Iterable[Values]) -> OfPupils:
    by_pupil: OfPupils = defaultdict(list)
    for row in rows:
        by_pupil[row[0]].append(row)
    return dict(by_pupil)

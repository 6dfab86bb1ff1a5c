"""Pupils and their contacts, as rows."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, insert, or_, select, update

from service.attendance.record import AttendanceRecord, Contact
from service.storage.packing import APART, pack
from service.storage.schema import contact, of_school, pupil


@dataclass(frozen=True, slots=True)
class KnownPupil:
    """What tells a pupil that is known already: the identifiers, the groups, and whether the pupil is gone."""

    id: int
    upn: str
    reference: str
    year_group: str
    registration_group: str
    given_on: date
    gone_on: date | None
    history_known: int = 0


def list_known(connection: Connection, school: int) -> list[KnownPupil]:
    """Every pupil of a school."""
    words = [pupil.c[word] for word in KnownPupil.__dataclass_fields__]
    found = connection.execute(select(*words).where(of_school(pupil, school)).order_by(pupil.c.id))
    return [KnownPupil(*row) for row in found]


def find_pupil(connection: Connection, school: int, name: str) -> int | None:
    """The pupil with this UPN, or else with this reference."""
    query = select(pupil.c.id, pupil.c.upn).where(
        of_school(pupil, school), or_(pupil.c.upn == name.strip().upper(), pupil.c.reference == name.strip())
    )
    found = connection.execute(query).all()
    return next((row.id for row in sorted(found, key=lambda row: row.upn != name.strip().upper())), None)


def add_pupil(connection: Connection, school: int, record: AttendanceRecord, on: date) -> int:
    """A pupil who was not known, with a token that says nothing and is never used again."""
    words = {"school": school, "token": secrets.token_hex(16), "given_on": on, **_words(record)}
    return int(connection.execute(insert(pupil).values(**words).returning(pupil.c.id)).scalar_one())


def know_history(connection: Connection, school: int, number: int) -> None:
    """Note that what was sent to a pupil before has been told; from then on everything is remembered here."""
    query = update(pupil).where(of_school(pupil, school), pupil.c.id == number)
    connection.execute(query.values(history_known=1))


def change_pupil(connection: Connection, school: int, number: int, record: AttendanceRecord, on: date) -> None:
    """A pupil's latest words, with the day on which they were given."""
    query = update(pupil).where(of_school(pupil, school), pupil.c.id == number)
    connection.execute(query.values(**_words(record), given_on=on, gone_on=None))


def set_gone(connection: Connection, school: int, ids: Collection[int], on: date) -> None:
    """Note that pupils are no longer in the school's exports."""
    for part in _parts(ids):
        query = update(pupil).where(of_school(pupil, school), pupil.c.id.in_(part))
        connection.execute(query.values(gone_on=on, version=pupil.c.version + 1))


def raise_version(connection: Connection, school: int, number: int, seen: int | None = None) -> bool:
    """Count a change of a pupil; False when somebody else changed the pupil since `seen`."""
    query = update(pupil).where(of_school(pupil, school), pupil.c.id == number)
    if seen is not None:
        query = query.where(pupil.c.version == seen)
    return connection.execute(query.values(version=pupil.c.version + 1)).rowcount == 1


def keep_contacts(connection: Connection, school: int, pupil: int, given: Sequence[Contact]) -> None:
    """A pupil's contacts as they were given last.

    A person keeps the number they have in the database as long as their name stays; one who is no longer named stays
    with the number 0, for the letters that went there.
    """
    query = select(contact).where(of_school(contact, school), contact.c.pupil == pupil).order_by(contact.c.id)
    known = list(connection.execute(query))
    rows = []
    for number, person in enumerate(given, 1):
        name = person.name.casefold()
        match = next((row for row in known if row.name == name), None)
        if match:
            known.remove(match)
        words = pack(person)
        if match is None:
            rows.append({"school": school, "pupil": pupil, "number": number, "name": name, "words": words})
        elif (match.number, match.words) != (number, words):
            _change_contact(connection, school, match.id, number, words)
    for row in known:
        if row.number:
            _change_contact(connection, school, row.id, 0, row.words)
    if rows:
        connection.execute(insert(contact), rows)


def _change_contact(connection: Connection, school: int, person: int, number: int, words: str) -> None:
    query = update(contact).where(of_school(contact, school), contact.c.id == person)
    connection.execute(query.values(number=number, words=words))


def delete_pupil(connection: Connection, school: int, number: int) -> None:
    """Delete a pupil's own row; everything about the pupil must be gone already."""
    connection.execute(delete(pupil).where(of_school(pupil, school), pupil.c.id == number))


def _words(record: AttendanceRecord) -> dict[str, object]:
    return {
        "upn": record.upn,
        "reference": record.pupil_reference,
        "year_group": record.year_group,
        "registration_group": record.registration_group,
        "words": pack(record, APART),
    }


def _parts(ids: Iterable[int], size: int = 500) -> Iterable[list[int]]:
    known = list(ids)
    return (known[place : place + size] for place in range(0, len(known), size))

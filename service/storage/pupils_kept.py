"""Pupils and their contacts, as rows."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, literal_column, or_, select, update

from service.attendance.record import AttendanceRecord, Contact
from service.storage.packing import APART, pack, unpack
from service.storage.schema import contact, of_school, pupil

NOTHING: ColumnElement[str] = literal_column("''")
"""Written out, because SQLite uses the indexes of what is not empty only for a query that says so itself."""


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


def list_named(connection: Connection, school: int, upn: str, reference: str) -> list[KnownPupil]:
    """The pupils with this UPN, or this reference, each of which may be missing."""
    words = [pupil.c[word] for word in KnownPupil.__dataclass_fields__]
    same = or_(
        and_(pupil.c.upn == upn, pupil.c.upn != ""), and_(pupil.c.reference == reference, pupil.c.reference != "")
    )
    found = connection.execute(select(*words).where(of_school(pupil, school), same).order_by(pupil.c.id))
    return [KnownPupil(*row) for row in found]


def list_versions(connection: Connection, school: int) -> dict[int, int]:
    """How often each pupil who is not gone was changed, by number."""
    query = select(pupil.c.id, pupil.c.version).where(of_school(pupil, school), pupil.c.gone_on.is_(None))
    return {row.id: row.version for row in connection.execute(query.order_by(pupil.c.id))}


def read_own_words(connection: Connection, school: int, number: int) -> AttendanceRecord | None:
    """A pupil's own words as they are known now, without marks, contacts and history; also of one who is gone."""
    query = select(pupil.c.words).where(of_school(pupil, school), pupil.c.id == number)
    words = connection.execute(query).scalar()
    return None if words is None else unpack(words)


def find_pupil(connection: Connection, school: int, name: str) -> int | None:
    """The pupil with this UPN, or else with this reference."""
    is_upn = and_(pupil.c.upn == name.strip().upper(), pupil.c.upn != NOTHING)
    is_reference = and_(pupil.c.reference == name.strip(), pupil.c.reference != NOTHING)
    query = select(pupil.c.id, pupil.c.upn).where(of_school(pupil, school), or_(is_upn, is_reference))
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


def raise_versions(connection: Connection, school: int, seen: Mapping[int, int]) -> set[int]:
    """Count a change of each pupil; those whom somebody else changed since the version that was seen."""
    query = update(pupil).where(of_school(pupil, school), pupil.c.id.in_(list(seen)))
    query = query.values(version=pupil.c.version + 1)
    now = {row.id: row.version for row in connection.execute(query.returning(pupil.c.id, pupil.c.version))}
    return {number for number, version in seen.items() if now.get(number) != version + 1}


def keep_contacts(connection: Connection, school: int, pupil: int, given: Sequence[Contact]) -> None:
    """A pupil's contacts as they were given last.

    A person keeps the number they have in the database as long as their name stays; one who is no longer named stays
    with the number 0, for the letters that went there. A court order, no post and a confidential address stay until an
    export says otherwise: one that says nothing of them is no word that they are over.
    """
    query = select(contact).where(of_school(contact, school), contact.c.pupil == pupil).order_by(contact.c.id)
    known = list(connection.execute(query))
    rows = []
    for number, person in enumerate(given, 1):
        name = person.name.casefold()
        match = next((row for row in known if row.name == name), None)
        if match:
            known.remove(match)
        words = pack(with_warnings(person, unpack(match.words)) if match else person)
        if match is None:
            rows.append({"school": school, "pupil": pupil, "number": number, "name": name, "words": words})
        elif (match.number, match.words) != (number, words):
            _change_contact(connection, school, match.id, number, words)
    for row in known:
        if row.number:
            _change_contact(connection, school, row.id, 0, row.words)
    if rows:
        connection.execute(insert(contact), rows)


def with_warnings(person: Contact, before: Contact) -> Contact:
    """A contact as given now, with each earlier warning of which nothing is said now."""
    kept = {
        word: warning
        for word, warning in (("court_order", True), ("receives_post", False), ("confidential_address", True))
        if getattr(person, word) is None and getattr(before, word) is warning
    }
    return replace(person, **kept) if kept else person


def with_holds_kept(record: AttendanceRecord, before: AttendanceRecord) -> AttendanceRecord:
    """A pupil as given now, with each earlier word that nobody is to be written to of which nothing is said now."""
    kept = {
        word: getattr(before, word)
        for word in ("letters_held", "do_not_write_until")
        if getattr(before, word) and not getattr(record, word)
    }
    return replace(record, **kept) if kept else record


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

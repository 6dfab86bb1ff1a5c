"""People who sign in, as rows; who has which role at a school is told by roles_kept."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from service.storage.schema import UtcNow
from service.storage.tables.people_tables import invitation, person, role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in; `initials` stand beside what they do in a history."""

    id: int
    email: str
    name: str
    initials: str


PERSON = [person.c[word] for word in Person.__dataclass_fields__]


def add_person(connection: Connection, email: str, name: str, initials: str) -> int:
    """A new person; the number."""
    words = {"email": email.strip().lower(), "name": name, "initials": initials, "added_at": UtcNow()}
    return int(connection.execute(insert(person).values(**words).returning(person.c.id)).scalar_one())


def find_person(connection: Connection, email: str) -> tuple[Person, str] | None:
    """The person with an e-mail address, and the hash of their password ("" before they have one)."""
    query = select(*PERSON, person.c.password).where(person.c.email == email.strip().lower())
    row = connection.execute(query).one_or_none()
    return None if row is None else (Person(*row[:-1]), row.password)


def read_person(connection: Connection, number: int) -> Person | None:
    """A person by number."""
    row = connection.execute(select(*PERSON).where(person.c.id == number)).one_or_none()
    return None if row is None else Person(*row)


def count_people(connection: Connection) -> int:
    """How many people there are."""
    return len(connection.execute(select(person.c.id)).all())


def keep_password(connection: Connection, number: int, hashed: str) -> None:
    """Another password, as its hash."""
    connection.execute(update(person).where(person.c.id == number).values(password=hashed))


def rename_person(connection: Connection, number: int, name: str, initials: str) -> None:
    """Another name for a person, with its initials."""
    connection.execute(update(person).where(person.c.id == number).values(name=name, initials=initials))


def schools_of(connection: Connection, number: int) -> list[tuple[int, str]]:
    """The schools at which a person has a role, and the roles."""
    query = select(role.c.school, role.c.role).where(role.c.person == number).order_by(role.c.school)
    return [(row.school, row.role) for row in connection.execute(query)]


def forget_links(connection: Connection, number: int) -> None:
    """Make every link that was given to a person worthless."""
    connection.execute(delete(invitation).where(invitation.c.person == number))

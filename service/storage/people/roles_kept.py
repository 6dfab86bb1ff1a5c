"""Who has which role at a school, as rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from service.storage.people.people_kept import PERSON, Person
from service.storage.schema import of_school
from service.storage.tables.people_tables import person, role, sign_in


@dataclass(frozen=True, slots=True)
class PersonAtSchool:
    """A person with their role at a school, and whether they have chosen a password yet."""

    person: Person
    role: str
    has_password: bool


def keep_role(connection: Connection, school: int, number: int, given: str) -> None:
    """A person's role at a school, in place of the one before; "" for none."""
    connection.execute(delete(role).where(of_school(role, school), role.c.person == number))
    if given:
        connection.execute(insert(role).values(school=school, person=number, role=given))
    else:
        connection.execute(delete(sign_in).where(of_school(sign_in, school), sign_in.c.person == number))


def role_of(connection: Connection, school: int, number: int) -> str:
    """A person's role at a school; "" for none."""
    query = select(role.c.role).where(of_school(role, school), role.c.person == number)
    return str(connection.execute(query).scalar() or "")


def list_people(connection: Connection, school: int) -> list[PersonAtSchool]:
    """Everybody with a role at a school, by name."""
    query = select(*PERSON, role.c.role, person.c.password).join_from(role, person, role.c.person == person.c.id)
    found = connection.execute(query.where(of_school(role, school)).order_by(person.c.name, person.c.id))
    return [PersonAtSchool(Person(*row[:-2]), row.role, bool(row.password)) for row in found]

"""The people of a school: invited, given another role, and taken off again."""

from __future__ import annotations

import re

from service.errors import Problem, RequestError
from service.memory.memory import Memory
from service.memory.people.roles import ADMINISTRATOR, ROLES
from service.memory.people.signing_in import INVITATION_MINUTES, make_link
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.people.accounts_kept import forget_accounts
from service.storage.people.people_kept import (
    Person,
    add_person,
    count_people,
    find_person,
    forget_links,
    keep_password,
    read_person,
    rename_person,
    schools_of,
)
from service.storage.people.roles_kept import PersonAtSchool, keep_role, list_people, role_of

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def invite(memory: Memory, school: int, email: str, name: str, role: str, by: int | None = None) -> int:
    """A person with a role at a school, new or known by the e-mail address; the person's number.

    Raises RequestError with everything that is wrong, and where the person is another school's (see `_check_reach`).
    """
    faults = list(_find_faults(email, name, role))
    if faults:
        raise RequestError("wrong-person", "This person was not added", faults)
    with memory.database.write(school) as connection:
        found = find_person(connection, email)
        if found is None:
            number = add_person(connection, email, name.strip(), initials_of(name))
        else:
            number = found[0].id
            _check_reach(connection, school, number, by)
            if not schools_of(connection, number):
                _begin_anew(connection, number, name.strip())
        _check_left(connection, school, number, role)
        keep_role(connection, school, number, role)
        note(connection, school, "role given", f"person {number}")
    return number


def link_for(memory: Memory, school: int, number: int, by: int) -> str:
    """The token of a link that lets a person of the school in. Raises RequestError as `invite` does."""
    with memory.database.write(school) as connection:
        _check_reach(connection, school, number, by)
        note(connection, school, "link made", f"person {number}")
    return make_link(memory, number, INVITATION_MINUTES)


def change_role(memory: Memory, school: int, number: int, role: str) -> None:
    """Another role for a person of the school, or none. Raises RequestError when no administrator would be left."""
    with memory.database.write(school) as connection:
        if (role and role not in ROLES) or not role_of(connection, school, number):
            raise _refuse("Choose a person of this school and a role.")
        _check_left(connection, school, number, role)
        keep_role(connection, school, number, role)
        note(connection, school, "role given" if role else "role taken", f"person {number}")


def _check_left(connection: Connection, school: int, number: int, role: str) -> None:
    """Raises RequestError when the school would lose its last administrator."""
    if role != ADMINISTRATOR and role_of(connection, school, number) == ADMINISTRATOR:
        others = [one for one in list_people(connection, school) if one.person.id != number]
        if not any(one.role == ADMINISTRATOR for one in others):
            raise _refuse("Give somebody else the role of administrator first: a school needs one.")


def _check_reach(connection: Connection, school: int, number: int, by: int | None) -> None:
    """Raises RequestError where a person also has a role at a school that `by` does not administer.

    Whoever holds a person's link can sign in as that person, at every school of theirs. And where two schools share a
    person, each would trust the password that the other let somebody choose.
    """
    others = [other for other, _ in schools_of(connection, number) if other != school]
    if by is not None and any(role_of(connection, other, by) != ADMINISTRATOR for other in others):
        sentence = (
            "This e-mail address already signs in at another school. Use another address here, or ask somebody who is "
            "an administrator of both schools: the link would open the other school as well."
        )
        raise RequestError(
            "others-person", "This person was not added", Problem("others-person", sentence, column="email")
        )


def _begin_anew(connection: Connection, number: int, name: str) -> None:
    """Forget what let a person in who had no role any more: only the new link does."""
    rename_person(connection, number, name, initials_of(name))
    keep_password(connection, number, "")
    forget_links(connection, number)
    forget_accounts(connection, number)


def people_of(memory: Memory, school: int) -> list[PersonAtSchool]:
    """Everybody with a role at a school."""
    with memory.database.read() as connection:
        return list_people(connection, school)


def person_of(memory: Memory, number: int) -> Person | None:
    """A person by number."""
    with memory.database.read() as connection:
        return read_person(connection, number)


def schools_with_roles(memory: Memory, number: int) -> list[tuple[int, str]]:
    """The numbers of the schools at which a person has a role, and the roles."""
    with memory.database.read() as connection:
        return schools_of(connection, number)


def is_anybody_there(memory: Memory) -> bool:
    """Whether anybody can sign in yet."""
    with memory.database.read() as connection:
        return count_people(connection) > 0


def initials_of(name: str) -> str:
    """The initials of a name, without the title."""
    parts = [part for part in name.split() if part.strip(".").lower() not in ("mr", "mrs", "ms", "miss", "dr", "mx")]
    return "".join(part[0] for part in parts)[:5].upper()


def _find_faults(email: str, name: str, role: str) -> list[Problem]:
    faults = []
    if not _EMAIL.fullmatch(email.strip()) or len(email) > 254:
        faults.append(Problem("no-email", "Enter an e-mail address, such as name@school.example.", column="email"))
    if not name.strip() or len(name) > 200:
        faults.append(Problem("no-name", "Enter the person's name.", column="name"))
    if role not in ROLES:
        faults.append(Problem("no-role", "Choose what the person may do.", column="role"))
    return faults


def _refuse(sentence: str) -> RequestError:
    return RequestError("role-kept", "The role was not changed", Problem("role-kept", sentence, column="role"))

"""Signing in: by e-mail and password, or by a link that is good once; sessions and how they end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.errors import Problem, RequestError
from service.memory.memory import Memory
from service.memory.people.passwords import find_fault, hash_password, is_right
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.people.accounts_kept import forget_accounts
from service.storage.people.people_kept import (
    Person,
    find_person,
    forget_links,
    keep_password,
    read_person,
    schools_of,
)
from service.storage.people.roles_kept import role_of
from service.storage.people.sign_ins import (
    Link,
    Session,
    add_link,
    begin_session,
    end_other_sessions,
    end_session,
    find_link,
    find_session,
    forget_failures,
    forget_over,
    move_session,
    note_failure,
    now,
    read_attempts,
    see_session,
    use_link,
)

LINK_MINUTES, INVITATION_MINUTES = 15, 7 * 24 * 60
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
MOST_FAILURES, WAIT = 10, timedelta(minutes=15)
_WRONG = "The e-mail address or the password is not right. Check both and try again."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, at which school, and in which role."""

    person: Person
    school: int
    role: str
    session: int


def make_link(memory: Memory, person: int, minutes: int = LINK_MINUTES) -> str:
    """The token of a link that signs a person in once, in place of those before; they may come with another account."""
    token = secrets.token_urlsafe(32)
    with memory.database.write() as connection:
        forget_accounts(connection, person)
        forget_links(connection, person)
        add_link(connection, person, token, minutes)
    return token


def sign_in_by_link(memory: Memory, token: str) -> str:
    """The token of a new session. Raises RequestError when the link is no good any more."""
    with memory.database.write() as connection:
        link = find_link(connection, token)
        if link is None or _is_over(connection, link) or not use_link(connection, link.id):
            sentence = (
                "This link has been used already, or is too old. Ask for a new one, or sign in with your password."
            )
            raise RequestError("old-link", "This link does not work any more", Problem("old-link", sentence))
        return begin(connection, link.person)


def sign_in_by_password(memory: Memory, email: str, password: str) -> str:
    """The token of a new session. Raises RequestError when it is not right, or has failed too often."""
    who = email.strip().lower()
    with memory.database.write() as connection:
        failed, last = read_attempts(connection, who)
        if failed >= MOST_FAILURES and _age(connection, last) < WAIT:
            sentence = "Signing in has failed ten times. Wait 15 minutes, then try again."
            raise RequestError("too-many-attempts", "You cannot sign in yet", Problem("too-many-attempts", sentence))
        found = find_person(connection, who)
    if not is_right(password, found[1] if found else "") or found is None:
        with memory.database.write() as connection:
            note_failure(connection, who)
        raise _refuse()
    with memory.database.write() as connection:
        forget_failures(connection, who)
        return begin(connection, found[0].id)


def choose_password(memory: Memory, signed_in: SignedIn, password: str) -> None:
    """Give a person another password, and end their other sessions. Raises RequestError when it is not good enough."""
    if fault := find_fault(password, signed_in.person.email):
        raise RequestError(
            "weak-password", "Choose another password", Problem("weak-password", fault, column="password")
        )
    with memory.database.write(signed_in.school) as connection:
        keep_password(connection, signed_in.person.id, hash_password(password))
        forget_links(connection, signed_in.person.id)
        end_other_sessions(connection, signed_in.person.id, signed_in.session)
        note(connection, signed_in.school, "password chosen", f"person {signed_in.person.id}")


def find_signed_in(memory: Memory, token: str) -> SignedIn | None:
    """Who has the session of a token; nobody when it is over."""
    with memory.database.read() as connection:
        session = find_session(connection, token)
        if session is None or _has_ended(connection, session):
            return None
        person = read_person(connection, session.person)
        role = role_of(connection, session.school, session.person)
        is_old_news = _age(connection, session.seen_at) > SEEN_EVERY
    if is_old_news:
        with memory.database.write() as connection:
            see_session(connection, session.id)
    return SignedIn(person, session.school, role, session.id) if person and role else None


def sign_out(memory: Memory, token: str) -> None:
    """End a session."""
    with memory.database.write() as connection:
        end_session(connection, token)


def forget_old_sign_ins(connection: Connection) -> None:
    """Forget sessions and links that are over, and failures that no longer count."""
    seconds = (LONGEST, timedelta(minutes=INVITATION_MINUTES), WAIT)
    forget_over(connection, *(int(time.total_seconds()) for time in seconds))


def change_school(memory: Memory, signed_in: SignedIn, school: int) -> None:
    """Go on at another school. Raises RequestError where the person has no role."""
    with memory.database.write() as connection:
        if not role_of(connection, school, signed_in.person.id):
            raise RequestError(
                "no-role", "You cannot see that school", Problem("no-role", "Choose one of your schools.")
            )
        move_session(connection, signed_in.session, school)


def begin(connection: Connection, person: int) -> str:
    """The token of a new session of somebody who has shown who they are. Raises RequestError without a role."""
    schools = schools_of(connection, person)
    if not schools:
        sentence = "You have no role at any school. Ask an administrator of your school for one."
        raise RequestError("no-role", "You cannot sign in", Problem("no-role", sentence))
    token = secrets.token_urlsafe(32)
    begin_session(connection, person, schools[0][0], token)
    note(connection, schools[0][0], "signed in", f"person {person}", who=f"person {person}")
    return token


def _is_over(connection: Connection, link: Link) -> bool:
    return _age(connection, link.made_at) > timedelta(minutes=link.minutes)


def _has_ended(connection: Connection, session: Session) -> bool:
    return _age(connection, session.seen_at) > IDLE or _age(connection, session.begun_at) > LONGEST


def _age(connection: Connection, since: str) -> timedelta:
    """How long ago a time of the database's was, by the database's own clock."""
    return datetime.fromisoformat(now(connection)) - datetime.fromisoformat(since)


def _refuse() -> RequestError:
    return RequestError("wrong-password", "You are not signed in", Problem("wrong-password", _WRONG, column="email"))

"""Sessions, links that sign somebody in once, and failed attempts, as rows; only hashes of what opens them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from service.storage.schema import UtcLater, UtcNow
from service.storage.tables.people_tables import attempt, invitation, sign_in


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was begun: whose, at which school; times are the database's own."""

    id: int
    person: int
    school: int
    begun_at: str
    seen_at: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was made for a person, good for so many minutes from then on."""

    id: int
    person: int
    made_at: str
    minutes: int


def hash_token(token: str) -> str:
    """What is kept of a token; a token is random, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def now(connection: Connection) -> str:
    """The database's own time."""
    return str(connection.execute(select(UtcNow())).scalar_one())


def begin_session(connection: Connection, person: int, school: int, token: str) -> None:
    """A new session."""
    words = {"person": person, "school": school, "token": hash_token(token), "begun_at": UtcNow(), "seen_at": UtcNow()}
    connection.execute(insert(sign_in).values(**words))


def find_session(connection: Connection, token: str) -> Session | None:
    """The session of a token."""
    words = [sign_in.c[word] for word in Session.__dataclass_fields__]
    row = connection.execute(select(*words).where(sign_in.c.token == hash_token(token))).one_or_none()
    return None if row is None else Session(*row)


def see_session(connection: Connection, number: int) -> None:
    """Note that a session is in use."""
    connection.execute(update(sign_in).where(sign_in.c.id == number).values(seen_at=UtcNow()))


def move_session(connection: Connection, number: int, school: int) -> None:
    """Go on at another school."""
    connection.execute(update(sign_in).where(sign_in.c.id == number).values(school=school))


def end_session(connection: Connection, token: str) -> None:
    """End a session."""
    connection.execute(delete(sign_in).where(sign_in.c.token == hash_token(token)))


def end_other_sessions(connection: Connection, person: int, kept: int) -> None:
    """End all sessions of a person but one."""
    connection.execute(delete(sign_in).where(sign_in.c.person == person, sign_in.c.id != kept))


def forget_over(connection: Connection, session: int, link: int, failure: int) -> None:
    """Forget sessions, links and failures that began more than so many seconds ago."""
    for began, seconds in ((sign_in.c.begun_at, session), (invitation.c.made_at, link), (attempt.c.failed_at, failure)):
        connection.execute(delete(began.table).where(began < UtcLater(-seconds)))


def add_link(connection: Connection, person: int, token: str, minutes: int) -> None:
    """A link that signs a person in once."""
    words = {"person": person, "token": hash_token(token), "made_at": UtcNow(), "minutes": minutes}
    connection.execute(insert(invitation).values(**words))


def find_link(connection: Connection, token: str) -> Link | None:
    """The link of a token, as long as nobody has used it."""
    words = [invitation.c[word] for word in Link.__dataclass_fields__]
    row = connection.execute(select(*words).where(invitation.c.token == hash_token(token))).one_or_none()
    return None if row is None else Link(*row)


def use_link(connection: Connection, number: int) -> bool:
    """Use a link up; False when somebody was quicker."""
    return connection.execute(delete(invitation).where(invitation.c.id == number)).rowcount == 1


def read_attempts(connection: Connection, who: str) -> tuple[int, str]:
    """How often signing in with an e-mail address has failed in a row, and when last."""
    query = select(attempt.c.failed, attempt.c.failed_at).where(attempt.c.who == hash_token(who))
    row = connection.execute(query).one_or_none()
    return (0, "") if row is None else (row.failed, row.failed_at)


def note_failure(connection: Connection, who: str) -> None:
    """Count a failed attempt."""
    same = attempt.c.who == hash_token(who)
    if not connection.execute(
        update(attempt).where(same).values(failed=attempt.c.failed + 1, failed_at=UtcNow())
    ).rowcount:
        connection.execute(insert(attempt).values(who=hash_token(who), failed=1, failed_at=UtcNow()))


def forget_failures(connection: Connection, who: str) -> None:
    """Begin to count anew."""
    connection.execute(delete(attempt).where(attempt.c.who == hash_token(who)))

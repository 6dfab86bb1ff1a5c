"""Which account of an OpenID provider is whose, as rows."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from service.storage.schema import UtcNow
from service.storage.tables.people_tables import account


def find_account_holder(connection: Connection, issuer: str, subject: str) -> int | None:
    """The person whose account this is."""
    query = select(account.c.person).where(account.c.issuer == issuer, account.c.subject == subject)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def has_account(connection: Connection, person: int, issuer: str) -> bool:
    """Whether a person has signed in with an account of this provider."""
    query = select(account.c.id).where(account.c.person == person, account.c.issuer == issuer)
    return connection.execute(query).first() is not None


def keep_account(connection: Connection, person: int, issuer: str, subject: str) -> None:
    """This account is this person's from now on."""
    words = {"person": person, "issuer": issuer, "subject": subject, "added_at": UtcNow()}
    connection.execute(insert(account).values(**words))


def forget_accounts(connection: Connection, person: int) -> None:
    """No account is this person's any more."""
    connection.execute(delete(account).where(account.c.person == person))

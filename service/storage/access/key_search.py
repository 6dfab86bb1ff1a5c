"""What is asked of the database before a school is known: whose a key is, and the time."""

from __future__ import annotations

from sqlalchemy import Connection, select

from service.storage.access.api_keys import StoredKey
from service.storage.schema import UtcNow, api_key


def find_key(connection: Connection, hashed: str) -> StoredKey | None:
    """The key with a hash, whichever school's, revoked or not."""
    row = connection.execute(select(api_key).where(api_key.c.hash == hashed)).one_or_none()
    return None if row is None else StoredKey(*row)


def is_any_active(connection: Connection) -> bool:
    """Whether any school has a key that was not revoked."""
    query = select(api_key.c.id).where(api_key.c.revoked_at == "").limit(1)
    return connection.execute(query).first() is not None


def read_now(connection: Connection) -> str:
    """The database's own time, as its rows have it."""
    return str(connection.execute(select(UtcNow())).scalar_one())

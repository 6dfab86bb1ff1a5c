"""The keys of a school's programs, as rows: a key itself is never kept, only its hash."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from service.storage.schema import UtcNow, api_key, of_school


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key: whose it is, how it begins, what it may do (words with spaces between them), when it was used last."""

    id: int
    school: int
    prefix: str
    hash: str
    kind: str
    scopes: str
    name: str
    added_at: str = ""
    used_at: str = ""
    revoked_at: str = ""


def add_key(connection: Connection, new: StoredKey) -> int:
    """Keep a new key; its number."""
    words = {word: getattr(new, word) for word in "school prefix hash kind scopes name".split()}
    query = insert(api_key).values(**words, added_at=UtcNow()).returning(api_key.c.id)
    return int(connection.execute(query).scalar_one())


def list_keys(connection: Connection, school: int) -> list[StoredKey]:
    """Every key of a school, revoked ones included, in the order in which they were made."""
    query = select(api_key).where(of_school(api_key, school)).order_by(api_key.c.id)
    return [StoredKey(*row) for row in connection.execute(query)]


def revoke_key(connection: Connection, school: int, number: int) -> bool:
    """Revoke a key; False when there is none of that number, or it was revoked already."""
    query = update(api_key).where(of_school(api_key, school), api_key.c.id == number, api_key.c.revoked_at == "")
    return connection.execute(query.values(revoked_at=UtcNow())).rowcount == 1


def note_use(connection: Connection, school: int, number: int) -> None:
    """Note that a key is used now."""
    query = update(api_key).where(of_school(api_key, school), api_key.c.id == number)
    connection.execute(query.values(used_at=UtcNow()))

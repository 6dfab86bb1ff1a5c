"""Webhooks as rows: where a school's programs are told of what happened, and of which events."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from service.storage.schema import UtcNow, delivery, of_school, webhook


@dataclass(frozen=True, slots=True)
class StoredHook:
    """A webhook: its address, the events (words with spaces between them), and how often its secret was changed."""

    id: int
    school: int
    address: str
    events: str
    turn: int = 0
    turned_at: str = ""
    added_at: str = ""


def add_hook(connection: Connection, school: int, address: str, events: str) -> int:
    """Keep a new webhook; its number."""
    query = insert(webhook).values(school=school, address=address, events=events, added_at=UtcNow())
    return int(connection.execute(query.returning(webhook.c.id)).scalar_one())


def list_hooks(connection: Connection, school: int) -> list[StoredHook]:
    """A school's webhooks, in the order in which they were made."""
    query = select(webhook).where(of_school(webhook, school)).order_by(webhook.c.id)
    return [StoredHook(*row) for row in connection.execute(query)]


def find_hook(connection: Connection, school: int, number: int) -> StoredHook | None:
    """A school's webhook by its number."""
    row = connection.execute(select(webhook).where(of_school(webhook, school), webhook.c.id == number)).one_or_none()
    return StoredHook(*row) if row else None


def turn_secret(connection: Connection, school: int, number: int) -> bool:
    """Note that a webhook has another secret from now on; False when there is none of that number."""
    query = update(webhook).where(of_school(webhook, school), webhook.c.id == number)
    return connection.execute(query.values(turn=webhook.c.turn + 1, turned_at=UtcNow())).rowcount == 1


def remove_hook(connection: Connection, school: int, number: int) -> bool:
    """Take a webhook away with everything that was or would have been sent; False when there is none."""
    connection.execute(delete(delivery).where(of_school(delivery, school), delivery.c.webhook == number))
    return connection.execute(delete(webhook).where(of_school(webhook, school), webhook.c.id == number)).rowcount == 1

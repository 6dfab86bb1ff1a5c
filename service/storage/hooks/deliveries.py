"""What is sent to webhooks, as rows: written with what happened, sent afterwards, so that nothing is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from service.storage.schema import UtcLater, UtcNow, delivery, of_school

WAITING, TAKEN, GIVEN_UP = "waiting", "taken", "given up"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to tell one webhook: what it is about (JSON with ids alone), how often it was tried, what came back."""

    id: int
    school: int
    webhook: int
    event: str
    about: str
    state: str
    attempts: int
    answer: str
    made_at: str
    due_at: str
    ended_at: str


def add_deliveries(connection: Connection, school: int, hooks: Iterable[int], event: str, about: str) -> None:
    """Write down what these webhooks are to be told, with what happened."""
    words = {"school": school, "event": event, "about": about, "state": WAITING}
    for hook in hooks:
        connection.execute(insert(delivery).values(**words, webhook=hook, made_at=UtcNow(), due_at=UtcNow()))


def list_deliveries(connection: Connection, school: int, hook: int, after: int, most: int) -> list[Delivery]:
    """What a webhook was or will be told, the latest first; those before the number `after`, all where it is 0."""
    query = select(delivery).where(of_school(delivery, school), delivery.c.webhook == hook)
    query = query.where(delivery.c.id < after) if after else query
    return [Delivery(*row) for row in connection.execute(query.order_by(delivery.c.id.desc()).limit(most))]


def claim_delivery(connection: Connection, found: Delivery, seconds: int) -> bool:
    """Take a delivery for so many seconds; False when somebody else has it."""
    query = update(delivery).where(of_school(delivery, found.school), delivery.c.id == found.id)
    query = query.where(delivery.c.state == WAITING, delivery.c.attempts == found.attempts)
    words = {"attempts": found.attempts + 1, "due_at": UtcLater(seconds)}
    return connection.execute(query.values(**words)).rowcount == 1


def end_delivery(connection: Connection, school: int, number: int, state: str, answer: str) -> None:
    """Note that a delivery was taken, or given up."""
    query = update(delivery).where(of_school(delivery, school), delivery.c.id == number)
    connection.execute(query.values(state=state, answer=answer, ended_at=UtcNow()))


def put_off(connection: Connection, school: int, number: int, answer: str, seconds: int) -> None:
    """Note what came back, and try again later."""
    query = update(delivery).where(of_school(delivery, school), delivery.c.id == number)
    connection.execute(query.values(answer=answer, due_at=UtcLater(seconds)))


def send_again(connection: Connection, school: int, hook: int, number: int) -> bool:
    """Have a delivery sent anew, whatever became of it; False when the webhook has none of that number."""
    query = update(delivery).where(of_school(delivery, school), delivery.c.webhook == hook, delivery.c.id == number)
    words = {"state": WAITING, "attempts": 0, "answer": "", "due_at": UtcNow(), "ended_at": ""}
    return connection.execute(query.values(**words)).rowcount == 1


def delete_deliveries(connection: Connection, school: int, before: str) -> int:
    """Forget deliveries that ended before a moment; how many."""
    query = delete(delivery).where(of_school(delivery, school), delivery.c.ended_at != "", delivery.c.ended_at < before)
    return connection.execute(query).rowcount

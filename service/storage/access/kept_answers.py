"""Answers that are given again to the same request for a day, as rows: to which request, whether there is one yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from service.storage.packing import squeeze, unsqueeze
from service.storage.schema import UtcNow, kept_answer, of_school

RUNNING, DONE = "running", "done"


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A request that was sent with a key of its own: the hash of it, whether it is answered, and how (JSON)."""

    id: int
    request: str
    state: str
    noted_at: str
    answer: str


def find_answer(connection: Connection, school: int, key: str) -> KeptAnswer | None:
    """What is kept under a request's key."""
    query = select(kept_answer).where(of_school(kept_answer, school), kept_answer.c.key == key)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return KeptAnswer(row.id, row.request, row.state, row.noted_at, unsqueeze(row.answer) if row.answer else "")


def begin_answer(connection: Connection, school: int, key: str, request: str) -> int:
    """Note that a request is being answered; its number."""
    words = {"school": school, "key": key, "request": request, "state": RUNNING, "noted_at": UtcNow()}
    return int(connection.execute(insert(kept_answer).values(**words).returning(kept_answer.c.id)).scalar_one())


def keep_answer_of(connection: Connection, school: int, number: int, answer: str, pupil: int | None) -> None:
    """Keep the answer to a request, which is about a pupil, or about nobody."""
    query = update(kept_answer).where(of_school(kept_answer, school), kept_answer.c.id == number)
    connection.execute(query.values(state=DONE, answer=squeeze(answer), pupil=pupil, noted_at=UtcNow()))


def forget_answer(connection: Connection, school: int, number: int) -> None:
    """Forget a request that was not answered, so that it can be sent again."""
    same = (of_school(kept_answer, school), kept_answer.c.id == number, kept_answer.c.state == RUNNING)
    connection.execute(delete(kept_answer).where(*same))


def delete_answers(connection: Connection, school: int, before: str) -> int:
    """Delete what was noted before a time."""
    query = delete(kept_answer).where(of_school(kept_answer, school), kept_answer.c.noted_at < before)
    return connection.execute(query).rowcount

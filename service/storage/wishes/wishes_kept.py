"""Wishes for a pupil's next letter, as rows: open until letters are issued, then kept with their decision."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from service.storage.schema import UtcNow, decision, of_school, wish
from service.storage.stored import StoredWish

STORED_WISH = tuple(wish.c[word] for word in StoredWish._fields)


def keep_wish(connection: Connection, school: int, pupil: int, wanted: StoredWish) -> None:
    """A wish in place of the open one of its kind."""
    drop_wish(connection, school, pupil, wanted.kind)
    words = {**wanted._asdict(), "school": school, "pupil": pupil, "noted_at": UtcNow()}
    connection.execute(insert(wish).values(**words))


def drop_wish(connection: Connection, school: int, pupil: int, kind: str) -> bool:
    """Take an open wish back; whether there was one."""
    same = (of_school(wish, school), wish.c.pupil == pupil, wish.c.kind == kind, wish.c.decision.is_(None))
    return connection.execute(delete(wish).where(*same)).rowcount == 1


def use_wish(connection: Connection, school: int, pupil: int, kind: str, number: int, words: str) -> None:
    """Keep an open wish with the decision whose letters it changed, in the words that were used."""
    same = (of_school(wish, school), wish.c.pupil == pupil, wish.c.kind == kind, wish.c.decision.is_(None))
    connection.execute(update(wish).where(*same).values(decision=number, words=words))


def list_used(connection: Connection, school: int, decisions: Collection[int]) -> dict[int, list[StoredWish]]:
    """The wishes that changed the letters of some decisions, by the decision's number."""
    used = (of_school(wish, school), wish.c.decision.in_(decisions))
    found: dict[int, list[StoredWish]] = {}
    for number, *row in connection.execute(select(wish.c.decision, *STORED_WISH).where(*used).order_by(wish.c.id)):
        found.setdefault(number, []).append(StoredWish(*row))
    return found


def delete_old(connection: Connection, school: int, before: date) -> None:
    """Delete the wishes whose letters are of days before a day, and those from then that never came to a letter."""
    decided = select(decision.c.id).where(of_school(decision, school), decision.c.day < before)
    is_old = or_(wish.c.decision.in_(decided), and_(wish.c.decision.is_(None), wish.c.day < before))
    connection.execute(delete(wish).where(of_school(wish, school), is_old))

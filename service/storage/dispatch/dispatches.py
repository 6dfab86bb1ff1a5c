"""That a letter was printed or sent, as rows; one that was a mistake stays, and does not count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select, update

from service.storage.issued import ISSUED
from service.storage.schema import UtcNow, dispatch, letter, of_school


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A step on a letter's way to the family: printed, or sent (how), on a day, by whom."""

    written: int
    step: str
    how: str
    day: date
    by: str


def note_dispatch(connection: Connection, school: int, pupil: int, made: Dispatch) -> None:
    """Note a step of a letter about a pupil; the letter is in that state from now on."""
    words = {word: getattr(made, word) for word in Dispatch.__dataclass_fields__}
    connection.execute(insert(dispatch).values(school=school, pupil=pupil, **words, noted_at=UtcNow()))
    _set_state(connection, school, made.written, made.step)


def undo_last(connection: Connection, school: int, number: int) -> bool:
    """Count a letter's last step no more; False when there was none."""
    same = (of_school(dispatch, school), dispatch.c.written == number, dispatch.c.is_undone == 0)
    query = select(dispatch.c.id, dispatch.c.step).where(*same).order_by(dispatch.c.id.desc()).limit(2)
    steps = list(connection.execute(query))
    if not steps:
        return False
    connection.execute(update(dispatch).where(dispatch.c.id == steps[0].id).values(is_undone=1))
    _set_state(connection, school, number, steps[1].step if len(steps) > 1 else ISSUED)
    return True


def last_steps(connection: Connection, school: int, numbers: Collection[int]) -> dict[int, Dispatch]:
    """The last step that counts of each of these letters that has one."""
    words = [dispatch.c[word] for word in Dispatch.__dataclass_fields__]
    same = (of_school(dispatch, school), dispatch.c.written.in_(numbers), dispatch.c.is_undone == 0)
    found = connection.execute(select(*words).where(*same).order_by(dispatch.c.id))
    return {row.written: Dispatch(*row) for row in found}


def _set_state(connection: Connection, school: int, number: int, state: str) -> None:
    connection.execute(update(letter).where(of_school(letter, school), letter.c.id == number).values(state=state))

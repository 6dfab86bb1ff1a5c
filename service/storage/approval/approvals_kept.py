"""Letters that wait for a signatory, as rows: one at a time about a pupil; what was settled stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, insert, select, update

from service.storage.schema import UtcNow, approval, of_school

WAITS, APPROVED, REFUSED, DROPPED = "waiting", "approved", "refused", "dropped"


@dataclass(frozen=True, slots=True)
class NewApproval:
    """A letter that somebody wants to issue: `is_named` where it is not the one that is due; `meeting` as JSON.

    `asker` is the number of the person who asks, 0 for a program or a command.
    """

    day: date
    letter: str
    label: str
    is_named: bool
    meeting: str
    asked_by: str
    asker: int = 0


@dataclass(frozen=True, slots=True)
class Approval:
    """A letter that waits or waited for a signatory, and what became of it."""

    id: int
    pupil: int
    day: date
    letter: str
    label: str
    is_named: int
    meeting: str
    asked_by: str
    asker: int
    asked_at: str
    state: str
    settled_by: str
    settled_at: str
    why: str


_WORDS = [approval.c[word] for word in Approval.__dataclass_fields__]


def add_approval(connection: Connection, school: int, pupil: int, new: NewApproval) -> bool:
    """Ask for a letter about a pupil, in place of another that waits; False where this one waits already."""
    waits = find_waiting(connection, school, pupil)
    if waits and (waits.letter, waits.meeting) == (new.letter, new.meeting):
        return False
    if waits:
        settle_approval(connection, school, waits.id, DROPPED, new.asked_by, "Another letter was asked for.")
    words = {word: getattr(new, word) for word in NewApproval.__dataclass_fields__} | {"is_named": int(new.is_named)}
    made = {"school": school, "pupil": pupil, "state": WAITS, "asked_at": UtcNow()}
    connection.execute(insert(approval).values(**words, **made))
    return True


def settle_approval(connection: Connection, school: int, number: int, state: str, by: str, why: str = "") -> bool:
    """Say what became of a letter that waits; False when it waits no more."""
    same = (of_school(approval, school), approval.c.id == number, approval.c.state == WAITS)
    words = {"state": state, "settled_by": by, "settled_at": UtcNow(), "why": why}
    return connection.execute(update(approval).where(*same).values(**words)).rowcount > 0


def find_approval(connection: Connection, school: int, number: int) -> Approval | None:
    """A letter that waits or waited, by its number."""
    row = connection.execute(select(*_WORDS).where(of_school(approval, school), approval.c.id == number)).one_or_none()
    return None if row is None else Approval(*row)


def find_waiting(connection: Connection, school: int, pupil: int) -> Approval | None:
    """The letter about a pupil that waits."""
    same = (of_school(approval, school), approval.c.pupil == pupil, approval.c.state == WAITS)
    row = connection.execute(select(*_WORDS).where(*same)).one_or_none()
    return None if row is None else Approval(*row)


def list_waiting(connection: Connection, school: int) -> list[Approval]:
    """Every letter of a school that waits, the oldest first."""
    query = select(*_WORDS).where(of_school(approval, school), approval.c.state == WAITS)
    return [Approval(*row) for row in connection.execute(query.order_by(approval.c.id))]


def list_settled(connection: Connection, school: int, most: int) -> list[Approval]:
    """The letters of a school about which something was said last, the latest first."""
    query = select(*_WORDS).where(of_school(approval, school), approval.c.state != WAITS)
    return [Approval(*row) for row in connection.execute(query.order_by(approval.c.settled_at.desc()).limit(most))]


def last_of_pupil(connection: Connection, school: int, pupil: int) -> Approval | None:
    """The letter about a pupil that was asked for last."""
    query = select(*_WORDS).where(of_school(approval, school), approval.c.pupil == pupil)
    row = connection.execute(query.order_by(approval.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else Approval(*row)


def delete_approvals(connection: Connection, school: int, before: date) -> int:
    """Delete what was asked for before a day."""
    return connection.execute(delete(approval).where(of_school(approval, school), approval.c.day < before)).rowcount

"""What a signatory says of the letters that wait: approved, and so issued; or not, with a reason."""

from __future__ import annotations

import json
from dataclasses import dataclass

from service.attendance.reading.value_kinds import find_text_fault
from service.errors import Problem, RequestError
from service.memory.issuing import CHANGED, Issued, issue_for
from service.memory.memory import Memory, OpenSchool
from service.memory.people.roles import SIGNATORY
from service.memory.remembered import remember
from service.memory.today import Today
from service.storage.approval.approvals_kept import (
    APPROVED,
    DROPPED,
    REFUSED,
    WAITS,
    Approval,
    find_approval,
    list_settled,
    list_waiting,
    settle_approval,
)
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.people.people_kept import Person
from service.storage.people.roles_kept import role_of

LONGEST = 500
_SETTLED = "This letter waits no more: somebody has settled it. Load the page again."
_OWN = "You asked for this letter yourself. Somebody else has to approve it."
_NO_SIGNATORY = "Only a signatory of this school approves letters. An administrator gives roles under Settings, People."
_NOT_DUE = "This letter is not due any more, so it was not issued, and waits no more."


@dataclass(frozen=True, slots=True)
class Approvals:
    """The letters of a school that wait, the oldest first, and those that were settled last."""

    waiting: list[Approval]
    settled: list[Approval]


def find_approvals(memory: Memory, school: OpenSchool, most_settled: int = 0) -> Approvals:
    """What waits for a signatory, and what was said last."""
    with memory.database.read() as connection:
        settled = list_settled(connection, school.id, most_settled) if most_settled else []
        return Approvals(list_waiting(connection, school.id), settled)


def meeting_of(asked: Approval) -> dict[str, str] | None:
    """The meeting that the letter invites to, where it was given with the asking."""
    return dict(json.loads(asked.meeting)) if asked.meeting else None


def approve(memory: Memory, today: Today, number: int, seen: int, who: Person) -> Issued:
    """Approve a letter that waits, as it was seen, and issue it; `seen` is the version of the pupil that was looked at.

    Raises RequestError where it cannot be: it waits no more, `who` asked for it or is no signatory, the pupil has
    changed, or the letter is not due any more (then it waits no more).
    """
    school = today.school
    with memory.database.read() as connection:
        asked = _check(connection, school, number, who)

    def settle(connection: Connection, _issued: Issued) -> None:
        if not settle_approval(connection, school.id, number, APPROVED, who.initials):
            raise _refuse("settled", _SETTLED)
        note(connection, school.id, "letter approved", f"approval {number}")

    _check_due(memory, today, asked, seen, who)
    named = asked.letter if asked.is_named else ""
    by = ", ".join(filter(None, (asked.asked_by, who.initials)))
    return issue_for(
        memory, today, asked.pupil, named, by, meeting_of(asked), settle, asker=who.id, seen=seen, is_approved=True
    )


def refuse(memory: Memory, school: OpenSchool, number: int, why: str, who: Person) -> None:
    """Say that a letter that waits is not issued, and why. Raises RequestError as `approve`, and without a reason."""
    reason = _read_reason(why)
    with memory.database.write(school.id) as connection:
        _check(connection, school, number, who)
        settle_approval(connection, school.id, number, REFUSED, who.initials, reason)
        note(connection, school.id, "letter not approved", f"approval {number}")


def drop(memory: Memory, school: OpenSchool, number: int, by: str, why: str = "") -> None:
    """Ask for a letter no more. Raises RequestError where it waits no more."""
    with memory.database.write(school.id) as connection:
        if not settle_approval(connection, school.id, number, DROPPED, by, why):
            raise _refuse("settled", _SETTLED)
        note(connection, school.id, "approval dropped", f"approval {number}")


def _check(connection: Connection, school: OpenSchool, number: int, who: Person) -> Approval:
    """The letter that waits, where this person can say something of it."""
    asked = find_approval(connection, school.id, number)
    if asked is None or asked.state != WAITS:
        raise _refuse("settled", _SETTLED)
    if role_of(connection, school.id, who.id) != SIGNATORY:
        raise _refuse("no-signatory", _NO_SIGNATORY)
    if asked.asker == who.id or (not asked.asker and asked.asked_by and asked.asked_by == who.initials):
        raise _refuse("own-letter", _OWN)
    return asked


def _check_due(memory: Memory, today: Today, asked: Approval, seen: int, who: Person) -> None:
    """Ask no more for a letter that was due when it was asked for, and is not now."""
    about = remember(memory, today, asked.pupil)
    if about.stored.version != seen:
        raise _refuse("changed", CHANGED)
    if not asked.is_named and about.pupil.decide().letter != asked.letter:
        drop(memory, today.school, asked.id, who.initials, _NOT_DUE)
        raise _refuse("not-due", _NOT_DUE)


def _read_reason(why: str) -> str:
    reason = why.strip()
    if not reason:
        raise _refuse("no-reason", "Say why: whoever asked for the letter reads it.", "why")
    if len(reason) > LONGEST:
        raise _refuse("long-reason", f"Use at most {LONGEST} characters; this has {len(reason)}.", "why")
    if fault := find_text_fault(reason):
        raise _refuse("unusable-text", fault, "why")
    return reason


def _refuse(code: str, sentence: str, column: str = "") -> RequestError:
    return RequestError(code, "This cannot be done", Problem(code, sentence, column=column))

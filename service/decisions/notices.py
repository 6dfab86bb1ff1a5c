"""Penalty notices, which count for each parent."""

from __future__ import annotations

from datetime import date

from service.attendance.record import AttendanceRecord


def count_notices(record: AttendanceRecord, first: date, last: date) -> int:
    """The most penalty notices from one day to another that one parent has had for this child."""
    standing = find_standing_notices(record, last)
    return max((sum(day >= first for day in days) for days in standing.values()), default=0)


def find_standing_notices(record: AttendanceRecord, last: date) -> dict[str, list[date]]:
    """The days of the penalty notices that stand on a day, in order, by parent: a contact's number, else the name.

    A withdrawal takes back the latest notice to the same parent that still stands.
    """
    standing: dict[str, list[date]] = {}
    for event in record.history:
        if event.on > last:
            break
        if event.event == "penalty_notice":
            standing.setdefault(_parent(record, event.recipient), []).append(event.on)
        elif event.event == "penalty_notice_withdrawn":
            standing.setdefault(_parent(record, event.recipient), [])[-1:] = []
    return standing


def _parent(record: AttendanceRecord, recipient: str) -> str:
    """One name for a parent, whether the history gives the contact's number or name."""
    wanted = recipient.casefold()
    for number, contact in enumerate(record.contacts, 1):
        untitled = f"{contact.first_name} {contact.last_name}".strip()
        if wanted in (str(number), contact.name.casefold(), untitled.casefold()):
            return str(number)
    return wanted

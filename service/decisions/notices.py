"""Penalty notices, which count for each parent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from service.attendance.record import AttendanceRecord
from service.attendance.words import PER_PARENT_EVENTS


def count_notices(record: AttendanceRecord, first: date, last: date, parents: Iterable[int] = ()) -> int:
    """The most penalty notices that any one parent has had; of `parents`, contact numbers, where some are given."""
    found = find_notices(record, first, last)
    wanted = {str(number) for number in parents} or found.keys()
    return max((len(found.get(parent, ())) for parent in wanted), default=0)


def find_notices(record: AttendanceRecord, first: date, last: date) -> dict[str, list[date]]:
    """The days from `first` on of the notices that count on `last`, in order, by the parent's contact number or name.

    A withdrawal takes back the latest notice to the same parent that has not been withdrawn yet, however long ago that
    was issued. The history can be in any order; only events of the same day count in the order given.
    """
    events = [event for event in record.history if event.event in PER_PARENT_EVENTS and event.on <= last]
    counting: dict[str, list[date]] = {}
    for event in sorted(events, key=lambda event: event.on):
        days = counting.setdefault(_parent(record, event.recipient), [])
        if event.event == "penalty_notice":
            days.append(event.on)
        elif days:
            days.pop()
    return {parent: [day for day in days if day >= first] for parent, days in counting.items()}


def _parent(record: AttendanceRecord, recipient: str) -> str:
    """One name for a parent, whether the history gives the contact's number or name."""
    wanted = recipient.casefold()
    for number, contact in enumerate(record.contacts, 1):
        untitled = f"{contact.first_name} {contact.last_name}".strip()
        if wanted in (str(number), contact.name.casefold(), untitled.casefold()):
            return str(number)
    return wanted

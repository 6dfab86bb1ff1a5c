"""What a pupil's own record says that keeps letters from leaving until a person has looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from service.attendance.record import AttendanceRecord
from service.errors import Problem

_NOT_HELD = frozenset(("", "no", "n", "false", "f", "0", "none", "n/a", "-"))


def with_standing_holds(record: AttendanceRecord, on: date | None) -> AttendanceRecord:
    """The record with what holds its letters back on that day; a day that nobody knows is later than all others."""
    found = tuple(_find_holds(record, on or date.max))
    return replace(record, holds=(*record.holds, *found)) if found else record


def _find_holds(record: AttendanceRecord, on: date) -> Iterator[Problem]:
    if record.date_of_leaving and record.date_of_leaving <= on:
        sentence = f"The pupil left on {record.date_of_leaving:%d/%m/%Y}, so no letter goes out."
        yield Problem("has-left", sentence, "/date_of_leaving")
    if record.do_not_write_until and on < record.do_not_write_until:
        sentence = f"Nobody is to be written to about this pupil before {record.do_not_write_until:%d/%m/%Y}."
        yield Problem("do-not-write", sentence, "/do_not_write_until")
    if is_held(record.letters_held):
        sentence = "Letters about this pupil are held. Find out why, and clear this once they may go out."
        yield Problem("letters-held", sentence, "/letters_held")
    for place, contact in enumerate(record.contacts):
        if contact.court_order:
            sentence = f"Check the court order first: one is recorded for contact {place + 1}."
            yield Problem("court-order", sentence, f"/contacts/{place}/court_order")


def is_held(text: str) -> bool:
    """Whether what stands under "letters held" holds them: anything but a plain no."""
    return text.strip().casefold() not in _NOT_HELD

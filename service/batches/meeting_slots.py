"""The meetings that are still free, from a CSV file, and who is given which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.value_kinds import read_day
from service.attendance.record import AttendanceRecord
from service.attendance.words import MEETING
from service.cohort.columns.aliases import shipped_aliases
from service.cohort.sheet import find_sheet
from service.cohort.text_file import read_text_file
from service.errors import CohortError, Problem
from service.letters.meeting_day import unfit_meeting_day

SLOT_WORDS: Mapping[str, str] = MappingProxyType(dict(zip(("date", "time", "place", "with"), MEETING, strict=True)))
"""What a slot's columns are called, and the words of a record that they become."""


_HEADINGS = "Put the headings Date, Time, Place and With above the free meetings, a row for each."


def read_slots(path: Path, on: date, calendar: SchoolCalendar) -> list[dict[str, str]]:
    """The meeting slots of a CSV file with date, time, place and with; the calendar has the letters' days in the post.

    Raises CohortError when it has none, or with every slot on a day to which letters of `on` cannot invite.
    """
    text = read_text_file(path)
    try:
        sheet = find_sheet(path.name, text.rows, shipped_aliases())
    except CohortError:  # it speaks of pupils, whom a table of meetings does not name
        sheet = None
    if sheet is None or sheet.kind != "meetings":
        raise CohortError(Problem("no-headings", _HEADINGS, file=path.name))
    slots, problems = [], []
    for number, row in sheet.rows():
        slot = {
            word: row[place].strip()
            for name, word in SLOT_WORDS.items()
            if (place := sheet.headings.places.get(name)) is not None and place < len(row) and row[place].strip()
        }
        problems += [replace(problem, file=path.name, row=number) for problem in find_day_faults(slot, on, calendar)]
        slots.append(slot)
    if problems:
        raise CohortError(problems)
    return slots


def find_day_faults(slot: Mapping[str, str], on: date, calendar: SchoolCalendar) -> Iterator[Problem]:
    """What is wrong with a slot's day: that it is none, or one to which letters of `on` cannot invite."""
    text = slot.get("meeting_date", "")
    if text and read_day(text, british=True) is None:
        yield Problem("not-a-day", "This is not a date. Write it as 27/11/2026 or 2026-11-27.")
    if sentence := unfit_meeting_day(text, on, calendar):
        yield Problem("unfit-meeting-day", sentence)


@dataclass(slots=True)
class Slots:
    """Meeting slots that are given out in order, one to each pupil who is invited and has no meeting yet."""

    free: list[dict[str, str]] = field(default_factory=list)

    def give(self, record: AttendanceRecord) -> AttendanceRecord:
        """The record with the next free slot."""
        return replace(record, meeting=self.free.pop(0))

    def take_back(self, record: AttendanceRecord) -> None:
        """Make a slot free again whose letter could not be made."""
        self.free.insert(0, dict(record.meeting))

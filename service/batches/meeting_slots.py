"""The meetings that are still free, from a CSV file, and who is given which."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from service.attendance.reading.value_kinds import read_day
from service.attendance.record import AttendanceRecord
from service.attendance.words import MEETING
from service.cohort.columns.aliases import shipped_aliases
from service.cohort.sheet import find_sheet
from service.cohort.text_file import read_text_file
from service.errors import CohortError, Problem


def read_slots(path: Path, on: date) -> list[dict[str, str]]:
    """The meeting slots of a CSV file with date, time, place and with.

    Raises CohortError when it has none, or with every slot that lies before the day of the letters.
    """
    text = read_text_file(path)
    sheet = find_sheet(path.name, text.rows, shipped_aliases())
    if sheet.kind != "meetings":
        sentence = "A file of meeting slots has the headings date, time, place and with."
        raise CohortError(Problem("no-headings", sentence, file=path.name))
    words = dict(zip(("date", "time", "place", "with"), MEETING, strict=True))
    slots, problems = [], []
    for number, row in sheet.rows():
        slot = {
            word: row[place].strip()
            for name, word in words.items()
            if (place := sheet.headings.places.get(name)) is not None and place < len(row) and row[place].strip()
        }
        day = read_day(slot.get("meeting_date", ""), british=True)
        if day is None and slot.get("meeting_date"):
            sentence = "This is not a date. Write it as 27/11/2026 or 2026-11-27."
            problems.append(Problem("not-a-day", sentence, file=path.name, row=number))
        if day and day < on:
            sentence = f"This meeting is before the date of the letters ({on:%d/%m/%Y}). Remove it or change the date."
            problems.append(Problem("past-meeting", sentence, file=path.name, row=number))
        slots.append(slot)
    if problems:
        raise CohortError(problems)
    return slots


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

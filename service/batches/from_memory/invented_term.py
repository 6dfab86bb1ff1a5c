"""The invented school in memory: a term as an office would have worked through it, with something due today."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from service.attendance.calendar import SchoolCalendar
from service.attendance.record import Event
from service.batches.meeting_slots import read_slots
from service.cohort.event_rows import Past
from service.cohort.join import read_cohort
from service.cohort.pupil_row import PupilRow
from service.cohort.share import Share
from service.memory.dispatch.sending import note_sent
from service.memory.due_today import Due, find_due
from service.memory.issuing import issue_for
from service.memory.memory import Memory, OpenSchool, open_school, open_schools
from service.memory.people.staff import people_of
from service.memory.reading_notes import Notes
from service.memory.recording import write_down
from service.memory.reversing import letters_of_day
from service.memory.school_files import add_from_file
from service.memory.taking_in import take_in
from service.memory.today import open_day
from service.sample.export import calendar_for, write_sample

KEY = "sample"
PUPILS, SEED = 240, 11
BY = "JM"
_WAITING = 2
_ROUNDS = tuple(timedelta(days=days) for days in (56, 42, 28, 13))
"""How long ago the letters that were due were issued."""


class StoppedError(Exception):
    """Somebody stops the service while the school is being made."""


@dataclass(frozen=True, slots=True)
class _Term:
    """The export of the whole term; on each day what was known then is decided about."""

    memory: Memory
    school: OpenSchool
    folder: Path
    is_stopped: Callable[[], bool]

    def take_in(self, day: date) -> None:
        """Take in the export of a day."""
        past = Past(nothing_sent=True)
        cohort = read_cohort(self.folder, events=self.events, on=day, past=past, marks_cover=None)
        take_in(self.memory, self.school, replace(cohort, read=self._watched(cohort.read)), day)

    @property
    def events(self) -> frozenset[str]:
        """Everything that a history may hold."""
        return self.memory.desk.policy(self.school.school.policy).events

    def _watched(self, read: Callable[[Share], Iterator[tuple[int, PupilRow]]]) -> Any:
        def read_on(share: Share) -> Iterator[tuple[int, PupilRow]]:
            for item in read(share):
                self.go_on()
                yield item

        return read_on

    def go_on(self) -> None:
        """Stop here where somebody asked for it."""
        if self.is_stopped():
            raise StoppedError

    def issue(self, day: date) -> None:
        """Issue what was due on a day, and note the conversations that followed."""
        school = open_school(self.memory, KEY)
        today = open_day(self.memory, school, self.memory.desk.policy(school.school.policy), day)
        slots = read_slots(self.folder / "meetings.csv", day, school.postal_calendar)
        for place, due in enumerate(list(_with_letters(find_due(self.memory, today)))):
            self.go_on()
            number = due.remembered.stored.id
            issue_for(self.memory, today, number, by=BY, meeting=slots[place % len(slots)] if slots else None)
            if place % 3 == 0:
                spoken = Event(day + timedelta(days=1), "parent_contact", by=BY, method="by telephone")
                write_down(self.memory, school, number, Notes(event=spoken))

    def send(self, days: Iterable[date]) -> None:
        """Note that the letters of these days were posted on them; the very last ones wait in the office still."""
        school = open_school(self.memory, KEY)
        issued = [(day, letter.id) for day in days for letter in letters_of_day(self.memory, school, day)]
        for day, posted in groupby(issued[:-_WAITING], key=itemgetter(0)):
            note_sent(self.memory, school, [number for _, number in posted], "post", day, day, BY)


def find_invented_school(memory: Memory) -> OpenSchool | None:
    """The invented school, once it is whole: its people are added last."""
    found = _find(memory)
    return found if found and people_of(memory, found.id) else None


def keep_invented_school(
    memory: Memory, today: date, pupils: int = PUPILS, is_stopped: Callable[[], bool] = lambda: False
) -> OpenSchool:
    """The invented school, with a term behind it; one that is half made is completed, each letter issued once.

    Raises StoppedError when `is_stopped` says so in the middle.
    """
    if found := find_invented_school(memory):
        return found
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "export"
        write_sample(folder, pupils, SEED, today, has_history=False)
        school = _find(memory) or add_from_file(memory, KEY, folder / "school.toml")
        days = list(_issuing_days(today))
        term = _Term(memory, school, folder, is_stopped)
        term.take_in(today)
        for day in days:
            term.issue(day)
        term.send(days)
    return open_school(memory, KEY)


def _find(memory: Memory) -> OpenSchool | None:
    return next((school for school in open_schools(memory) if school.stored.key == KEY), None)


def _issuing_days(today: date) -> Iterator[date]:
    """The school days of this year on which letters were issued."""
    calendar = SchoolCalendar(calendar_for(today))
    for ago in _ROUNDS:
        day = calendar.school_day_before(today - ago + timedelta(days=1))
        if day > calendar.terms[0].first + timedelta(days=14):
            yield day


def _with_letters(found: Iterator[Due]) -> Iterator[Due]:
    """Those due a letter that can be written."""
    for due in found:
        if due.decision and due.decision.letter and not due.remembered.pupil.record.holds:
            yield due

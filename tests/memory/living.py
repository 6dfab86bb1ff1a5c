"""A memory to test with: opened on a database, filled from pupils as JSON, read back as a person would see it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.cohort.event_rows import Past
from service.cohort.join import Cohort
from service.cohort.shapes.json_pupils import read_json_pupils
from service.decisions.decision import Decision
from service.desk import Desk
from service.memory.due_today import find_due
from service.memory.issuing import Issued, issue_for
from service.memory.memory import Memory, OpenSchool, open_memory, open_school
from service.memory.reading_notes import Notes
from service.memory.recording import write_down
from service.memory.remembered import number_of
from service.memory.school_files import write_settings
from service.memory.taking_in import TakenIn, take_in
from service.memory.today import Today, open_day
from service.memory.told_history import Told, tell_history
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import PREFIX, read_settings
from tests.invented import CALENDAR, ON, make_marks, make_values
from tests.storage.databases import prepare

N_ON_5_OCTOBER = (("2026-10-05 AM", "N"),)
SLOT = {"meeting_date": "2026-11-26", "meeting_time": "9 am", "meeting_place": "Room 1", "meeting_with": "Ms Vale"}
TWO_LETTERS = ({"on": "2026-10-01", "event": "letter_1"}, {"on": "2026-10-15", "event": "letter_2"})
TWENTY_ABSENCES = tuple((f"2026-{month}-{day:02} AM", "O") for month, day in (("09", 7), ("10", 8), ("11", 9)))


def settings_for(tmp_path: Path, url: str = "", **words: str) -> dict[str, str]:
    """The settings of a memory of the sample school in a temporary folder, as the environment gives them."""
    school = tmp_path / "school.toml"
    if not school.exists():  # written whole before anybody looks, and once: clients that start together share it
        tmp_path.mkdir(parents=True, exist_ok=True)
        school.write_text(write_settings(SAMPLE_SCHOOL), encoding="utf-8")
    given = {"DATA": str(tmp_path / "data"), "DATABASE": url, "SCHOOL": str(school), **words}
    return {PREFIX + word: value for word, value in given.items()}


@contextmanager
def memory_of(tmp_path: Path, url: str = "", **words: str) -> Iterator[Memory]:
    """An open memory in a temporary folder."""
    if not url:
        prepare(tmp_path / "data")
    with open_memory(Desk(read_settings(settings_for(tmp_path, url, **words)))) as memory:
        yield memory


def take(
    memory: Memory,
    *pupils: dict[str, Any],
    on: date = ON,
    at: str = "",
    calendar: SchoolCalendar = CALENDAR,
    nothing_sent: bool = True,
) -> TakenIn:
    """Take an export of these pupils in; where it has no history, nothing was sent before."""
    past = Past(nothing_sent=nothing_sent)
    events = frozenset[str]().union(*(policy.events for policy in memory.desk.policies.values()))
    told = [past.complete(pupil) for pupil in pupils]
    read = partial(read_json_pupils, told, "pupils.json", events, MarkDays(calendar, on))
    return take_in(memory, open_school(memory, at), Cohort(calendar, read), on)


def ill(**words: Any) -> dict[str, Any]:
    """A pupil with three separate absences, who is due Letter 1 under Bradford's policy on the usual day."""
    return make_values(**{"marks": make_marks(TWENTY_ABSENCES), **words})


def invited(history: Iterable[dict[str, str]] = TWO_LETTERS) -> dict[str, Any]:
    """A pupil who is due an invitation after two letters, Letter 3 under Bradford's policy."""
    absences = (*TWENTY_ABSENCES, *((f"2026-11-{day} AM", "O") for day in (10, 11, 12)))
    return ill(history=list(history), marks=make_marks(absences), parent_engaged=False)


def issue(
    memory: Memory, name: str = "4711", on: date = ON, policy: str = "bradford", at: str = "", **words: Any
) -> Issued:
    """Issue what one pupil is due."""
    return issue_for(memory, today(memory, on, policy, at), number_of(memory, open_school(memory, at), name), **words)


def today(memory: Memory, on: date = ON, policy: str = "bradford", at: str = "") -> Today:
    """A day at the school."""
    return open_day(memory, open_school(memory, at), memory.desk.policy(policy), on)


def due(memory: Memory, on: date = ON, policy: str = "bradford", at: str = "") -> dict[str, Decision]:
    """Every pupil's decision, by the pupil's key."""
    found = find_due(memory, today(memory, on, policy, at))
    return {item.remembered.pupil.record.key: item.decision for item in found}


def note(memory: Memory, name: str, notes: Notes, at: str = "") -> int:
    """Write something down about a pupil; the event's number."""
    here = open_school(memory, at)
    return write_down(memory, here, number_of(memory, here, name), notes).number


def history(memory: Memory, name: str = "4711", at: str = "") -> Told:
    """A pupil's history."""
    return tell_history(memory, open_school(memory, at), name)


def school(memory: Memory, at: str = "") -> OpenSchool:
    """The school, or the one with a key."""
    return open_school(memory, at)


def as_line(decision: Decision) -> str:
    """A decision as one line, to compare."""
    return json.dumps(decision.as_json(), ensure_ascii=False, sort_keys=True)

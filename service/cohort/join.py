"""Files of an export -> numbered pupil records, or why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.attendance.words import EVENTS
from service.cohort.calendar_rows import read_calendar_rows
from service.cohort.event_rows import Past
from service.cohort.files import NO_HEADINGS, CohortFiles, open_files
from service.cohort.holds.coverage import MARKS_COVER
from service.cohort.pupil_row import PupilRow
from service.cohort.pupil_tables import find_people, leave_out_meetings
from service.cohort.pupils import name_left_over, read_pupils
from service.cohort.row_counts import RowCount
from service.cohort.shapes.json_cohort import read_json_cohort
from service.cohort.shapes.json_pupils import count_pupils, read_json_pupils
from service.cohort.share import EVERYBODY, Share
from service.cohort.survey import say_beside
from service.errors import CohortError, Problem

_FATAL = frozenset(
    "repeated-headings too-many-columns no-pupil-column no-session-column unclosed-quote cell-too-long nul-byte "
    "unknown-encoding damaged-workbook".split()
)
"""Faults of a table that would leave part of the facts out of every decision."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everything that an export holds; pupils are read one by one, as often as they are asked for."""

    calendar: SchoolCalendar
    read: Callable[[Share], Iterator[tuple[int, PupilRow]]]
    """The pupils of a share with their places in the export, from 0."""
    on: date | None = None
    notices: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Faults of files and of rows that belong to no pupil."""
    history_known: bool = True
    """Whether anything says what was sent and done before."""
    counts: tuple[RowCount, ...] = ()
    """What became of the rows of each table, before the pupils are read."""

    @property
    def pupils(self) -> Iterator[PupilRow]:
        """Every pupil, in the order of the export."""
        return (row for _, row in self.read(EVERYBODY))


def read_cohort(
    path: Path,
    events: frozenset[str] = frozenset(EVENTS),
    on: date | None = None,
    shape: str = "",
    past: Past | None = None,
    marks_cover: int | None = MARKS_COVER,
    headings: Mapping[str, Sequence[str]] = NO_HEADINGS,
) -> Cohort:
    """The cohort of a folder or of one file; marks after `on`, the day of the decision, are left out.

    `shape` names the system that a JSON file comes from; else it is recognised, where it can be. `past` says what is
    known of what was sent before, beside the history in the export; `marks_cover` is the per cent of school days that a
    pupil's marks must cover; None where the marks are joined with others before anybody looks. `headings` are the
    school's own names for columns, by the word that each stands for.
    Raises CohortError when nothing can be used: no pupils, or files that cannot be understood.
    """
    if not path.exists():
        raise CohortError(Problem("no-such-file", "There is no such file or folder.", file=path.name))
    files = open_files(path, shape, headings)
    if files.own_json is not None:
        return _from_json(files.own_json, path.name, events, on, past or Past())
    return _from_tables(files, events, on, past or Past(), marks_cover)


def read_document(
    values: Any,
    name: str,
    events: frozenset[str],
    on: date,
    shape: str,
    past: Past,
    marks_cover: int | None = MARKS_COVER,
) -> Cohort:
    """The cohort of another system's JSON document; `name` is what sentences call it.

    Raises CohortError when nothing can be used.
    """
    files = CohortFiles(shape=shape)
    files.take_document(values, name)
    files.find_lost_pages()
    return _from_tables(files, events, on, past, marks_cover)


def _from_json(values: dict[str, Any], name: str, events: frozenset[str], on: date | None, past: Past) -> Cohort:
    content = read_json_cohort(values, name)
    days = MarkDays(content.calendar, on or content.on)
    pupils = [past.complete(pupil) for pupil in content.pupils]
    is_known = all("history" in pupil for pupil in pupils if isinstance(pupil, dict))
    read = partial(read_json_pupils, pupils, name, events, days)
    return Cohort(content.calendar, read, content.on, history_known=is_known, counts=(count_pupils(pupils, name),))


def _from_tables(
    files: CohortFiles, events: frozenset[str], on: date | None, past: Past, marks_cover: int | None
) -> Cohort:
    people = find_people(files)
    if not people or any(problem.code in _FATAL for problem in files.problems):
        sentence = "No file with pupils was found. A row for each pupil needs a UPN or a pupil reference."
        raise CohortError(files.problems or [Problem("no-pupils", sentence)])
    calendar = SchoolCalendar(read_calendar_rows(files.of("calendar"), files.problems))
    try:
        pupils = read_pupils(files, people, MarkDays(calendar, on), events, past, marks_cover)
    except CohortError as error:
        raise CohortError([*files.problems, *error.problems]) from None
    name_left_over(pupils, files)
    leave_out_meetings(files.of("meetings"))
    notices, problems = (*files.notices, *say_beside(files.all())), tuple(files.problems)
    return Cohort(calendar, pupils.read, None, notices, problems, pupils.parts.history_known, tuple(files.counts()))

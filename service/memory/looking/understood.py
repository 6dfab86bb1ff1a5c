"""What we understood of uploaded files, before anything of them is taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType

from service.cohort.columns.aliases import with_own_aliases
from service.cohort.columns.column_words import say_column_word
from service.cohort.columns.headings import find_word
from service.cohort.files import open_files
from service.cohort.join import Cohort, read_cohort
from service.cohort.pupil_row import PupilRow
from service.cohort.row_counts import RowCount, settle
from service.cohort.share import Share
from service.cohort.sheet import Sheet
from service.errors import CohortError, Problem
from service.memory.export_days import find_days
from service.memory.letter_names import known_events, past_of
from service.memory.memory import Memory, OpenSchool
from service.storage.kept_marks import Days

MOST_PUPILS = 20_000
"""Pupils of one upload: several times the largest school, and few enough for a page to be answered."""
PupilReader = Callable[[Share], Iterator[tuple[int, PupilRow]]]
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "pupils": "Pupils",
        "contacts": "Contacts",
        "long marks": "Marks, a row for each mark",
        "wide marks": "Marks, a column for each session",
        "day marks": "Marks, a row for each day",
        "weekly marks": "Marks, a row for each week",
        "mark strings": "Marks, all of a pupil's in one cell",
        "summary": "Attendance figures",
        "history": "What was sent and done before",
        "judgements": "Answers to questions",
        "calendar": "The school's calendar",
        "meetings": "Meetings that can be given out",
    }
)
"""What each kind of table holds, as a person says it."""
_MOST = 60
"""Headings of a table that was not understood which are shown."""


@dataclass(frozen=True, slots=True)
class TableUnderstood:
    """A table: its name, what it holds, what each heading stands for (with whether that is only probable), and the
    headings that are not used."""

    name: str
    holds: str
    headings: tuple[tuple[str, str, bool], ...]
    unused: tuple[str, ...]

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The headings about which a person should say what they are."""
        return (*(heading for heading, _, is_probable in self.headings if is_probable), *self.unused)


@dataclass(frozen=True, slots=True)
class Understood:
    """What an export says: its tables, days and rows, the good pupils and the rows that cannot be used."""

    cohort: Cohort
    tables: tuple[TableUnderstood, ...]
    days: Days | None
    good: int
    refused: tuple[PupilRow, ...]
    counts: tuple[RowCount, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, files first."""
        return (*self.cohort.problems, *(problem for row in self.refused for problem in row.problems))


def read_uploaded(memory: Memory, school: OpenSchool, folder: Path, on: date, nothing_sent: bool) -> Cohort:
    """The export of a folder, as `import` reads it; more than `MOST_PUPILS` raise CohortError when they are read.

    Raises CohortError when nothing of it can be used.
    """
    past = past_of(memory.desk, school.school, nothing_sent)
    path = next(iter(folder.iterdir())) if len(list(folder.iterdir())) == 1 else folder
    cohort = read_cohort(
        path,
        events=known_events(memory.desk),
        on=on,
        past=past,
        marks_cover=None,
        headings=school.school.headings,
    )
    return replace(cohort, read=partial(_read_some, cohort.read))


def _read_some(read: PupilReader, share: Share) -> Iterator[tuple[int, PupilRow]]:
    """Pupils as long as they may all be one school's."""
    for place, row in read(share):
        if place >= MOST_PUPILS:
            sentence = f"These files name more than {MOST_PUPILS:,} pupils. Upload one school's export at a time."
            raise CohortError(Problem("too-many-pupils", sentence))
        yield place, row


def understand(memory: Memory, school: OpenSchool, folder: Path, on: date, nothing_sent: bool) -> Understood:
    """What the export of a folder says. Raises CohortError when nothing of it can be used."""
    cohort = read_uploaded(memory, school, folder, on, nothing_sent)
    rows = list(cohort.pupils)
    refused = tuple(row for row in rows if row.record is None)
    counts = settle(cohort.counts, refused)
    tables = tuple(map(_describe, open_files(folder, headings=school.school.headings).all()))
    return Understood(cohort, tables, find_days(cohort), len(rows) - len(refused), refused, tuple(counts))


def find_headings(school: OpenSchool, folder: Path) -> tuple[TableUnderstood, ...]:
    """The tables of a folder from which nothing can be taken, with the headings that they seem to have."""
    try:
        files = open_files(folder, headings=school.school.headings)
    except CohortError:
        return ()
    aliases = with_own_aliases(school.school.headings)
    lost = (
        TableUnderstood(name, "Not understood", (), tuple(cell for cell in row[:_MOST] if not find_word(cell, aliases)))
        for name, row in files.first_rows.items()
    )
    return (*lost, *map(_describe, files.all()))


def _describe(sheet: Sheet) -> TableUnderstood:
    headings = sheet.headings
    return TableUnderstood(sheet.name, KINDS.get(sheet.kind, sheet.kind), tuple(_say_headings(sheet)), headings.unknown)


def _say_headings(sheet: Sheet) -> Iterator[tuple[str, str, bool]]:
    probable = {item.heading for item in sheet.headings.probable}
    for word, place in sheet.headings.places.items():
        heading = sheet.headings.cells[place] if place < len(sheet.headings.cells) else word
        yield heading, say_column_word(word), heading in probable

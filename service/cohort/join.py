"""Files of an export -> numbered pupil records, or why not."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path

from service.attendance.calendar import SchoolCalendar
from service.attendance.days import MarkDays
from service.attendance.reading import read_record
from service.attendance.record import AttendanceRecord
from service.attendance.register import Register
from service.attendance.words import EVENTS
from service.cohort.calendar_rows import read_calendar_rows
from service.cohort.files import CohortFiles, open_files
from service.cohort.further_files import MOST_LEFT_OVER, Parts, find_right_names, read_parts
from service.cohort.json_cohort import read_json_cohort
from service.cohort.json_pupils import read_json_pupils
from service.cohort.marks.long_marks import read_long_marks
from service.cohort.marks.registers import CohortMarks
from service.cohort.marks.wide_marks import read_wide_marks
from service.cohort.pupil_row import PupilRow
from service.cohort.record_rows import RowReader
from service.cohort.share import EVERYBODY, Share
from service.cohort.sheet import Sheet, names_pupil_and_contact
from service.cohort.survey import Survey, say_mangled, survey_rows
from service.errors import CohortError, Problem, RecordError

_FATAL = frozenset(
    "repeated-headings too-many-columns no-pupil-column unclosed-quote cell-too-long nul-byte unknown-encoding "
    "damaged-workbook".split()
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

    @property
    def pupils(self) -> Iterator[PupilRow]:
        """Every pupil, in the order of the export."""
        return (row for _, row in self.read(EVERYBODY))


def read_cohort(path: Path, events: frozenset[str] = frozenset(EVENTS), on: date | None = None) -> Cohort:
    """The cohort of a folder or of one file; marks after `on`, the day of the decision, are left out.

    Raises CohortError when nothing can be used: no pupils, or files that cannot be understood.
    """
    if not path.exists():
        raise CohortError(Problem("no-such-file", "There is no such file or folder.", file=path.name))
    if path.is_file() and path.suffix.lower() == ".json":
        return _from_json(path, events, on)
    return _Joiner(events, on, open_files(path)).join()


def _from_json(path: Path, events: frozenset[str], on: date | None) -> Cohort:
    content = read_json_cohort(path)
    days = MarkDays(content.calendar, on or content.on)
    return Cohort(content.calendar, partial(read_json_pupils, content.pupils, path.name, events, days), content.on)


class _Joiner:
    """Puts each pupil's parts together out of the tables of an export."""

    def __init__(self, events: frozenset[str], on: date | None, files: CohortFiles) -> None:
        self.events = events
        self.on = on
        self.files = files
        self.people = self._find_people()
        self.surveys: dict[str, Survey] = {}

    def join(self) -> Cohort:
        """The cohort of these files. Raises CohortError when there are no pupils in them."""
        files = self.files
        if not self.people or any(problem.code in _FATAL for problem in files.problems):
            sentence = "No file with pupils was found. A row for each pupil needs a UPN or a pupil reference."
            raise CohortError(files.problems or [Problem("no-pupils", sentence)])
        calendar = SchoolCalendar(read_calendar_rows(files.of("calendar"), files.problems))
        try:
            self._survey()
            parts, marks = self._parts(), self._marks(MarkDays(calendar, self.on))
        except CohortError as error:
            raise CohortError([*files.problems, *error.problems]) from None
        files.problems.extend([*parts.faults.of_nobody, *marks.problems])
        self._find_left_over(parts, marks)
        self._mend_names(parts)
        return Cohort(
            calendar,
            partial(self._pupils, parts, marks),
            notices=tuple(files.notices),
            problems=tuple(files.problems),
        )

    def _find_people(self) -> list[Sheet]:
        """The tables that say who the pupils are: the first kind of this order that there is.

        A list without names beside one with names adds to it; it does not say who the pupils are. Of lists of
        contacts, one that names the pupil beside the contact comes first.
        """
        for kind in ("pupils", "summary", "wide marks", "contacts"):
            if found := self.files.of(kind):
                named = [sheet for sheet in found if _has_names(sheet)] if kind == "pupils" else []
                both = [sheet for sheet in found if names_pupil_and_contact(sheet.headings)]
                return named or both or found
        return []

    def _survey(self) -> None:
        """A first look at all tables about pupils, to their ends."""
        for sheet in self.files.of("pupils", "summary"):
            survey = self.surveys[sheet.name] = survey_rows(sheet)
            self.files.notices.extend(survey.notices(sheet))
        for sheet in self.people:
            if sheet.name not in self.surveys:
                self.surveys[sheet.name] = survey_rows(sheet)
            references = self.surveys[sheet.name].references
            for other in self.files.all():
                other.references.update({reference: upn for reference, upn in references.items() if reference and upn})

    def _parts(self) -> Parts:
        further = [sheet for sheet in self.files.of("pupils", "summary") if sheet not in self.people]
        kinds = {kind: self.files.of(kind) for kind in ("history", "judgements")}
        contacts = [sheet for sheet in self.files.of("contacts") if sheet not in self.people]
        parts = read_parts({**kinds, "summary": further, "contacts": contacts}, self.surveys)
        for sheet in further:
            if lost := len(self.surveys[sheet.name].mangled):
                names = "1 name" if lost == 1 else f"{lost:,} names"
                used = ", ".join(person.name for person in self.people)
                self.files.notices.append(f"{sheet.name}: letters were lost in {names}; those of {used} are used.")
        mangled = [key for sheet in self.people for key in self.surveys[sheet.name].mangled]
        others = [sheet for sheet in (*further, *self.files.of("wide marks")) if sheet not in self.people]
        parts.names = find_right_names(mangled, [sheet for sheet in others if _has_names(sheet)])
        return parts

    def _marks(self, days: MarkDays) -> CohortMarks:
        marks, sheets = CohortMarks(days), self.files.of("long marks", "wide marks")
        problems: list[Problem] = []
        for sheet in sheets:
            try:
                (read_long_marks if sheet.kind == "long marks" else read_wide_marks)(sheet, marks)
            except CohortError as error:
                problems.extend(error.problems)
        if problems:
            raise CohortError(problems)
        self.files.notices.extend(marks.notices(sheets))
        return marks

    def _pupils(self, parts: Parts, marks: CohortMarks, share: Share) -> Iterator[tuple[int, PupilRow]]:
        repeated = self._find_repeated()
        readers = (RowReader(sheet, self.surveys[sheet.name]) for sheet in self.people)
        tables = enumerate(readers, 1 if len(self.people) > 1 else 0)
        rows = ((table, reader, number, row) for table, reader in tables for number, row in reader.sheet.rows())
        for place, (table, reader, number, row) in enumerate(rows):
            key = reader.sheet.key_of(row)
            if not share.takes(place):
                continue
            if key in repeated:
                yield place, _repeated(reader, number, key, repeated[key])
            else:
                yield place, replace(self._pupil(reader, number, row, parts, marks), table=table)

    def _find_repeated(self) -> dict[str, list[tuple[str, int]]]:
        """The tables and rows of each identifier that stands in more than one."""
        surveys = [(sheet.name, self.surveys[sheet.name]) for sheet in self.people]
        keys = {key for _, survey in surveys for key in survey.repeated}
        for place, (_, survey) in enumerate(surveys):
            keys.update(key for _, other in surveys[:place] for key in survey.first_rows.keys() & other.first_rows)
        return {
            key: [
                (name, row)
                for name, survey in surveys
                if key in survey.first_rows
                for row in survey.repeated.get(key, [survey.first_rows[key]])
            ]
            for key in keys
        }

    def _pupil(self, reader: RowReader, number: int, row: Sequence[str], parts: Parts, marks: CohortMarks) -> PupilRow:
        sheet, key = reader.sheet, reader.sheet.key_of(row)
        register = marks.find(key)
        problems = [*reader.faults(number, row), *parts.faults.of_pupils.get(key, ()), *marks.faulty.get(key, ())]
        broken = {problem.column for problem in problems}
        try:
            record = read_record(parts.put_together(reader, row, key), is_row=True, events=self.events)
        except RecordError as error:
            locator = parts.locate(reader, number, row, key)
            found = (locator.place(problem, sheet, number) for problem in error.problems)
            problems += (problem for problem in found if problem.column not in broken)
            return PupilRow(number, sheet.name, key, None, tuple(problems))
        if problems:
            return PupilRow(number, sheet.name, key, None, tuple(problems))
        return PupilRow(number, sheet.name, key, _with_marks(record, register, tuple(marks.warnings.get(key, ()))))

    def _find_left_over(self, parts: Parts, marks: CohortMarks) -> None:
        """Name the rows that belong to no pupil of the list."""
        surveys = [self.surveys[sheet.name].first_rows for sheet in self.people]
        seen = ChainMap(*surveys)
        left = [*_marks_left_over(marks, seen), *parts.left_over(seen)]
        self.files.problems.extend(islice(left, MOST_LEFT_OVER))
        if len(left) > MOST_LEFT_OVER:
            sentence = f"{len(left) - MOST_LEFT_OVER:,} more rows belong to pupils who are not in the list of pupils."
            self.files.problems.append(Problem("unknown-pupil", sentence))

    def _mend_names(self, parts: Parts) -> None:
        """Find which names that lost letters stand right in another file, and say so of all of them."""
        for sheet in self.people if parts.names else ():
            reader = RowReader(sheet, self.surveys[sheet.name])
            for _, row in sheet.rows():
                if (key := sheet.key_of(row)) in parts.names:
                    parts.put_together(reader, row, key)
        self.files.notices.extend(parts.notices())
        mended = set[str]().union(*parts.mended.values())
        for sheet in self.people:
            lost = [number for key, number in self.surveys[sheet.name].mangled.items() if key not in mended]
            if lost:
                self.files.notices.append(say_mangled(lost, sheet.name))


def _has_names(sheet: Sheet) -> bool:
    return sheet.headings.has("last_name") or sheet.headings.has("full_name")


def _repeated(reader: RowReader, number: int, key: str, rows: Sequence[tuple[str, int]]) -> PupilRow:
    """The row of a pupil whose identifier other rows have too, refused: nobody can tell whose marks are whose."""
    name = reader.sheet.name
    others = [
        f"row {row}" if file == name else f"{file}, row {row}" for file, row in rows if (file, row) != (name, number)
    ]
    heading = reader.key_heading
    sentence = f"This {heading} is also in {' and '.join(others[:5])}. Correct it, or keep one of the rows."
    return PupilRow(number, name, key, None, (reader.sheet.problem("repeated-pupil", sentence, number, heading),))


def _with_marks(record: AttendanceRecord, register: Register | None, warnings: tuple[str, ...]) -> AttendanceRecord:
    """A record with the register of another file; the figures then come from the marks."""
    if register is None:
        return replace(record, warnings=(*record.warnings, *warnings)) if warnings else record
    said = ("Marks and a summary were both given; the figures come from the marks.",) if record.summary else ()
    return replace(record, register=register, summary=None, warnings=(*record.warnings, *said, *warnings))


def _marks_left_over(marks: CohortMarks, seen: Container[str]) -> Iterator[Problem]:
    """Marks that belong to no pupil of the export."""
    for key in marks.registers:
        if key not in seen:
            file, row = marks.first_rows[key]
            sentence = "These marks belong to a pupil who is not in the list of pupils."
            yield Problem("unknown-pupil", sentence, file=file, row=row)

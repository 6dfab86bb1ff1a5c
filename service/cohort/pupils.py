"""Each pupil's parts out of the tables of an export -> a record with what keeps its letters back."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from service.attendance.closed_days import MarkDays
from service.attendance.holding.disagreement import find_disagreements, say_disagreements
from service.attendance.reading.on_the_day import on_the_day
from service.attendance.reading.records import read_record
from service.attendance.record import AttendanceRecord
from service.attendance.summary_days import find_other_days
from service.cohort.event_rows import Past
from service.cohort.files import CohortFiles
from service.cohort.further_files import MOST_LEFT_OVER, Parts, find_right_names, read_further_contacts, read_parts
from service.cohort.holds.absences_only import summary_of_absences, with_absences
from service.cohort.holds.coverage import MARKS_COVER, SchoolDays
from service.cohort.holds.held_columns import HeldColumns
from service.cohort.holds.hidden_rows import leave_out_hidden
from service.cohort.holds.too_few import hold_too_few, say_too_few
from service.cohort.holds.two_contacts import find_two_contacts
from service.cohort.holds.two_files import ToldPupil, find_two_figures, find_two_pupils
from service.cohort.marks.read_marks import read_all_marks
from service.cohort.marks.registers import CohortMarks
from service.cohort.pupil_row import PupilRow
from service.cohort.pupil_tables import (
    choose_rows,
    has_further_contacts,
    has_names,
    merge_rows,
    refuse_several_rows,
    say_merged,
)
from service.cohort.record_rows import Locator, RowReader
from service.cohort.row_counts import LeftOut, RowCount
from service.cohort.share import Share
from service.cohort.sheet import MARK_KINDS, Sheet
from service.cohort.survey import OtherPupils, Survey, say_mangled, survey_rows
from service.errors import AttendanceLettersError, Problem, RecordError
from service.faults import note_pupil_fault


@dataclass
class Pupils:
    """The pupils of an export's tables, read one by one."""

    people: list[Sheet]
    surveys: dict[str, Survey]
    parts: Parts
    marks: CohortMarks
    days: MarkDays
    events: frozenset[str]
    school_days: SchoolDays | None = None
    held: dict[str, HeldColumns] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    """The pupils whose rows in the list of pupils are hidden: they are left out."""

    def read(self, share: Share) -> Iterator[tuple[int, PupilRow]]:
        """The pupils of a share with their places in the export, from 0."""
        repeated = self._find_repeated()
        readers = (RowReader(sheet, self.surveys[sheet.name]) for sheet in self.people)
        tables = enumerate(readers, 1 if len(self.people) > 1 else 0)
        for place, (table, reader, number, row, key) in enumerate(self._rows(tables)):
            if not share.takes(place):
                continue
            if key in repeated:
                yield place, _repeated(reader, number, key, repeated[key])
            else:
                yield place, replace(self._guarded(reader, number, row), table=table)

    def _guarded(self, reader: RowReader, number: int, row: Sequence[str]) -> PupilRow:
        """A pupil's row; what nobody foresaw costs this pupil and no other."""
        try:
            return self._pupil(reader, number, row)
        except (AttendanceLettersError, OSError, MemoryError):  # of the run, and not of this pupil
            raise
        except Exception as error:
            key = reader.sheet.key_of(row)
            return PupilRow(number, reader.sheet.name, key, None, (note_pupil_fault(error),))

    def _rows(
        self, tables: Iterable[tuple[int, RowReader]]
    ) -> Iterator[tuple[int, RowReader, int, Sequence[str], str]]:
        """Every pupil's row; of a pupil with marks in several files the first."""
        seen: set[str] = set()
        for table, reader in tables:
            is_once = reader.sheet.is_once
            for number, row in reader.sheet.rows():
                key = reader.sheet.key_of(row)
                if is_once and key and key in seen:
                    continue
                seen.add(key)
                yield table, reader, number, row, key

    def _find_repeated(self) -> dict[str, list[tuple[str, int]]]:
        """The tables and rows of each identifier that stands in more than one."""
        once = {sheet.name for sheet in self.people if sheet.is_once}
        surveys = [(sheet.name, self.surveys[sheet.name]) for sheet in self.people]
        keys = {key for name, survey in surveys if name not in once for key in survey.repeated}
        for place, (name, survey) in enumerate(surveys):
            others = [other for other in surveys[:place] if not {name, other[0]} <= once]
            keys.update(key for _, other in others for key in survey.first_rows.keys() & other.first_rows)
        return {
            key: [
                (name, row)
                for name, survey in surveys
                if key in survey.first_rows
                for row in survey.repeated.get(key, [survey.first_rows[key]])
            ]
            for key in keys
        }

    def _pupil(self, reader: RowReader, number: int, row: Sequence[str]) -> PupilRow:
        sheet, key = reader.sheet, reader.sheet.key_of(row)
        problems = [
            *reader.faults(number, row), *self.parts.faults.of_pupils.get(key, ()), *self.marks.faults_of(key)
        ]  # fmt: skip
        broken = {problem.column for problem in problems}
        locate = partial(self.parts.locate, reader, number, row, key)
        try:
            record = read_record(self.parts.put_together(reader, row, key), is_row=True, events=self.events)
        except RecordError as error:
            locator = locate()
            found = (locator.place(problem, sheet, number) for problem in error.problems)
            problems += (problem for problem in found if problem.column not in broken)
            return PupilRow(number, sheet.name, key, None, tuple(problems))
        if record.summary and self.days.on:
            faults = find_other_days(record.summary, self.days.on)
            problems += [locate().place(fault, sheet, number) for fault in faults]
        told = self._told_pupils(reader, number, row, key)
        problems += find_two_figures(told)
        if problems:
            return PupilRow(number, sheet.name, key, None, tuple(problems))
        return PupilRow(number, sheet.name, key, self._complete(record, reader, number, row, locate, told))

    def _complete(
        self,
        record: AttendanceRecord,
        reader: RowReader,
        number: int,
        row: Sequence[str],
        locate: Callable[[], Locator],
        told: Sequence[ToldPupil],
    ) -> AttendanceRecord:
        """The record with its marks, its warnings and what holds its letters back."""
        key = reader.sheet.key_of(row)
        record = self._with_marks(record, key)
        record = on_the_day(
            replace(record, holds=(*record.holds, *hold_too_few(self.surveys, record.summary, self.days))), self.days.on
        )
        locator = locate() if record.holds else Locator()
        holds = [locator.place(hold, reader.sheet, number) if hold.pointer else hold for hold in record.holds]
        holds += [*reader.holds(number, row), *self.held[reader.sheet.name].holds(number, row)]
        holds += self.parts.holds.get(key, ())
        holds += find_two_pupils(told, OtherPupils([self.surveys[sheet.name] for sheet in self.people], key))
        holds += find_two_contacts(self.parts.told_contacts(reader, number, row, key))
        counted = (str(hold) for hold in holds if hold.code in ("unsent", "unsent-row"))
        warnings = (*record.warnings, *reader.warnings(row), *self.marks.warnings.get(key, ()), *counted)
        return replace(record, holds=tuple(dict.fromkeys(holds)), warnings=tuple(dict.fromkeys(warnings)))

    def _told_pupils(self, reader: RowReader, number: int, row: Sequence[str], key: str) -> list[ToldPupil]:
        """A pupil as each file tells of them that names them or has figures; nothing where only one does."""
        sheet, place, marks = self.marks.named.get(key, (reader.sheet, number, row))
        if sheet is reader.sheet and not self.parts.summaries.get(key):
            return []
        told = self.parts.told_pupils(reader, number, row, key)
        if sheet is not reader.sheet:
            told.append(ToldPupil(sheet.name, place, RowReader(sheet).names(marks)))
        return told

    def _with_marks(self, record: AttendanceRecord, key: str) -> AttendanceRecord:
        """A record with the register of the files of marks; the figures then come from the marks."""
        register, on = self.marks.find(key), self.days.on
        if register is None:
            return record
        if self.marks.is_absences_only:
            return replace(record, summary=with_absences(record.summary, summary_of_absences(register, on)))
        if on is None:
            said = ("Marks and a summary were both given; the figures come from the marks.",) if record.summary else ()
            return replace(record, register=register, summary=None, warnings=(*record.warnings, *said))
        note, hold = self.school_days.check(register, record.date_of_admission) if self.school_days else ("", None)
        holds = [hold] if hold else []
        if record.summary:
            differing = list(find_disagreements(register, record.summary, self.days.calendar, on))
            holds += differing
            taken = "Marks and a summary were both given; the figures come from the marks."
            note = " ".join(filter(None, (taken, say_disagreements(differing), note)))
        said = (note,) if note else ()
        return replace(
            record, register=register, summary=None, warnings=(*record.warnings, *said), holds=(*record.holds, *holds)
        )


def read_pupils(
    files: CohortFiles,
    people: list[Sheet],
    days: MarkDays,
    events: frozenset[str],
    past: Past,
    marks_cover: int | None = MARKS_COVER,
) -> Pupils:
    """The pupils of these tables. Raises CohortError when a table leaves part of the facts out of every decision."""
    summaries = [sheet for sheet in files.of("pupils", "summary") if sheet not in people]
    people = [choose_rows(sheet, days.calendar, days.on, files.notices) for sheet in people]
    summaries = [choose_rows(sheet, days.calendar, days.on, files.notices) for sheet in summaries]
    surveys = {sheet.name: survey_rows(sheet, _count_of(sheet)) for sheet in people}
    surveys |= {sheet.name: survey_rows(sheet, RowCount(sheet.name)) for sheet in summaries}
    for sheet in (*people, *summaries):
        files.notices.extend(surveys[sheet.name].notices(sheet))
    for sheet in summaries:
        refuse_several_rows(sheet, surveys[sheet.name])
    people = [_merged(sheet, surveys[sheet.name], files.notices) for sheet in people]
    _share_keys(people, surveys, files)
    parts = _read_parts(files, people, summaries, surveys, past)
    marks = read_all_marks(files.of(*MARK_KINDS), days, files.notices, is_alone=_are_marks(people))
    pupils = Pupils(people, surveys, parts, marks, days, events)
    pupils.held = {sheet.name: HeldColumns(sheet) for sheet in people}
    if days.on and marks.registers and marks_cover is not None:
        pupils.school_days = SchoolDays(days.calendar, days.on, marks.all_registers(), marks_cover)
        files.notices.extend(pupils.school_days.notices(() if marks.is_absences_only else marks.all_registers()))
    for sheet in (*people, *summaries):
        files.notices.extend(RowReader(sheet).notices())
        files.notices.extend(say_too_few(sheet, surveys[sheet.name], days))
    for sheet in (*people, *summaries, *files.of("contacts")):
        files.notices.extend(HeldColumns(sheet).notices())
    pupils.hidden = leave_out_hidden(people, files, parts)
    files.notices.extend(files.keys.notices())
    files.problems.extend([*parts.faults.of_nobody, *marks.problems])
    return pupils


def _merged(sheet: Sheet, survey: Survey, notices: list[str]) -> Sheet:
    if sheet.is_once or not survey.repeated:
        return sheet
    merged = merge_rows(sheet, survey)
    if merged.is_once:
        notices.extend(say_merged(merged, survey))
        for key, rows in survey.repeated.items() if not has_further_contacts(merged) else ():
            sheet.count.use(key, 1 - len(rows))
            sheet.count.leave_out(LeftOut.REPEATED, len(rows) - 1)
    return merged


def _count_of(sheet: Sheet) -> RowCount:
    """Where the rows of a list of pupils are counted; those of marks are counted where the marks are read."""
    return RowCount(sheet.name) if sheet.kind in MARK_KINDS else sheet.count


def _are_marks(people: Sequence[Sheet]) -> bool:
    return all(sheet.kind in MARK_KINDS for sheet in people)


def _share_keys(people: Sequence[Sheet], surveys: dict[str, Survey], files: CohortFiles) -> None:
    """Tell every table what the list of pupils calls them."""
    for sheet in people:
        survey = surveys[sheet.name]
        files.keys.add_pupils(survey.first_rows, survey.references, survey.names)


def _read_parts(
    files: CohortFiles, people: Sequence[Sheet], summaries: Sequence[Sheet], surveys: dict[str, Survey], past: Past
) -> Parts:
    names = {sheet.name for sheet in people}
    kinds = {kind: files.of(kind) for kind in ("history", "judgements")}
    contacts = [sheet for sheet in files.of("contacts") if sheet.name not in names]
    parts = read_parts({**kinds, "summary": summaries, "contacts": contacts}, surveys, past)
    seen = set[str]()
    for sheet in people:
        if has_further_contacts(sheet) and sheet.kind not in MARK_KINDS:
            read_further_contacts(sheet, parts, seen)
    for sheet in summaries:
        if lost := len(surveys[sheet.name].mangled):
            count = "1 name" if lost == 1 else f"{lost:,} names"
            used = ", ".join(person.name for person in people)
            files.notices.append(f"{sheet.name}: letters were lost in {count}; those of {used} are used.")
    mangled = [key for sheet in people for key in surveys[sheet.name].mangled]
    others = [sheet for sheet in (*summaries, *files.of("wide marks")) if sheet.name not in names]
    parts.names = find_right_names(mangled, [sheet for sheet in others if has_names(sheet)])
    _mend_names(files, people, surveys, parts)
    return parts


def _mend_names(files: CohortFiles, people: Sequence[Sheet], surveys: dict[str, Survey], parts: Parts) -> None:
    """Find which names that lost letters stand right in another file, and say so of all of them."""
    for sheet in people if parts.names else ():
        reader = RowReader(sheet, surveys[sheet.name])
        for _, row in sheet.rows():
            if (key := sheet.key_of(row)) in parts.names:
                parts.put_together(reader, row, key)
    files.notices.extend(parts.notices())
    mended = set[str]().union(*parts.mended.values())
    for sheet in people:
        lost = [number for key, number in surveys[sheet.name].mangled.items() if key not in mended]
        if lost:
            files.notices.append(say_mangled(lost, sheet.name))


def name_left_over(pupils: Pupils, files: CohortFiles) -> None:
    """Name the rows that belong to no pupil of the list."""
    listed = ChainMap(*(pupils.surveys[sheet.name].first_rows for sheet in pupils.people))
    seen = ChainMap(listed, dict.fromkeys(pupils.hidden, 0))
    left = [*_marks_left_over(pupils.marks, seen), *pupils.parts.left_over(seen), *_faults_left_over(pupils, listed)]
    for sheet in files.all():
        sheet.count.leave_out_others(listed, pupils.hidden)
    files.problems.extend(islice(left, MOST_LEFT_OVER))
    if len(left) > MOST_LEFT_OVER:
        sentence = f"{len(left) - MOST_LEFT_OVER:,} more rows belong to pupils who are not in the list of pupils."
        files.problems.append(Problem("unknown-pupil", sentence))


def _marks_left_over(marks: CohortMarks, seen: Container[str]) -> Iterator[Problem]:
    """Marks that belong to no pupil of the export."""
    for key in marks.registers:
        if key not in seen:
            file, row = marks.first_rows[key]
            sentence = "These marks belong to a pupil who is not in the list of pupils."
            yield Problem("unknown-pupil", sentence, file=file, row=row)


def _faults_left_over(pupils: Pupils, listed: Container[str]) -> Iterator[Problem]:
    """What is wrong with rows about pupils who are not in the list, and whom no decision will name."""
    for key, problems in pupils.parts.faults.of_pupils.items():
        if key not in listed:
            yield from problems
    for key in pupils.marks.registers:
        if key not in listed:
            yield from pupils.marks.faults_of(key)


def _repeated(reader: RowReader, number: int, key: str, rows: Sequence[tuple[str, int]]) -> PupilRow:
    """Two pupils under one identifier: nobody can tell whose marks and letters are whose."""
    name = reader.sheet.name
    others = (
        f"row {row}" if file == name else f"{file}, row {row}" for file, row in rows if (file, row) != (name, number)
    )
    heading = reader.key_heading
    sentence = f"This {heading} is also in {' and '.join(islice(others, 5))}. Correct it, or keep one of the rows."
    return PupilRow(number, name, key, None, (reader.sheet.problem("repeated-pupil", sentence, number, heading),))

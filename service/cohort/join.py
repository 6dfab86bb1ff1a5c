"""Files of an export -> numbered pupil records, or why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading import read_record
from service.attendance.record import AttendanceRecord
from service.attendance.words import EVENTS
from service.cohort.calendar_rows import read_calendar_rows
from service.cohort.headings import shipped_aliases, with_own_aliases
from service.cohort.json_cohort import read_json_cohort
from service.cohort.marks import CohortMarks, read_long_marks, read_wide_marks
from service.cohort.rows import Locator, RowReader, read_history, read_judgements
from service.cohort.sheet import Sheet, find_sheet
from service.cohort.text import read_text_file
from service.errors import CohortError, Problem, RecordError

_TEXT_ENDINGS = (".csv", ".txt", ".tsv")


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil of an export: the row's number and file, and the record or what is wrong with it."""

    number: int
    file: str
    key: str
    record: AttendanceRecord | None
    problems: tuple[Problem, ...] = ()


@dataclass
class Cohort:
    """Everything that an export holds; pupils are read one by one, as they are asked for."""

    calendar: SchoolCalendar
    pupils: Iterator[PupilRow]
    on: date | None = None
    notices: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Faults of files and of rows that belong to no pupil; complete once all pupils have been read."""


def read_cohort(path: Path, events: frozenset[str] = frozenset(EVENTS)) -> Cohort:
    """The cohort of a folder or of one file.

    Raises CohortError when nothing can be used: no pupils, or files that cannot be understood.
    """
    if not path.exists():
        raise CohortError(Problem("no-such-file", "There is no such file or folder.", file=path.name))
    if path.is_file() and path.suffix.lower() == ".json":
        return _from_json(path, events)
    aliases = with_own_aliases(path / "headings.toml") if (path / "headings.toml").is_file() else shipped_aliases()
    files = sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
    joiner = _Joiner(events)
    for file in files:
        joiner.open_file(file, aliases)
    return joiner.join()


def _from_json(path: Path, events: frozenset[str]) -> Cohort:
    content = read_json_cohort(path)
    return Cohort(content.calendar, _json_pupils(content.pupils, path.name, events), content.on)


def _json_pupils(pupils: Sequence[Any], file: str, events: frozenset[str]) -> Iterator[PupilRow]:
    seen: set[str] = set()
    for place, values in enumerate(pupils):
        pointer = f"/pupils/{place}"
        if not isinstance(values, dict):
            problem = Problem("wrong-shape", "Give each pupil as an object.", f"{pointer}")
            yield PupilRow(place + 1, file, "", None, (problem,))
            continue
        try:
            record = read_record(values, events=events)
        except RecordError as error:
            problems = tuple(replace(problem, pointer=pointer + problem.pointer) for problem in error.problems)
            yield PupilRow(
                place + 1, file, str(values.get("upn") or values.get("pupil_reference") or ""), None, problems
            )
            continue
        if record.key in seen:
            problem = Problem("repeated-pupil", "This UPN stands at another pupil too.", f"{pointer}/upn")
            yield PupilRow(place + 1, file, record.key, None, (problem,))
            continue
        seen.add(record.key)
        yield PupilRow(place + 1, file, record.key, record)


class _Joiner:
    """Opens the files of a folder, recognises them by their headings, and puts each pupil's parts together."""

    def __init__(self, events: frozenset[str]) -> None:
        self.events = events
        self.sheets: dict[str, list[Sheet]] = {}
        self.notices: list[str] = []
        self.problems: list[Problem] = []

    def open_file(self, path: Path, aliases: Mapping[str, str]) -> None:
        """Take a file when it is a table that says something to us; what is wrong with it is kept."""
        if path.suffix.lower() not in _TEXT_ENDINGS:
            return
        try:
            text = read_text_file(path)
            sheet = find_sheet(path.name, text.rows, aliases)
        except CohortError as error:
            self.problems.extend(error.problems)
            return
        if text.notice:
            self.notices.append(text.notice)
        if sheet is None:
            sentence = (
                "No headings were found that we know, for example UPN, Surname, Date, Code. Check the first rows."
            )
            self.problems.append(Problem("no-headings", sentence, file=path.name))
            return
        self.notices.extend(f"{path.name}: column {heading} is not used." for heading in sheet.headings.unknown)
        self.sheets.setdefault(sheet.kind, []).append(sheet)

    def join(self) -> Cohort:
        """The cohort of the files opened so far. Raises CohortError when there are no pupils in them."""
        people = self._people()
        if not people or any(problem.code in _FATAL for problem in self.problems):
            sentence = "No file with pupils was found. A row for each pupil needs a UPN or a pupil reference."
            own = [] if self.problems else [Problem("no-pupils", sentence)]
            raise CohortError([*self.problems, *own])
        calendar = SchoolCalendar(read_calendar_rows(self.sheets.get("calendar", []), self.problems))
        cohort = Cohort(calendar, iter(()), notices=self.notices, problems=self.problems)
        cohort.pupils = self._pupils(people, self._marks())
        return cohort

    def _people(self) -> list[Sheet]:
        """The files that say who the pupils are: the first kind of this order that there is."""
        for kind in ("pupils", "summary", "wide marks"):
            if found := self.sheets.get(kind):
                return found
        return []

    def _marks(self) -> CohortMarks:
        marks = CohortMarks()
        try:
            for sheet in self.sheets.get("long marks", []):
                read_long_marks(sheet, marks)
            for sheet in self.sheets.get("wide marks", []):
                read_wide_marks(sheet, marks)
        except CohortError as error:
            raise CohortError([*self.problems, *error.problems]) from None
        self.problems.extend(marks.problems)
        return marks

    def _pupils(self, people: list[Sheet], marks: CohortMarks) -> Iterator[PupilRow]:
        parts = _Parts(
            history=read_history(self.sheets.get("history", []), self.problems),
            judgements=read_judgements(self.sheets.get("judgements", []), self.problems),
            summaries=self._index("summary", people),
            contacts=self._index("contacts", people),
        )
        seen: dict[str, int] = {}
        for sheet in people:
            reader = RowReader(sheet)
            for number, row in sheet.rows():
                yield self._pupil(reader, number, row, parts, marks, seen)
        self.problems.extend(_left_over(marks, parts, seen))

    def _index(self, kind: str, people: list[Sheet]) -> dict[str, list[tuple[int, Sequence[str], RowReader]]]:
        """The rows of further files by pupil."""
        index: dict[str, list[tuple[int, Sequence[str], RowReader]]] = {}
        for sheet in self.sheets.get(kind, []):
            if sheet not in people:
                reader = RowReader(sheet)
                for number, row in sheet.rows():
                    index.setdefault(reader.key_of(row), []).append((number, row, reader))
        return index

    def _pupil(
        self,
        reader: RowReader,
        number: int,
        row: Sequence[str],
        parts: _Parts,
        marks: CohortMarks,
        seen: dict[str, int],
    ) -> PupilRow:
        key, file = reader.key_of(row), reader.sheet.name
        if key and key in seen:
            sentence = f"This pupil stands in row {seen[key]} already. Keep one of the two rows."
            problem = Problem("repeated-pupil", sentence, file=file, row=number, column=reader.key_heading)
            return PupilRow(number, file, key, None, (problem,))
        seen[key] = number
        locator = Locator()
        values = reader.values(number, row, locator)
        for other_number, other_row, other in parts.summaries.get(key, []):
            values = {**other.values(other_number, other_row, locator), **values}
        for other_number, other_row, other in parts.contacts.get(key, []):
            contacts = values.setdefault("contacts", [])
            locator.note(f"/contacts/{len(contacts)}", other.sheet.name, other_number)
            contacts.append(other.contact(other_row))
        values.update(parts.answers(key, locator))
        register = marks.take(key)
        problems = list(marks.faulty.pop(key, ()))
        try:
            record = read_record(values, is_row=True, events=self.events)
        except RecordError as error:
            problems += [locator.place(problem, file, number) for problem in error.problems]
            return PupilRow(number, file, key, None, tuple(problems))
        if problems:
            return PupilRow(number, file, key, None, tuple(problems))
        return PupilRow(number, file, key, _with_marks(record, register, tuple(marks.warnings.get(key, ()))))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What further files say, by pupil."""

    history: dict[str, list[tuple[int, str, dict[str, Any]]]]
    judgements: dict[str, list[tuple[int, str, str, Any]]]
    summaries: dict[str, list[tuple[int, Sequence[str], RowReader]]]
    contacts: dict[str, list[tuple[int, Sequence[str], RowReader]]]

    def answers(self, key: str, locator: Locator) -> dict[str, Any]:
        """A pupil's history and judgements, as a record holds them."""
        values: dict[str, Any] = {}
        for row, file, word, answer in self.judgements.pop(key, []):
            values[word] = answer
            locator.note(f"/{word}", file, row, "answer")
        for place, (row, file, event) in enumerate(self.history.pop(key, [])):
            values.setdefault("history", []).append(event)
            locator.note(f"/history/{place}", file, row)
        return values


_FATAL = frozenset(("repeated-headings",))


def _with_marks(record: AttendanceRecord, register: Any, warnings: tuple[str, ...]) -> AttendanceRecord:
    """A record with the register of another file; the figures then come from the marks."""
    if register is None:
        return replace(record, warnings=(*record.warnings, *warnings)) if warnings else record
    said = ("Marks and a summary were both given; the figures come from the marks.",) if record.summary else ()
    return replace(record, register=register, summary=None, warnings=(*record.warnings, *said, *warnings))


def _left_over(marks: CohortMarks, parts: _Parts, seen: Mapping[str, int]) -> Iterator[Problem]:
    """Rows that belong to no pupil of the export."""
    for key in marks.registers:
        sentence = "These marks belong to a pupil who is not in the list of pupils."
        yield Problem("unknown-pupil", sentence, file=marks.file, row=marks.first_rows[key])
    for key, events in parts.history.items():
        if key not in seen:
            row, file, _ = events[0]
            sentence = "This belongs to a pupil who is not in the list of pupils."
            yield Problem("unknown-pupil", sentence, file=file, row=row)
    for key, answers in parts.judgements.items():
        if key not in seen:
            row, file, _, _ = answers[0]
            sentence = "This answer is about a pupil who is not in the list of pupils."
            yield Problem("unknown-pupil", sentence, file=file, row=row)

"""Rows of people, histories and judgements -> the words of a record, and where each stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from service.attendance.holding.stopgaps import is_stopgap
from service.attendance.reading.records import is_windowed_figure
from service.attendance.reading.value_kinds import read_number, read_percentage
from service.attendance.words import FACTS, MEETING, SUMMARY_FIGURES
from service.cohort.broken_cells import find_broken_cells
from service.cohort.columns.aliases import FIGURES_BESIDES
from service.cohort.columns.headings import contact_column, is_figure, is_of_a_record, show
from service.cohort.contacts.contact_names import is_split_by_guess, split_pupil_name
from service.cohort.contacts.contact_rows import ContactReader
from service.cohort.names import NAME_WORDS
from service.cohort.row_counts import LeftOut
from service.cohort.sheet import Sheet
from service.cohort.summary.parts_of_time import is_unread_part, read_part
from service.cohort.summary.percentages import looks_like_share, share_as_percentage
from service.cohort.summary.periods import NO_PERIOD, find_period, read_period, say_period
from service.cohort.summary.worked_out import is_no_figure, work_out
from service.cohort.survey import Survey
from service.did_you_mean import did_you_mean
from service.errors import Problem

_NAME_WORDS = ("last_name", "first_name", "full_name")


_PERSON = re.compile(
    r"(?!(?:no|none|not|never|formerly|former|previous|previously|was|ended|closed|awaiting|to)\b)"
    r"(?:(?:mr|mrs|ms|miss|mx|dr)\.? )?[^\W\d_][^\W\d_]*['’-]?[^\W\d_]* [^\W\d_][^\W\d]*(?:['’ -][^\W\d_]+)*",
    re.I,
)
"""The name of a person, where a yes would stand: there is a social worker, and that is who."""
_HALF = 2
_DAYS_PERHAPS = (
    "Half a session looks like days. Export sessions, or say days in the headings: Possible Days, Days Attended, "
    "Days Authorised, Days Unauthorised."
)
_TOLD_UNDER = {
    "sessions_present": "sessions_attended",
    "days_possible": "sessions_possible",
    "days_authorised": "sessions_authorised",
    "days_unauthorised": "sessions_unauthorised",
    "absence_percentage": "attendance_percentage",
}
"""Figures whose fault shows in another one that was worked out from them."""


class Locator:
    """Remembers where each part of a record stood, to say so when it is wrong."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, int, str]] = {}

    def note(self, pointer: str, file: str, row: int, column: str = "") -> None:
        """Remember the file, row and heading of a part."""
        self._places[pointer] = (file, row, column.strip())

    def place(self, problem: Problem, sheet: Sheet, row: int) -> Problem:
        """A problem of a record, at the cell it came from; else at the pupil's own row."""
        pointer, rest = problem.pointer, ""
        while pointer and pointer not in self._places:
            pointer, _, part = pointer.rpartition("/")
            rest = part if not rest else f"{part} {rest}"
        column = sheet.headings.heading_of(problem.pointer.strip("/"))
        found_file, found_row, column = self._places.get(pointer, (sheet.name, row, column))
        return replace(problem, pointer="", file=found_file, row=found_row, column=column or rest)


class RowReader:
    """Turns the rows of a table about pupils into the words of their records."""

    def __init__(self, sheet: Sheet, survey: Survey | None = None) -> None:
        self.sheet = sheet
        self.survey = survey or Survey()
        places = sheet.headings.places
        contacts = {word: found for word in places if (found := contact_column(word))}
        self.plain = [(word, place) for word, place in places.items() if is_of_a_record(word) and word not in contacts]
        columns: dict[int, dict[str, int]] = {}
        for word, (number, part) in contacts.items():
            columns.setdefault(number, {})[part] = places[word]
        self.contacts = [ContactReader(sheet, columns[number]) for number in sorted(columns)]
        self.name_place = places.get("full_name") if "last_name" not in places else None
        self.name_places = [places[word] for word in _NAME_WORDS if word in places]
        self.figures = [(word, place) for word, place in places.items() if is_figure(word)]
        self.shares, self.mixed = self.survey.shares, self.survey.mixed
        self.period = sheet.choice.period if sheet.choice else find_period(sheet.titles, sheet.name)

    @property
    def key_heading(self) -> str:
        """The heading of the column that names the pupil."""
        return self.sheet.headings.cells[self.sheet.key_place or 0].strip()

    def values(self, row: Sequence[str]) -> dict[str, Any]:
        """The words of a record that a row gives; empty cells are left out."""
        width = len(row)
        values: dict[str, Any] = {
            word: row[place]
            for word, place in self.plain
            if place < width and row[place] and not is_stopgap(word, row[place])
        }
        if _PERSON.fullmatch(values.get("social_worker", "").strip()):
            values["social_worker"] = "yes"
        if contacts := [contact for reader in self.contacts if (contact := reader.contact(row))]:
            values["contacts"] = contacts
        if self.name_place is not None and self.name_place < width and not self._lacks_name(row):
            values["first_name"], values["last_name"] = split_pupil_name(row[self.name_place])
        if self.figures:
            values |= self._figures(row, values)
        if self.sheet.is_by_name:
            values["pupil_reference"] = self.sheet.key_of(row).replace(":", "-").replace("|", "-")
        return values

    def _lacks_name(self, row: Sequence[str]) -> bool:
        return is_stopgap("full_name", self.sheet.cell(row, "full_name"))

    def names(self, row: Sequence[str]) -> dict[str, str]:
        """What a row calls its pupil."""
        found = {word: self.sheet.cell(row, word) for word in NAME_WORDS}
        if self.name_place is not None:
            found["first_name"], found["last_name"] = split_pupil_name(self.sheet.cell(row, "full_name"))
        return found

    def guessed_name(self, row: Sequence[str]) -> str:
        """A name of which nothing says which of its words is the surname; "" where that is known."""
        text = self.sheet.cell(row, "full_name") if self.name_place is not None else ""
        return " ".join(text.split()) if is_split_by_guess(text) else ""

    def _figures(self, row: Sequence[str], values: dict[str, Any]) -> dict[str, Any]:
        """The figures of a row and their period."""
        width = len(row)
        cells = {word: row[place] for word, place in self.figures if place < width and row[place].strip()}
        for word in self.shares & cells.keys():
            cells[word] = share_as_percentage(cells[word])
        for word in cells:
            values.pop(word, None)
        found: dict[str, Any] = work_out(cells)
        if not found:
            return found
        period = read_period(self.sheet.cell(row, "period"))
        if period == NO_PERIOD:
            period = read_part(self.sheet, row)
        first, last = period.first or self.period.first, period.last or self.period.last
        if first and "period_start" not in values:
            found["period_start"] = first.isoformat()
        if last and "period_end" not in values:
            found["period_end"] = last.isoformat()
        return found

    def locate(self, number: int, row: Sequence[str], locator: Locator) -> None:
        """Remember where each of a row's words stood."""
        name, headings, filled = self.sheet.name, self.sheet.headings, 0
        for word, place in self.plain:
            if place < len(row) and row[place]:
                locator.note(f"/{word}", name, number, headings.cells[place])
        if self.name_place is not None:
            for word in ("first_name", "last_name"):
                locator.note(f"/{word}", name, number, headings.cells[self.name_place])
        for word, place in self.figures:
            if place < len(row) and row[place]:
                locator.note(f"/{_TOLD_UNDER.get(word, word)}", name, number, headings.cells[place])
        for reader in self.contacts:
            if reader.contact(row):
                reader.locate(f"/contacts/{filled}", number, locator)
                filled += 1

    def faults(self, number: int, row: Sequence[str]) -> Iterator[Problem]:
        """What is wrong with a row before its record is looked at."""
        yield from find_broken_cells(self.sheet, number, row)
        width = len(row)
        if self.name_places and not any(row[place].strip() for place in self.name_places if place < width):
            column = self.sheet.headings.cells[self.name_places[0]].strip()
            yield self.sheet.problem("no-name", "Enter the pupil's name.", number, column)
        yield from self._unreadable_figures(number, row)
        if self.figures and (heading := is_unread_part(self.sheet, row)):
            sentence = "Say which days these figures are of, for example 16/11/2026 or November 2026."
            yield self.sheet.problem("not-a-date", sentence, number, heading)
        for word in self.mixed:
            cell = row[self.sheet.headings.places[word]] if self.sheet.headings.places[word] < width else ""
            counts = self.values(row)
            if looks_like_share(cell, counts.get("sessions_attended", ""), counts.get("sessions_possible", "")):
                sentence = (
                    f"{cell.strip()} may be a share (from 0 to 1) or a percentage, and this column holds both. "
                    "Write all of them as percentages, for example 92.3%."
                )
                yield self.sheet.problem("mixed-percentages", sentence, number, self.sheet.headings.heading_of(word))

    def holds(self, number: int, row: Sequence[str]) -> Iterator[Problem]:
        """What in the columns of contacts holds letters back until somebody has read it."""
        for reader in self.contacts:
            yield from reader.holds(number, row)

    def warnings(self, row: Sequence[str]) -> Iterator[str]:
        """What a person should know about the figures of one pupil."""
        number = read_number(self.sheet.cell(row, "sessions_missing"))
        if number:
            yield f"{number} {'session has' if number == 1 else 'sessions have'} no mark."

    def notices(self) -> Iterator[str]:
        """What a person should know about how the figures of the table were read."""
        words = {word for word, _ in self.figures}
        if words and (self.period.first or self.period.last) and self.period.source:
            days = say_period(self.period.first, self.period.last)
            yield f"{self.sheet.name}: the figures are for {days}, as {self.period.source}."
        doubled = [show(self.sheet.headings.heading_of(word)) for word in sorted(words) if word.startswith("days_")]
        if doubled:
            yield f"{self.sheet.name}: {', '.join(doubled)} count days; each was taken for two sessions."

    def _unreadable_figures(self, number: int, row: Sequence[str]) -> Iterator[Problem]:
        """Figures that others would be worked out from, and that are no numbers."""
        for word, _ in self.figures:
            cell = self.sheet.cell(row, word)
            count = read_number(cell) if word.startswith("sessions_") else None
            if count is not None and count.denominator == _HALF:
                yield self.sheet.problem("half-sessions", _DAYS_PERHAPS, number, self.sheet.headings.heading_of(word))
                continue
            if word in FIGURES_BESIDES and not is_no_figure(cell) and read_percentage(cell) is None:
                sentence = "Enter a number, or leave this empty."
                yield self.sheet.problem("not-a-number", sentence, number, self.sheet.headings.heading_of(word))


class AnswerRow(NamedTuple):
    """One answer of a person: the row, the table, the word and the answer."""

    number: int
    sheet: Sheet
    word: str
    answer: str


@dataclass(frozen=True, slots=True)
class RowFaults:
    """What is wrong with rows: of one pupil, or of nobody who can be told."""

    of_pupils: dict[str, list[Problem]] = field(default_factory=dict)
    of_nobody: list[Problem] = field(default_factory=list)

    def keep(self, key: str, sheet: Sheet, number: int, found: Iterable[Problem]) -> bool:
        """Keep what is wrong with a row of a pupil; whether anything is."""
        if problems := list(found):
            self.of_pupils.setdefault(key, []).extend(problems)
            sheet.count.fault(number)
        return bool(problems)

    def keep_broken(self, key: str, sheet: Sheet, number: int, row: Sequence[str]) -> bool:
        """Keep what is wrong with a row's cells; whether anything is."""
        return self.keep(key, sheet, number, find_broken_cells(sheet, number, row))

    def keep_of_nobody(self, sheet: Sheet, number: int, problem: Problem) -> None:
        """Keep what is wrong with a row, whosever it is."""
        self.of_nobody.append(problem)
        sheet.count.fault(number)

    def key_of(self, sheet: Sheet, number: int, row: Sequence[str]) -> str:
        """The pupil of a row; that there is none is kept as a fault."""
        key = sheet.key_of(row)
        if not key:
            column = sheet.headings.cells[sheet.key_place or 0].strip()
            sentence = "Say which pupil this row belongs to."
            self.keep_of_nobody(sheet, number, sheet.problem("no-identifier", sentence, number, column))
        return key


def read_judgements(sheets: Sequence[Sheet], faults: RowFaults) -> dict[str, list[AnswerRow]]:
    """What people answered, by pupil; rows without an answer, or with one that an earlier row has, are left out."""
    answers: dict[str, list[AnswerRow]] = {}
    for sheet in sheets:
        for number, row in sheet.rows(sheet.count):
            key = faults.key_of(sheet, number, row)
            if not key or faults.keep_broken(key, sheet, number, row):
                continue
            answer = AnswerRow(number, sheet, sheet.cell(row, "word").lower(), sheet.cell(row, "answer"))
            if _is_new(answer, key, answers.get(key, ()), faults):
                answers.setdefault(key, []).append(answer)
                sheet.count.use(key)
    return answers


def _is_new(answer: AnswerRow, key: str, earlier: Sequence[AnswerRow], faults: RowFaults) -> bool:
    """Whether a row answers a question that no earlier one has answered; what is wrong with it is kept."""
    sheet, known = answer.sheet, (*FACTS, *MEETING, *SUMMARY_FIGURES)
    if answer.word not in known and not is_windowed_figure(answer.word):
        sentence = f'"{show(answer.word)}" is not a word that can be answered.{did_you_mean(answer.word[:60], known)}'
        problem = sheet.problem("unknown-word", sentence, answer.number, sheet.headings.heading_of("word"))
        faults.keep_of_nobody(sheet, answer.number, problem)
        return False
    if not answer.answer:
        sheet.count.leave_out(LeftOut.NO_ANSWER)
        return False
    same = next((one for one in earlier if one.word == answer.word), None)
    if same is None:
        return True
    if same.answer.casefold() == answer.answer.casefold():
        sheet.count.leave_out(LeftOut.REPEATED)
    else:
        faults.keep(key, sheet, answer.number, [_two_answers(answer, same)])
    return False


def _two_answers(answer: AnswerRow, earlier: AnswerRow) -> Problem:
    is_here = earlier.sheet is answer.sheet
    where = f"Row {earlier.number} answers" if is_here else f"{earlier.sheet.name}, row {earlier.number}, answers"
    sentence = f"{where} the same question differently. Keep the row that is right."
    return answer.sheet.problem("two-answers", sentence, answer.number, answer.sheet.headings.heading_of("answer"))

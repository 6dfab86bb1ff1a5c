"""A first look through the rows of a table about pupils: what can be told only by all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from service.attendance.holding.lost_letters import has_lost_letters
from service.attendance.reading.value_kinds import read_serial_day
from service.attendance.upn import tidy_upn
from service.cohort.columns.headings import contact_column
from service.cohort.contacts.contact_names import is_split_by_guess
from service.cohort.day_order import DayOrder
from service.cohort.keys import name_keys
from service.cohort.names import NAME_WORDS
from service.cohort.row_counts import RowCount
from service.cohort.sheet import Sheet
from service.cohort.summary.percentages import PERCENTAGES, PercentageColumn
from service.cohort.summary.possible import MostPossible
from service.errors import CohortError, Problem

_DAYS = ("date_of_birth", "date_of_admission", "date_of_leaving", "do_not_write_until", "period_start", "period_end")
_MOST_NAMED = 10
_IN_TWO = "Letters use the whole name. If surnames come first, export surname and forename in columns of their own."


@dataclass(slots=True)
class Survey:
    """Which pupils stand in which rows, whose names are mangled, and how percentages and days are written."""

    first_rows: dict[str, int] = field(default_factory=dict)
    repeated: dict[str, list[int]] = field(default_factory=dict)
    differing: set[str] = field(default_factory=set)
    """The pupils in several rows that say different things, contacts apart."""
    mangled: dict[str, int] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    percentages: dict[str, PercentageColumn] = field(default_factory=dict)
    serials: dict[str, list[int]] = field(default_factory=dict)
    orders: dict[str, DayOrder] = field(default_factory=dict)
    possible: MostPossible = field(default_factory=MostPossible)
    guessed_names: int = 0
    """How many names stand in one cell without a comma, so that which part is the surname is a guess."""

    @property
    def shares(self) -> frozenset[str]:
        """The columns of percentages that are written as shares."""
        return frozenset(word for word, column in self.percentages.items() if column.is_share)

    @property
    def mixed(self) -> frozenset[str]:
        """The columns that mix percentages and shares."""
        return frozenset(word for word, column in self.percentages.items() if column.is_mixed)

    def notices(self, sheet: Sheet) -> Iterator[str]:
        """What a person should know about how the table was read."""
        for word in sorted(self.shares):
            what = f"{sheet.name}: column {sheet.headings.heading_of(word)}"
            yield f"{what} holds shares from 0 to 1, not percentages; they were multiplied by 100."
        for word, rows in self.serials.items():
            heading = sheet.headings.heading_of(word)
            what = f"{sheet.name}, {say_rows(rows)}, {heading}"
            yield f"{what}: a number is where a date should be; it was read as a spreadsheet's date. Please check it."
        if self.guessed_names:
            what = f"{sheet.name}: column {sheet.headings.heading_of('full_name')}"
            taken = "the last word of each was taken for the surname, unless a contact has another word for one"
            yield f"{what} has names without a comma; {taken}. {_IN_TWO}"


def survey_rows(sheet: Sheet, count: RowCount) -> Survey:
    """What the rows of a table say together; what becomes of them is counted in `count`.

    Raises CohortError where the table cannot be read to its end, or has days with the month first.
    """
    survey, places = Survey(), sheet.headings.places
    names = [places[word] for word in (*NAME_WORDS, "full_name") if word in places]
    days = [(word, places[word]) for word in _DAYS if word in places]
    percentages = [(word, place) for word, place in places.items() if word.startswith(PERCENTAGES)]
    survey.percentages = {word: PercentageColumn() for word, _ in percentages}
    survey.orders = {word: DayOrder() for word, _ in days}
    plain = [place for word, place in places.items() if contact_column(word) is None]
    signatures: dict[str, int] = {}
    is_guessed = "full_name" in places and "last_name" not in places
    for number, row in sheet.rows(count):
        width, key = len(row), sheet.key_of(row)
        count.use(key)
        signature = hash(tuple(row[place].strip() for place in plain if place < width))
        if key and survey.first_rows.setdefault(key, number) != number:
            survey.repeated.setdefault(key, [survey.first_rows[key]]).append(number)
            if signatures[key] != signature:
                survey.differing.add(key)
        signatures.setdefault(key, signature)
        survey.guessed_names += is_guessed and is_split_by_guess(sheet.cell(row, "full_name"))
        _see_other_keys(survey, sheet, row, key)
        for word, place in percentages:
            if place < width and row[place]:
                survey.percentages[word].see(row[place])
        _see_days(survey, days, number, row)
        survey.possible.see(sheet.cell(row, "sessions_possible"))
        for place in names:
            if (
                place < width
                and (not row[place].isascii() or "?" in row[place] or "&" in row[place])
                and has_lost_letters(row[place])
            ):
                survey.mangled[key] = number
    if faults := [fault for word, order in survey.orders.items() for fault in order.faults(sheet, word)]:
        raise CohortError(faults)
    return survey


def _see_days(survey: Survey, days: Sequence[tuple[str, int]], number: int, row: Sequence[str]) -> None:
    """Take in how the days of a row are written."""
    for word, place in days:
        text = row[place].strip() if place < len(row) else ""
        if text and read_serial_day(text):
            survey.serials.setdefault(word, []).append(number)
        elif text:
            survey.orders[word].see(text, number)


def _see_other_keys(survey: Survey, sheet: Sheet, row: Sequence[str], key: str) -> None:
    """Remember what else a pupil is called: other references, and the name."""
    others = [place for word, place in sheet.headings.passed_over if word == "pupil_reference"]
    if sheet.headings.has("upn", "pupil_reference"):
        others.append(sheet.headings.places["pupil_reference"])
    for place in others:
        reference = tidy_upn(row[place]) if place < len(row) else ""
        if reference and reference != key:
            survey.references[reference] = key if survey.references.get(reference, key) == key else ""
    for name in sheet.name_keys_of(row) if sheet.headings.has_names else ():
        survey.names[name] = key if survey.names.get(name, key) == key else ""


class OtherPupils:
    """What the lists of pupils call the pupils other than this one."""

    def __init__(self, surveys: Iterable[Survey], key: str) -> None:
        self._surveys, self._key = list(surveys), key

    def has_name(self, first: str, last: str) -> bool:
        """Whether another pupil has this name."""
        names = name_keys(first, last, "")[-1:]
        return any(survey.names.get(name, self._key) != self._key for survey in self._surveys for name in names)

    def has_reference(self, reference: str) -> bool:
        """Whether this is another pupil's reference."""
        return any(survey.references.get(reference, "") not in ("", self._key) for survey in self._surveys)


def say_rows(rows: Sequence[int]) -> str:
    """ "row 3", "rows 3, 4", the first of them where there are many."""
    shown = ", ".join(map(str, rows[:_MOST_NAMED])) + (" and others" if len(rows) > _MOST_NAMED else "")
    return f"{'row' if len(rows) == 1 else 'rows'} {shown}"


def say_beside(sheets: Iterable[Sheet]) -> Iterator[str]:
    """What a person should know about cells that stand under no heading."""
    for sheet in sheets:
        if rows := sorted(sheet.count.beside - sheet.count.faulty):
            yield f"{sheet.name}, {say_rows(rows)}: cells that stand under no heading are not used."


def with_rows(cause: Problem, rows: Sequence[int]) -> Problem:
    """A cause at the first of its rows, with the others named."""
    others = rows[1:]
    if not others:
        return replace(cause, row=rows[0] or None)
    shown = ", ".join(map(str, others[:_MOST_NAMED]))
    more = f"row {shown}" if len(others) == 1 else f"{len(others):,} more rows: {shown}"
    tail = " and others" if len(others) > _MOST_NAMED else ""
    return replace(cause, row=rows[0] or None, detail=f"{cause.detail} The same in {more}{tail}.")


def say_mangled(rows: list[int], file: str) -> str:
    """What to say about names with lost letters that no other file has right."""
    return (
        f"{file}, {say_rows(rows)}: letters of a name were lost in the export (a ? or the like). Please correct them."
    )

"""A table of an export: where it comes from, what it holds, and its rows under the spreadsheet's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice

from service.attendance.holding.stopgaps import is_stopgap
from service.attendance.reading.value_kinds import read_day
from service.attendance.upn import tidy_upn
from service.cohort.columns.aliases import Aliases
from service.cohort.columns.further_headings import FurtherHeadings
from service.cohort.columns.headings import (
    MOST_COLUMNS,
    Headings,
    contact_column,
    find_heading_row,
    show,
    with_period,
)
from service.cohort.columns.misplaced import find_low_headings, find_rows_above, names_pupils
from service.cohort.contacts.contact_names import split_pupil_name
from service.cohort.keys import PupilKeys, name_keys
from service.cohort.marks.week_columns import find_certificate
from service.cohort.row_counts import LeftOut, RowCount
from service.cohort.skipped_rows import is_footnote, is_total
from service.cohort.summary.periods import Period
from service.errors import CohortError, Problem

_TITLE_ROWS = 30
MARK_KINDS = ("long marks", "wide marks", "day marks", "weekly marks", "mark strings")
"""Tables of marks: a row a mark, a column a session, a row a day or a week, a string of marks."""
_KINDS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("calendar", (("from", "to", "kind"),)),
    ("judgements", (("word", "answer"),)),
    ("history", (("on", "event"), ("date", "event"))),
    ("long marks", (("date", "session", "code"), ("date", "code"))),
    ("day marks", (("date", "morning"), ("date", "afternoon"), ("date", "mark_string"))),
    ("mark strings", (("mark_string", "period_start"),)),
    ("meetings", (("date", "time", "place"),)),
)
_LOW = "The headings stand in row {row:,}. Move them to the first row: rows above the headings are not used."
_SECOND_TABLE = (
    "Another table begins here: this row has other headings than the first. Put that table into a file of its own, or "
    "delete it."
)
MOST_SINGLE = 20_000
"""Rows of one cell in a table of several columns: a megabyte may hold half a million, each as dear as a pupil's."""
_SINGLE = (
    "Check that this is the right file, and export it again: under {width} headings, more than "
    f"{MOST_SINGLE:,} rows have one cell only."
)
_FIGURES = (
    "sessions_possible sessions_attended sessions_present sessions_absent sessions_authorised sessions_unauthorised "
    "attendance_percentage absence_percentage days_possible days_attended days_absent"
).split()
_FEWEST_WEEKDAYS = 4
_OF_A_PUPIL = ("date_of_birth", "year_group", "registration_group", "preferred_name")
_OF_A_CONTACT = frozenset(("first_name", "last_name", "full_name", "title", "relationship", "parental_responsibility"))
_NEEDS_A_PUPIL = frozenset(("pupils", "judgements", "history", *MARK_KINDS, "summary"))
_BY_NAME = frozenset(("history", *MARK_KINDS, "summary"))
"""Tables whose pupils may be told apart by name and group, where no column identifies them."""


@dataclass(frozen=True, slots=True)
class RowChoice:
    """Which rows of a table are used, the days that they are of, and what to say of the others."""

    takes: Callable[[Sequence[str]], bool]
    period: Period
    notice: str = ""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table that was found in an export; `open_rows` gives its rows from the first on, each time anew."""

    name: str
    kind: str
    heading_row: int
    headings: Headings
    open_rows: Callable[[], Iterator[Sequence[str]]]
    titles: tuple[str, ...] = ()
    """The text of each row above the headings."""
    keys: PupilKeys = field(default_factory=PupilKeys)
    """What the list of pupils calls them, for the tables beside it."""
    choice: RowChoice | None = None
    on: date | None = None
    """The day of the decision, where it is known."""
    is_once: bool = False
    """Whether only the first row of each pupil counts, because the others say the same."""
    hidden_rows: Callable[[], Iterator[tuple[int, Sequence[str]]]] = lambda: iter(())
    """The rows that somebody hid or filtered out in the workbook; they are not among `rows`."""
    is_delimited: bool = True
    """Whether a row's cells are told apart by commas or the like, so that one too many shifts the others."""
    rows_above: tuple[int, ...] = ()
    """The rows above the headings that are about a pupil: somebody has sorted the headings in."""
    count: RowCount = field(default_factory=lambda: RowCount(""))
    """What became of the rows."""
    further_headings: FurtherHeadings | None = None
    """How rows of headings among the others are told."""

    def rows(self, count: RowCount | None = None) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows below the headings with their numbers; blank rows, totals and footnotes are left out.

        With `count`, all rows and those left out are counted there; whoever asks counts the others.
        """
        count, number, seen = self.begin(count or RowCount(self.name)), self.heading_row, set[str]()
        width, blank, single = len(self.headings.cells), self.headings.blank_places, 0
        for number, row in enumerate(islice(self.open_rows(), self.heading_row, None), self.heading_row + 1):
            single += len(row) == 1 < width
            if single > MOST_SINGLE:
                raise CohortError(self.problem("rows-of-one-cell", _SINGLE.format(width=width), number))
            if why := self.why_left_out(row):
                count.leave_out(why)
                continue
            if self.further_headings and self.further_headings.are_others(row):
                raise CohortError(self.problem("second-table", _SECOND_TABLE, number))
            if (blank or len(row) > width) and self.has_cells_beside(row):
                count.beside.add(number)
            if self.is_once and (key := self.key_of(row)):
                if key in seen:
                    count.leave_out(LeftOut.REPEATED)
                    continue
                seen.add(key)
            yield number, row
        count.rows = number - self.headings.rows

    def begin(self, count: RowCount) -> RowCount:
        """The count with what is above the headings."""
        count.begin(self.heading_row - self.headings.rows, self.rows_above)
        return count

    def why_left_out(self, row: Sequence[str]) -> LeftOut | None:
        """Why a row below the headings is about nobody, or about another time; None where it is used."""
        if not any(row):
            return LeftOut.EMPTY
        if self.further_headings and self.further_headings.are_again(row):
            return LeftOut.HEADINGS
        if is_total(row, self.headings, self.key_of):
            return LeftOut.TOTAL
        if is_footnote(row, self.headings):
            return LeftOut.REMARK
        return LeftOut.OTHER_TERM if self.choice and not self.choice.takes(row) else None

    @property
    def key_place(self) -> int | None:
        """The column that says which pupil a row belongs to."""
        words = ("upn", "pupil_reference", "full_name", "last_name")
        return next((self.headings.places[word] for word in words if word in self.headings.places), None)

    def key_of(self, row: Sequence[str]) -> str:
        """Which pupil a row belongs to, "" when it does not say."""
        first = ""
        for word in ("upn", "pupil_reference"):
            if (text := self.cell(row, word)) and not is_stopgap(word, text):
                key = self.keys.resolve(tidy_upn(text))
                if not self.keys.known or key in self.keys.known:
                    return key
                first = first or key
        if not first and self.is_by_name and (found := self.name_keys_of(row)):
            return self.keys.resolve(found[0])
        return first

    @property
    def is_by_name(self) -> bool:
        """Whether only names tell the pupils of this table apart."""
        return not self.headings.names_a_pupil and self.headings.has_names

    def name_keys_of(self, row: Sequence[str]) -> tuple[str, ...]:
        """The keys that the name in a row gives, the closest first."""
        first, last = self.cell(row, "first_name"), self.cell(row, "last_name")
        if not last and (full := self.cell(row, "full_name")):
            first, last = split_pupil_name(full)
        return name_keys(first, last, self.cell(row, "registration_group"))

    def cell(self, row: Sequence[str], word: str) -> str:
        """What stands in a row under a word, trimmed; "" where nothing does."""
        place = self.headings.places.get(word)
        return row[place].strip() if place is not None and place < len(row) else ""

    def has_cells_beside(self, row: Sequence[str]) -> bool:
        """Whether cells of a row stand under no heading; one too many between commas is a fault, and told as one."""
        beyond = () if self.is_delimited else row[len(self.headings.cells) :]
        return any(beyond) or any(row[place].strip() for place in self.headings.blank_places if place < len(row))

    def problem(self, code: str, detail: str, row: int, column: str = "") -> Problem:
        """A problem in one of this table's rows."""
        return Problem(code, detail, file=self.name, row=row, column=column)

    @cached_property
    def name_places(self) -> tuple[int, ...]:
        """The columns of names: no pupil's identifier stands there."""
        names = ("first_name", "last_name")
        return tuple(place for word, place in self.headings.places.items() if word.endswith(names))

    @property
    def used_places(self) -> set[int]:
        """The columns that are understood."""
        headings = self.headings
        return {
            *headings.places.values(),
            *(column.place for column in headings.sessions),
            *(column.place for column in headings.weekdays),
        }


def find_sheet(name: str, open_rows: Callable[[], Iterator[Sequence[str]]], aliases: Aliases) -> Sheet:
    """What a table holds. Raises CohortError when its headings say too little or repeat each other."""
    top = list(islice(open_rows(), _TITLE_ROWS))
    if row := find_certificate(top, aliases):
        sentence = (
            "This is one pupil's registration certificate, a row a week, and no list of pupils. "
            "Export the marks, or the attendance summary, of all pupils instead."
        )
        raise CohortError(Problem("certificate", sentence, file=name, row=row))
    found = find_heading_row(top, aliases)
    problems = list(_find_faults(name, *found)) if found else [_no_headings(name)]
    if problems and not (found and names_pupils(found[1])) and (low := find_low_headings(open_rows(), aliases)) > 1:
        raise CohortError(Problem("headings-too-low", _LOW.format(row=low), file=name))
    if problems or found is None:
        raise CohortError(problems)
    number, headings = found
    above = find_rows_above(top, number, headings)
    titles = tuple(" ".join(cell.strip() for cell in row if cell.strip()) for row in top[: number - 1])
    kind = kind_of(headings)
    headings = with_period(headings) if kind in ("summary", "pupils") else headings
    further = FurtherHeadings(tuple(map(tuple, top[number - headings.rows : number])), aliases)
    count = RowCount(name)
    return Sheet(
        name, kind, number, headings, open_rows, titles, rows_above=above, count=count, further_headings=further
    )


def _no_headings(name: str) -> Problem:
    sentence = (
        "No headings were found that we know, for example UPN, Surname, Date, Code. Put them above the rows, "
        f"within the first {_TITLE_ROWS} rows."
    )
    return Problem("no-headings", sentence, file=name)


def _find_faults(name: str, number: int, headings: Headings) -> Iterator[Problem]:
    if len(headings.cells) > MOST_COLUMNS:
        sentence = f"There are {len(headings.cells):,} columns; at most {MOST_COLUMNS:,} can be read."
        yield Problem("too-many-columns", sentence, file=name, row=number)
    if headings.repeated:
        repeated = ", ".join(dict.fromkeys(show(heading) for heading in headings.repeated))
        sentence = f"More than one column means the same: {repeated}. Rename or remove all but one."
        if headings.repeats_pupils:
            sentence = f"Two tables stand beside each other ({repeated} twice). Put each into a file of its own."
        yield Problem("repeated-headings", sentence, file=name, row=number)
    kind = kind_of(headings)
    if kind in _NEEDS_A_PUPIL and not headings.names_a_pupil and not (kind in _BY_NAME and headings.has_names):
        known = [show(headings.heading_of(word)) for word in list(headings.places)[:6]]
        there = f"; there {'is' if len(known) == 1 else 'are'} {', '.join(known)}" if known else ""
        sentence = f"No column says which pupil a row is about{there}. Add the UPN or the pupil reference."
        yield Problem("no-identifier" if kind == "pupils" else "no-pupil-column", sentence, file=name, row=number)
    dated = [heading for heading in headings.unknown if read_day(heading.strip(), british=True)]
    if not headings.sessions and len(dated) >= _FEWEST_WEEKDAYS:
        sentence = (
            f"Nothing says whether the columns {show(dated[0])} to {show(dated[-1])} are mornings or afternoons. "
            f"Export a column for each session, headed {show(dated[0])} AM and {show(dated[0])} PM."
        )
        yield Problem("no-session-column", sentence, file=name, row=number)
    if kind == "long marks" and not headings.has("session"):
        sentence = "No column says whether a mark is for the morning or the afternoon. Add one headed AM/PM."
        yield Problem("no-session-column", sentence, file=name, row=number)


def kind_of(headings: Headings) -> str:
    """What a table with these headings holds."""
    for kind, choices in _KINDS:
        if any(headings.has(*words) for words in choices):
            return kind
    if len(headings.weekdays) >= _FEWEST_WEEKDAYS:
        return "weekly marks"
    is_told = names_pupils(headings)
    if headings.sessions:
        return "wide marks" if is_told else "pupils"
    if any(word in headings.places for word in _FIGURES) and is_told:
        return "summary"
    if _is_about_contacts(headings):
        return "contacts"
    return "pupils"


def names_pupil_and_contact(headings: Headings) -> bool:
    """Whether a table has names of its own for the pupil and for a contact."""
    contact = any(headings.has(f"contact_1_{word}") for word in ("first_name", "last_name", "full_name"))
    return contact and (headings.has("last_name") or headings.has("full_name"))


def _is_about_contacts(headings: Headings) -> bool:
    """Whether each row is a contact: a person beside a pupil, with nothing about the pupil but who it is."""
    if any(headings.has(word) for word in _OF_A_PUPIL) or not headings.names_a_pupil:
        return False
    numbered = [found for word in headings.places if (found := contact_column(word))]
    parts = {part for number, part in numbered if number == 1} | set(headings.places)
    if any(number > 1 for number, _ in numbered):
        return False
    own = parts - {"first_name", "last_name", "full_name"} if not numbered else parts
    return bool(own & _OF_A_CONTACT) and bool(parts & {"first_name", "last_name", "full_name"})

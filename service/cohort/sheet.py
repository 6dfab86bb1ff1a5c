"""A table of an export: where it comes from, what it holds, and its rows under the spreadsheet's own numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from service.cohort.headings import MOST_COLUMNS, Aliases, Headings, contact_column, find_heading_row, show
from service.cohort.text_file import NO_VALUE
from service.errors import CohortError, Problem

_TITLE_ROWS = 30
_TOTAL = re.compile(r"(grand |sub-?|column |overall |school |group )?(totals?|averages?|mean|overall|sum)\b.*", re.I)
_BARE_TOTAL = re.compile(r"(grand |sub-?|overall )?(totals?|averages?|mean|overall|sum)( for .*)?[\s:]*", re.I)
_KINDS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("calendar", (("from", "to", "kind"),)),
    ("judgements", (("word", "answer"),)),
    ("history", (("on", "event"), ("date", "event"))),
    ("long marks", (("date", "session", "code"),)),
    ("meetings", (("date", "time", "place"),)),
)
_FIGURES = ("sessions_possible", "sessions_attended", "sessions_present", "attendance_percentage")
_OF_A_PUPIL = ("date_of_birth", "year_group", "registration_group", "preferred_name")
_OF_A_CONTACT = frozenset(("first_name", "last_name", "full_name", "title", "relationship", "parental_responsibility"))
_NEEDS_A_PUPIL = frozenset(("judgements", "history", "long marks"))


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table that was found in an export; `open_rows` gives its rows from the first on, each time anew."""

    name: str
    kind: str
    heading_row: int
    headings: Headings
    open_rows: Callable[[], Iterator[Sequence[str]]]
    references: dict[str, str] = field(default_factory=dict)
    """Pupil reference -> UPN, where the list of pupils gives both: another file may know only the reference."""

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows below the headings with their numbers; blank rows, totals and footnotes are left out."""
        for number, row in enumerate(islice(self.open_rows(), self.heading_row, None), self.heading_row + 1):
            if any(row) and not self.is_total(row) and not self.is_footnote(row):
                yield number, row

    @property
    def key_place(self) -> int | None:
        """The column that says which pupil a row belongs to."""
        places = self.headings.places
        return places.get("upn", places.get("pupil_reference"))

    def key_of(self, row: Sequence[str]) -> str:
        """Which pupil a row belongs to, "" when it does not say."""
        for word in ("upn", "pupil_reference"):
            place = self.headings.places.get(word)
            if place is not None and place < len(row) and row[place].strip():
                key = row[place].strip().upper()
                return self.references.get(key, key) if word == "pupil_reference" else key
        return ""

    def is_total(self, row: Sequence[str]) -> bool:
        """Whether a row holds totals: its first filled cell says so, and no identifier stands beside it."""
        first = next((cell for cell in row if cell), "").strip()
        if not _TOTAL.fullmatch(first):
            return False
        key = self.key_of(row)
        return not key or bool(key == first.upper() and _BARE_TOTAL.fullmatch(first))

    def is_footnote(self, row: Sequence[str]) -> bool:
        """Whether a row is a remark below the table: one cell of several words, where pupils have more."""
        if len(row) - row.count("") != 1 or self.headings.known < 2:
            return False
        return " " in next(cell for cell in row if cell).strip()

    def problem(self, code: str, detail: str, row: int, column: str = "") -> Problem:
        """A problem in one of this table's rows."""
        return Problem(code, detail, file=self.name, row=row, column=column)

    def formulas_without_value(self, number: int, row: Sequence[str]) -> Iterator[Problem]:
        """A problem for each cell of a used column that holds a formula and no value."""
        if NO_VALUE not in row:
            return
        used = {*self.headings.places.values(), *(column.place for column in self.headings.sessions)}
        for place, cell in enumerate(row):
            if cell == NO_VALUE and place in used:
                sentence = "This is a formula without a value. Open the workbook in Excel, save it and use that file."
                yield self.problem("formula-without-value", sentence, number, self.headings.cells[place].strip())


def find_sheet(name: str, open_rows: Callable[[], Iterator[Sequence[str]]], aliases: Aliases) -> Sheet:
    """What a table holds. Raises CohortError when its headings say too little or repeat each other."""
    found = find_heading_row(islice(open_rows(), _TITLE_ROWS), aliases)
    if found is None:
        sentence = (
            "No headings were found that we know, for example UPN, Surname, Date, Code. Put them above the rows, "
            f"within the first {_TITLE_ROWS} rows."
        )
        raise CohortError(Problem("no-headings", sentence, file=name))
    number, headings = found
    problems = list(_find_faults(name, number, headings))
    if problems:
        raise CohortError(problems)
    return Sheet(name, kind_of(headings), number, headings, open_rows)


def _find_faults(name: str, number: int, headings: Headings) -> Iterator[Problem]:
    if len(headings.cells) > MOST_COLUMNS:
        sentence = f"There are {len(headings.cells):,} columns; at most {MOST_COLUMNS:,} can be read."
        yield Problem("too-many-columns", sentence, file=name, row=number)
    if headings.repeated:
        repeated = ", ".join(dict.fromkeys(show(heading) for heading in headings.repeated))
        sentence = f"More than one column means the same: {repeated}. Rename or remove all but one."
        yield Problem("repeated-headings", sentence, file=name, row=number)
    kind = kind_of(headings)
    if kind in ("pupils", *_NEEDS_A_PUPIL) and not _names_a_pupil(headings):
        known = ", ".join(show(headings.heading_of(word)) for word in list(headings.places)[:6])
        sentence = f"No column says which pupil a row is about; there are {known}. Add the UPN or the pupil reference."
        yield Problem("no-identifier" if kind == "pupils" else "no-pupil-column", sentence, file=name, row=number)


def _names_a_pupil(headings: Headings) -> bool:
    return headings.has("upn") or headings.has("pupil_reference")


def kind_of(headings: Headings) -> str:
    """What a table with these headings holds."""
    for kind, choices in _KINDS:
        if any(headings.has(*words) for words in choices):
            return kind
    if headings.sessions:
        return "wide marks" if _names_a_pupil(headings) else "pupils"
    if any(headings.has(word) for word in _FIGURES):
        return "summary" if _names_a_pupil(headings) else "pupils"
    if _is_about_contacts(headings):
        return "contacts"
    return "pupils"


def names_pupil_and_contact(headings: Headings) -> bool:
    """Whether a table has names of its own for the pupil and for a contact."""
    contact = any(headings.has(f"contact_1_{word}") for word in ("first_name", "last_name", "full_name"))
    return contact and (headings.has("last_name") or headings.has("full_name"))


def _is_about_contacts(headings: Headings) -> bool:
    """Whether each row is a contact: a person beside a pupil, with nothing about the pupil but who it is."""
    if any(headings.has(word) for word in _OF_A_PUPIL) or not _names_a_pupil(headings):
        return False
    numbered = [found for word in headings.places if (found := contact_column(word))]
    parts = {part for number, part in numbered if number == 1} | set(headings.places)
    if any(number > 1 for number, _ in numbered):
        return False
    own = parts - {"first_name", "last_name", "full_name"} if not numbered else parts
    return bool(own & _OF_A_CONTACT) and bool(parts & {"first_name", "last_name", "full_name"})

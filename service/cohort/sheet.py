"""A table of an export: where it comes from, what it holds, and its rows under the spreadsheet's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from service.cohort.headings import Headings, find_heading_row
from service.errors import CohortError, Problem

_TITLE_ROWS = 30
_TOTALS = frozenset(("total", "totals", "grand total", "average", "averages", "overall", "mean"))
_KINDS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("calendar", (("from", "to", "kind"),)),
    ("judgements", (("word", "answer"),)),
    ("history", (("on", "event"), ("date", "event"))),
    ("long marks", (("date", "session", "code"),)),
    ("meetings", (("date", "time", "place"),)),
)
_FIGURES = ("sessions_possible", "sessions_attended", "sessions_present", "attendance_percentage")


@dataclass(frozen=True)
class Sheet:
    """A table that was found in an export; `open_rows` gives its rows from the first on, each time anew."""

    name: str
    kind: str
    heading_row: int
    headings: Headings
    open_rows: Callable[[], Iterator[Sequence[str]]]

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows below the headings with their numbers; blank rows and rows of totals are left out."""
        for number, row in enumerate(islice(self.open_rows(), self.heading_row, None), self.heading_row + 1):
            if any(row) and not is_total(row):
                yield number, row

    @property
    def key_place(self) -> int | None:
        """The column that says which pupil a row belongs to."""
        places = self.headings.places
        return places.get("upn", places.get("pupil_reference"))


def find_sheet(name: str, open_rows: Callable[[], Iterator[Sequence[str]]], aliases: Mapping[str, str]) -> Sheet | None:
    """What a table holds; None when its headings say nothing to us. Raises CohortError on repeated headings."""
    found = find_heading_row(islice(open_rows(), _TITLE_ROWS), aliases)
    if found is None:
        return None
    number, headings = found
    kind = kind_of(headings)
    if kind is None:
        return None
    if headings.repeated:
        repeated = ", ".join(headings.repeated)
        sentence = f"More than one column means the same: {repeated}. Rename or remove all but one."
        raise CohortError(Problem("repeated-headings", sentence, file=name, row=number))
    return Sheet(name, kind, number, headings, open_rows)


def kind_of(headings: Headings) -> str | None:
    """What a table with these headings holds; None when it cannot be told."""
    for kind, choices in _KINDS:
        if any(headings.has(*words) for words in choices):
            return kind
    if not (headings.has("upn") or headings.has("pupil_reference")):
        return None
    if headings.sessions:
        return "wide marks"
    if any(headings.has(word) for word in _FIGURES):
        return "summary"
    if headings.has("address_line_1") and headings.has("last_name") and not headings.has("date_of_birth"):
        return "contacts"
    return "pupils"


def is_total(row: Sequence[str]) -> bool:
    """Whether a row holds totals: its first filled cell says so."""
    first = next((cell for cell in row if cell), "")
    return first.strip().rstrip(":").casefold() in _TOTALS

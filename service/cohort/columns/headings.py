"""Which column is which word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from service.attendance.reading.records import is_windowed_figure, record_schema
from service.attendance.words import SUMMARY_FIGURES
from service.cohort.columns.aliases import (
    FIGURES_BESIDES,
    Aliases,
    contact_pattern,
    contact_words,
    fold_heading,
    is_column_word,
)
from service.cohort.columns.near_headings import NearHeading, find_near
from service.cohort.marks.lessons import is_lesson
from service.cohort.marks.session_columns import SessionColumn, read_session_column, repeated_sessions
from service.cohort.marks.week_columns import WeekColumn, read_week_column
from service.errors import show as show_text

_LEGAL_FIRST = frozenset(("first_name", "last_name"))
_CHOSEN = frozenset(
    "pupil_reference full_name preferred_name registration_group year_group attendance_percentage".split()
)
"""Words for which one of several columns is chosen; of others, nobody can say which column is meant."""
_WHO = frozenset(("upn", "pupil_reference", "full_name", "last_name"))
MOST_COLUMNS = 1_000
_MOST_NEAR, _LONGEST_NEAR = 100, 100
"""Headings that are compared with all known ones, and their characters: each takes milliseconds."""


class ProbableHeading(NamedTuple):
    """A heading that is not known but resembles one that is."""

    heading: str
    near: NearHeading


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a sheet: word -> place, the sessions of wide marks, and headings that nobody knows.

    `passed_over` holds columns that mean the same as one that is used: the word with their place.
    """

    cells: tuple[str, ...]
    places: Mapping[str, int]
    sessions: tuple[SessionColumn, ...] = ()
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    probable: tuple[ProbableHeading, ...] = ()
    passed_over: tuple[tuple[str, int], ...] = ()
    weekdays: tuple[WeekColumn, ...] = ()
    lessons: tuple[int, ...] = ()
    """The places of columns that hold marks of lessons, or something else about them."""
    rows: int = 1
    """How many rows the headings take: two where those above belong to them."""

    def has(self, *words: str) -> bool:
        """Whether all these words are columns."""
        return all(word in self.places for word in words)

    def heading_of(self, word: str) -> str:
        """The heading as the person wrote it; the word itself when it is no column."""
        return self.cells[self.places[word]].strip() if word in self.places else word

    @property
    def blank_places(self) -> tuple[int, ...]:
        """The columns that have no heading."""
        return tuple(place for place, cell in enumerate(self.cells) if not cell or cell.isspace())

    @property
    def known(self) -> int:
        """How many columns are understood."""
        return len(self.places) + len(self.sessions) + len(self.weekdays)

    @property
    def names_a_pupil(self) -> bool:
        """Whether a column says which pupil a row is about: a UPN or the MIS's own reference."""
        return "upn" in self.places or "pupil_reference" in self.places

    @property
    def repeats_pupils(self) -> bool:
        """Whether two headings or more stand twice, and one of them says which pupil a row is about."""
        pairs = zip(self.repeated[::2], self.repeated[1::2], strict=False)
        twice = {one for one, other in pairs if fold_heading(one) == fold_heading(other)}
        return len(twice) > 1 and any(self.heading_of(word) in twice for word in _WHO)

    @property
    def has_names(self) -> bool:
        """Whether the pupils' own names are columns."""
        return "full_name" in self.places or self.has("first_name", "last_name")


def read_headings(cells: Sequence[str], aliases: Aliases) -> Headings:
    """The columns that a row of headings means, under the aliases of headings.toml."""
    places: dict[str, int] = {}
    sessions: list[SessionColumn] = []
    weekdays: list[WeekColumn] = []
    unknown, repeated, passed_over, lessons = [], [], [], []
    for place, cell in enumerate(cells[:MOST_COLUMNS]):  # of more columns no table is used
        heading = cell.strip()
        if not heading:
            continue
        word = find_word(heading, aliases)
        column = None if word else read_session_column(heading, place)
        day = None if word or column else read_week_column(heading, place)
        if column:
            sessions.append(column)
        elif day:
            weekdays.append(day)
        elif not word and is_lesson(heading):
            lessons.append(place)
        elif not word:
            unknown.append(heading)
        elif word not in places:
            places[word] = place
        elif _is_chosen_from(word, cells[places[word]], heading):
            first, second = sorted((places[word], place), key=lambda one: _rank(cells[one], aliases))
            places[word] = first
            passed_over.append((word, second))
        else:
            repeated += [cells[places[word]].strip(), heading]
    repeated += [cells[place].strip() for place in repeated_sessions(sessions)]
    if "name" in places and "kind" not in places and not {"full_name", "last_name"} & places.keys():
        places["full_name"] = places.pop("name")
    if "period" in places and {"date", "code"} <= places.keys() and "session" not in places:
        places["session"] = places.pop("period")
    return Headings(
        tuple(cells),
        places,
        tuple(sessions),
        tuple(unknown),
        tuple(repeated),
        passed_over=tuple(passed_over),
        weekdays=tuple(weekdays),
        lessons=tuple(lessons),
    )


def _is_chosen_from(word: str, one: str, other: str) -> bool:
    """Whether of two columns for one word the better known is used; of names only the legal one beats another."""
    folded = fold_heading(one), fold_heading(other)
    if word in _LEGAL_FIRST:
        return folded[0].startswith("legal") != folded[1].startswith("legal")
    return word in _CHOSEN and folded[0] != folded[1]


def _rank(heading: str, aliases: Aliases) -> int:
    return aliases.ranks.get(fold_heading(heading), -len(aliases.ranks))


def with_near_headings(headings: Headings, aliases: Aliases) -> Headings:
    """The same headings, with those understood that are misspelt beyond doubt; the likely ones are kept to ask."""
    places, unknown, probable = dict(headings.places), [], []
    for number, heading in enumerate(headings.unknown):
        is_compared = number < _MOST_NEAR and len(heading) <= _LONGEST_NEAR
        near = find_near(heading, fold_heading(heading), aliases.names, places) if is_compared else None
        if near is None:
            unknown.append(heading)
            continue
        probable.append(ProbableHeading(heading, near))
        if near.is_sure:
            places[near.word] = next(place for place, cell in enumerate(headings.cells) if cell.strip() == heading)
    return replace(headings, places=places, unknown=tuple(unknown), probable=tuple(probable))


def with_period(headings: Headings) -> Headings:
    """The headings of a table of pupils: beside figures, From and To are the first and the last day of them."""
    if not any(map(is_figure, headings.places)):
        return headings
    days = {"from": "period_start", "to": "period_end"}
    meant = {word: days[word] for word in days if not headings.has(days[word])}
    return replace(headings, places={meant.get(word, word): place for word, place in headings.places.items()})


def show(heading: str) -> str:
    """A heading as it can be printed in a sentence."""
    return show_text(heading.replace("\n", " "))[:60]


def find_word(heading: str, aliases: Aliases) -> str:
    """The word that a heading means, "" when it is not known."""
    word = heading.strip().lower()
    return word if is_column_word(word) else aliases.words.get(fold_heading(heading), "")


def is_figure(word: str) -> bool:
    """Whether a column holds a figure of a summary, a record's own or one that others are worked out from."""
    return word in SUMMARY_FIGURES or word in FIGURES_BESIDES or is_windowed_figure(word)


def is_of_a_record(word: str) -> bool:
    """Whether a column can be a word of a pupil's record by itself."""
    return word in record_schema(True).fields or is_windowed_figure(word)


def contact_column(word: str) -> tuple[int, str] | None:
    """The number and the word of a contact's column: contact_2_postcode is (2, "postcode")."""
    found = contact_pattern().fullmatch(word)
    if found:
        return int(found[1]), found[2]
    return (1, word) if word in contact_words() and word not in ("first_name", "last_name", "full_name") else None


def find_heading_row(rows: Iterable[Sequence[str]], aliases: Aliases) -> tuple[int, Headings] | None:
    """The number of the row (from 1) that holds the headings, with them: the first rows may be titles.

    The row with the most known columns wins, at least two; None when there is none. Where two rows of headings
    together say more (a date above AM and PM, "Contact 1" above "Surname"), both are the headings.
    """
    best: tuple[int, Headings] | None = None
    for number, (above, row) in enumerate(pairwise(_after_nothing(rows)), 1):
        headings = read_headings(row, aliases)
        if any(above) and (headings.repeated or not best or best[0] == number - 1):
            headings = _better(headings, replace(read_headings(_under(above, row), aliases), rows=2))
        if headings.known >= 2 and (best is None or headings.known > best[1].known):
            best = number, headings
    return (best[0], with_near_headings(best[1], aliases)) if best else None


def _after_nothing(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield ()
    yield from rows


def _better(one: Headings, two: Headings) -> Headings:
    """The headings that say more, two rows together only where they leave less in doubt."""
    return two if _weight(two) > _weight(one) and not two.repeated else one


def _weight(headings: Headings) -> tuple[int, int, int]:
    return headings.known, -len(headings.repeated), len(headings.sessions)


def _under(above: Sequence[str], row: Sequence[str]) -> list[str]:
    """Each heading after the one above it; a heading above counts until the next, and alone where none is below it."""
    joined, upper = [], ""
    for place in range(max(len(above), len(row))):
        own = above[place].strip() if place < len(above) else ""
        cell = row[place].strip() if place < len(row) else ""
        upper = own or upper
        joined.append(f"{upper} {cell}".strip() if cell else own)
    return joined

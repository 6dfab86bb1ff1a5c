"""Which column is which word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from service.attendance.fields import read_day
from service.attendance.reading import is_windowed_figure
from service.attendance.school import SCHOOL_WORDS
from service.attendance.words import FACTS, MEETING, SUMMARY_FIGURES

_NOT_LETTERS = re.compile(r"[\s._\-:/()]+")
_CONTACT = re.compile(
    r"contact_([1-9])_(title|first_name|last_name|relationship|parental_responsibility|lives_with_pupil|receives_post|"
    r"confidential_address|address_line_[1-5]|postcode|email|language)"
)
_SESSION_COLUMN = re.compile(r"(?:[A-Za-z]{3,9}\s+)?(\S+)\s+(AM|PM|am|pm)")
_OWN_WORDS = (
    "upn pupil_reference first_name last_name preferred_name full_name date_of_birth year_group registration_group "
    "period_start period_end unexplained_since sessions_present sessions_approved date session code on event outcome "
    "recipient by method note word answer question answers_allowed from to kind name time place with title "
    "relationship parental_responsibility "
    "lives_with_pupil receives_post confidential_address address_line_1 address_line_2 address_line_3 address_line_4 "
    "address_line_5 postcode email language"
).split()


class SessionColumn(NamedTuple):
    """A column of wide marks: its place, its day, and 0 for the morning or 1 for the afternoon."""

    place: int
    day: str
    half: int


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a sheet: word -> place, the sessions of wide marks, and headings that nobody knows."""

    cells: tuple[str, ...]
    places: Mapping[str, int]
    sessions: tuple[SessionColumn, ...] = ()
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    by_alias: Mapping[str, str] = field(default_factory=dict)

    def has(self, *words: str) -> bool:
        """Whether all these words are columns."""
        return all(word in self.places for word in words)

    def heading_of(self, word: str) -> str:
        """The heading as the person wrote it; the word itself when it is no column."""
        return self.cells[self.places[word]] if word in self.places else word

    @property
    def known(self) -> int:
        """How many columns are understood."""
        return len(self.places) + len(self.sessions)


def read_headings(cells: Sequence[str], aliases: Mapping[str, str]) -> Headings:
    """The columns that a row of headings means, under the aliases of headings.toml."""
    places: dict[str, int] = {}
    sessions: list[SessionColumn] = []
    unknown, repeated, by_alias = [], [], {}
    for place, cell in enumerate(cells):
        heading = cell.strip()
        if not heading:
            continue
        word = find_word(heading, aliases)
        column = None if word else _read_session(heading, place)
        if column:
            sessions.append(column)
        elif not word:
            unknown.append(heading)
        elif word in places:
            repeated.append(heading)
        else:
            places[word] = place
            if word != heading.lower():
                by_alias[word] = heading
    return Headings(tuple(cells), places, tuple(sessions), tuple(unknown), tuple(repeated), by_alias)


def find_word(heading: str, aliases: Mapping[str, str]) -> str:
    """The word that a heading means, "" when it is not known."""
    word = heading.strip().lower()
    if word in _plain_words() or _CONTACT.fullmatch(word) or is_windowed_figure(word):
        return word
    return aliases.get(fold_heading(heading), "")


def contact_column(word: str) -> tuple[int, str] | None:
    """The number and the word of a contact's column: contact_2_postcode is (2, "postcode")."""
    found = _CONTACT.fullmatch(word)
    return (int(found[1]), found[2]) if found else None


def fold_heading(heading: str) -> str:
    """A heading without what makes no difference: capitals, spaces, dots, hyphens and underscores."""
    return _NOT_LETTERS.sub("", heading).casefold()


@lru_cache(maxsize=1)
def shipped_aliases() -> Mapping[str, str]:
    """The aliases that come with the service: folded heading -> word."""
    return _read_aliases(Path(__file__).with_name("headings.toml"))


def with_own_aliases(path: Path) -> Mapping[str, str]:
    """The shipped aliases and those of a school's own headings.toml, which wins."""
    return {**shipped_aliases(), **_read_aliases(path)}


def _read_aliases(path: Path) -> dict[str, str]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {fold_heading(name): word for word, names in table.items() for name in names}


@lru_cache(maxsize=1)
def _plain_words() -> frozenset[str]:
    return frozenset((*_OWN_WORDS, *FACTS, *SUMMARY_FIGURES, *MEETING, *SCHOOL_WORDS))


def _read_session(heading: str, place: int) -> SessionColumn | None:
    found = _SESSION_COLUMN.fullmatch(heading)
    if not found:
        return None
    day = read_day(found[1], british=True)
    return SessionColumn(place, day.isoformat(), int(found[2].upper() == "PM")) if day else None


def find_heading_row(rows: Iterable[Sequence[str]], aliases: Mapping[str, str]) -> tuple[int, Headings] | None:
    """The number of the row (from 1) that holds the headings, with them: the first rows may be titles.

    The row with the most known columns wins, at least two; None when there is none.
    """
    best: tuple[int, Headings] | None = None
    for number, row in enumerate(rows, 1):
        headings = read_headings(row, aliases)
        if headings.known >= 2 and (best is None or headings.known > best[1].known):
            best = number, headings
    return best

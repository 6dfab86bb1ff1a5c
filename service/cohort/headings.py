"""Which column is which word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from service.attendance.reading import is_windowed_figure, record_schema
from service.attendance.school import SCHOOL_WORDS
from service.attendance.strict_toml import UnreadableTomlError, read_toml
from service.attendance.value_kinds import UNUSABLE
from service.attendance.words import FACTS, MEETING, SUMMARY_FIGURES
from service.cohort.marks.session_columns import SessionColumn, read_session_column, repeated_sessions
from service.cohort.near_headings import NearHeading, find_near
from service.errors import CohortError, Problem, did_you_mean

MOST_COLUMNS = 1_000
_MOST_NEAR, _LONGEST_NEAR = 100, 100
"""Headings that are compared with all known ones, and their characters: each takes milliseconds."""
_NOT_LETTERS = re.compile(r"[\s._\-:/()]+")
CONTACT_WORDS = (
    "title first_name last_name full_name relationship parental_responsibility lives_with_pupil receives_post "
    "confidential_address house_number address_line_1 address_line_2 address_line_3 address_line_4 address_line_5 "
    "postcode email language"
).split()
_CONTACT = re.compile(rf"contact_([1-9])_({'|'.join(CONTACT_WORDS)})")
_OWN_WORDS = (
    "upn pupil_reference first_name last_name preferred_name full_name date_of_birth year_group registration_group "
    "period_start period_end unexplained_since sessions_present sessions_approved date session code on event outcome "
    "recipient by method note word answer question answers_allowed from to kind name time place with"
).split()
_FOR_A_RECORD = frozenset(("full_name", "sessions_present", "sessions_approved", *CONTACT_WORDS))


@dataclass(frozen=True, slots=True)
class Aliases:
    """What columns are called: folded heading -> word, and folded heading -> word and heading as written."""

    words: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]


class ProbableHeading(NamedTuple):
    """A heading that is not known but resembles one that is."""

    heading: str
    near: NearHeading


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a sheet: word -> place, the sessions of wide marks, and headings that nobody knows."""

    cells: tuple[str, ...]
    places: Mapping[str, int]
    sessions: tuple[SessionColumn, ...] = ()
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    probable: tuple[ProbableHeading, ...] = ()

    def has(self, *words: str) -> bool:
        """Whether all these words are columns."""
        return all(word in self.places for word in words)

    def heading_of(self, word: str) -> str:
        """The heading as the person wrote it; the word itself when it is no column."""
        return self.cells[self.places[word]].strip() if word in self.places else word

    @property
    def known(self) -> int:
        """How many columns are understood."""
        return len(self.places) + len(self.sessions)


def read_headings(cells: Sequence[str], aliases: Aliases) -> Headings:
    """The columns that a row of headings means, under the aliases of headings.toml."""
    places: dict[str, int] = {}
    sessions: list[SessionColumn] = []
    unknown, repeated = [], []
    for place, cell in enumerate(cells[:MOST_COLUMNS]):  # of more columns no table is used
        heading = cell.strip()
        if not heading:
            continue
        word = find_word(heading, aliases)
        column = None if word else read_session_column(heading, place)
        if column:
            sessions.append(column)
        elif not word:
            unknown.append(heading)
        elif word in places:
            repeated += [cells[places[word]].strip(), heading]
        else:
            places[word] = place
    repeated += [cells[place].strip() for place in repeated_sessions(sessions)]
    if "name" in places and "kind" not in places and not {"full_name", "last_name"} & places.keys():
        places["full_name"] = places.pop("name")
    return Headings(tuple(cells), places, tuple(sessions), tuple(unknown), tuple(repeated))


def with_near_headings(headings: Headings, aliases: Aliases) -> Headings:
    """The same headings, with those understood that are misspelt beyond doubt; the likely ones are kept to ask."""
    places, unknown, probable = dict(headings.places), [], []
    for number, heading in enumerate(headings.unknown):
        folded = fold_heading(heading) if number < _MOST_NEAR and len(heading) <= _LONGEST_NEAR else ""
        near = find_near(folded, aliases.names, places) if folded else None
        if near is None:
            unknown.append(heading)
            continue
        probable.append(ProbableHeading(heading, near))
        if near.is_sure:
            places[near.word] = next(place for place, cell in enumerate(headings.cells) if cell.strip() == heading)
    return Headings(headings.cells, places, headings.sessions, tuple(unknown), headings.repeated, tuple(probable))


def say_headings_not_used(headings: Headings, file: str, is_about_pupils: bool) -> Iterable[str]:
    """What a person should know about the columns of a file that are not used, or were understood with some doubt."""
    for heading, near in headings.probable:
        if near.is_sure:
            use = f'was read as "{near.known}" ({near.word}); rename it if it is something else'
            yield f'{file}: column "{show(heading)}" {use}.'
        else:
            yield f'{file}: column {show(heading)} is not used. Did you mean "{near.known}"?'
    idle = (headings.heading_of(word) for word in headings.places if is_about_pupils and not _is_about_a_pupil(word))
    for heading in (*headings.unknown, *idle):
        yield f"{file}: column {show(heading)} is not used."


def show(heading: str) -> str:
    """A heading as it can be printed in a sentence."""
    return UNUSABLE.sub("\N{REPLACEMENT CHARACTER}", heading.replace("\n", " "))[:60]


def find_word(heading: str, aliases: Aliases) -> str:
    """The word that a heading means, "" when it is not known."""
    word = heading.strip().lower()
    if word in _plain_words() or _CONTACT.fullmatch(word) or is_windowed_figure(word):
        return word
    return aliases.words.get(fold_heading(heading), "")


def _is_about_a_pupil(word: str) -> bool:
    return is_of_a_record(word) or word in _FOR_A_RECORD or contact_column(word) is not None


def is_of_a_record(word: str) -> bool:
    """Whether a column can be a word of a pupil's record by itself."""
    return word in record_schema(True).fields or is_windowed_figure(word)


def contact_column(word: str) -> tuple[int, str] | None:
    """The number and the word of a contact's column: contact_2_postcode is (2, "postcode")."""
    found = _CONTACT.fullmatch(word)
    return (int(found[1]), found[2]) if found else None


def fold_heading(heading: str) -> str:
    """A heading without what makes no difference: capitals, spaces, dots, hyphens and underscores."""
    return _NOT_LETTERS.sub("", heading).casefold()


@lru_cache(maxsize=1)
def shipped_aliases() -> Aliases:
    """The aliases that come with the service."""
    return _aliases_of(_read_table(Path(__file__).with_name("headings.toml")))


def with_own_aliases(path: Path) -> Aliases:
    """The shipped aliases and those of a school's own headings.toml, which wins. Raises CohortError with its faults."""
    own, shipped = _aliases_of(_read_table(path)), shipped_aliases()
    return Aliases({**shipped.words, **own.words}, {**shipped.names, **own.names})


def _aliases_of(table: Mapping[str, Sequence[str]]) -> Aliases:
    names = {fold_heading(name): (word, name) for word, headings in table.items() for name in headings}
    return Aliases({folded: word for folded, (word, _) in names.items()}, names)


def _read_table(path: Path) -> Mapping[str, Sequence[str]]:
    try:
        table = read_toml(path)
    except UnreadableTomlError:
        sentence = 'This is not TOML. Write a line for each word, for example upn = ["Our pupil number"].'
        raise CohortError(Problem("headings-problem", sentence, file=path.name)) from None
    problems = [
        Problem("headings-problem", fault, file=path.name)
        for word, headings in table.items()
        if (fault := _find_fault(word, headings))
    ]
    if problems:
        raise CohortError(problems)
    return table


def _find_fault(word: str, headings: object) -> str:
    if word not in _plain_words() and not _CONTACT.fullmatch(word) and not is_windowed_figure(word):
        return f'"{word}" is not a word of a record.{did_you_mean(word, _plain_words())}'
    if not isinstance(headings, list) or not all(isinstance(name, str) and name.strip() for name in headings):
        return f'Give the headings of {word} as a list, for example {word} = ["Our name for it"].'
    return ""


@lru_cache(maxsize=1)
def _plain_words() -> frozenset[str]:
    return frozenset((*_OWN_WORDS, *CONTACT_WORDS, *FACTS, *SUMMARY_FIGURES, *MEETING, *SCHOOL_WORDS))


def find_heading_row(rows: Iterable[Sequence[str]], aliases: Aliases) -> tuple[int, Headings] | None:
    """The number of the row (from 1) that holds the headings, with them: the first rows may be titles.

    The row with the most known columns wins, at least two; None when there is none.
    """
    best: tuple[int, Headings] | None = None
    for number, row in enumerate(rows, 1):
        headings = read_headings(row, aliases)
        if headings.known >= 2 and (best is None or headings.known > best[1].known):
            best = number, headings
    return (best[0], with_near_headings(best[1], aliases)) if best else None

"""What columns are called: the shipped headings.toml, and a school's own beside its export."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.attendance.reading.records import is_windowed_figure
from service.attendance.reading.strict_toml import UnreadableTomlError, read_toml
from service.attendance.school import SCHOOL_WORDS
from service.attendance.words import FACTS, MEETING, SUMMARY_FIGURES
from service.did_you_mean import did_you_mean
from service.errors import CohortError, Problem

SHIPPED = Path(__file__).with_name("headings.toml")
MOST_CONTACTS = 4
"""Contacts whose numbered columns the shipped list knows."""
FIGURES_BESIDES = (
    "sessions_present sessions_approved sessions_absent sessions_late_both sessions_missing sessions_not_required "
    "absence_percentage days_possible days_attended days_absent days_authorised days_unauthorised"
).split()
"""Figures that a record does not hold itself: others are worked out from them, or they are told."""
_OWN_WORDS = (
    "upn pupil_reference first_name last_name preferred_name preferred_last_name full_name date_of_birth year_group "
    "registration_group date_of_admission date_of_leaving do_not_write_until letters_held period period_start "
    "period_end academic_year term unexplained_since date session code mark_string morning afternoon week month on "
    "event outcome recipient by method note word answer question answers_allowed from to kind name time place with"
).split()
_NOT_LETTERS = re.compile(r"[\s._\-:/()]+")
_NUMBERED = (
    "Contact {}",
    "Priority {} Contact",
    "Priority {}",
    "Parent {}",
    "Parent/Carer {}",
    "Carer {}",
    "Guardian {}",
)
_UNNUMBERED = ("Contact", "Parent", "Parent/Carer", "Carer", "Guardian")
_RELATIVES = {3: ("Mother", "Mum", "Mother's"), 4: ("Father", "Dad", "Father's")}
"""Contacts whose columns say who they are; their numbers leave 1 and 2 to columns that are numbered."""
_PERSONAL = frozenset(("first_name", "last_name", "full_name"))
"""Parts that are the pupil's own where no word says whose they are."""


@dataclass(frozen=True, slots=True)
class Aliases:
    """What columns are called: folded heading -> word, and folded heading -> word and heading as written."""

    words: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]
    ranks: Mapping[str, int]
    """Folded heading -> its place in its word's list: of two columns for one thing the earlier is used."""


def fold_heading(heading: str) -> str:
    """A heading without what makes no difference: capitals, spaces, dots, hyphens, underscores, and -ize for -ise."""
    return _NOT_LETTERS.sub("", heading).casefold().replace("authorized", "authorised")


@lru_cache(maxsize=1)
def contact_words() -> tuple[str, ...]:
    """The words of a contact's columns."""
    return (*tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["contact"], "no_contact")


@lru_cache(maxsize=1)
def contact_pattern() -> re.Pattern[str]:
    """What the flat word of a contact's column looks like: contact_2_postcode."""
    return re.compile(rf"contact_([1-9])_({'|'.join(sorted(contact_words(), key=len, reverse=True))})")


@lru_cache(maxsize=1)
def plain_words() -> frozenset[str]:
    """Every word that a column may hold, contacts with a number and windows apart."""
    return frozenset(
        (*_OWN_WORDS, *FIGURES_BESIDES, *contact_words(), *FACTS, *SUMMARY_FIGURES, *MEETING, *SCHOOL_WORDS)
    )


def is_column_word(word: str) -> bool:
    """Whether a column can hold this word."""
    return word in plain_words() or bool(contact_pattern().fullmatch(word)) or is_windowed_figure(word)


@lru_cache(maxsize=1)
def shipped_headings() -> Mapping[str, Sequence[str]]:
    """Every word with the headings it is known by, contacts written out."""
    table: dict[str, Any] = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    contact = {**table.pop("contact"), "no_contact": table["letters_held"]}
    for number in range(1, MOST_CONTACTS + 1):
        for part, endings in contact.items():
            table[f"contact_{number}_{part}"] = list(_contact_headings(number, part, endings))
    return table


def _contact_headings(number: int, part: str, endings: Sequence[str]) -> Iterator[str]:
    starts = [*(start.format(number) for start in _NUMBERED), *_RELATIVES.get(number, ())]
    for start in [*starts, *_UNNUMBERED] if number == 1 else starts:
        for ending in endings:
            if ending or start in starts or start == "Contact":
                yield f"{start} {ending}".strip()
    if number == 1 and part not in _PERSONAL and part != "no_contact":
        yield from endings


@lru_cache(maxsize=1)
def shipped_aliases() -> Aliases:
    """The aliases that come with the service."""
    return _aliases_of(shipped_headings())


def with_own_aliases(kept: Mapping[str, Sequence[str]], path: Path | None = None) -> Aliases:
    """The shipped aliases and a school's own, which win: those it has kept, and before them those of a headings.toml.

    Raises CohortError with every fault of the file, or of what was kept.
    """
    if not kept and path is None:
        return shipped_aliases()
    _refuse_faults(kept, "school.toml")
    shipped, beside = shipped_aliases(), _aliases_of(_read_table(path)) if path else _aliases_of({})
    own = _before(beside, _aliases_of(kept))
    return _before(own, shipped)


def _before(own: Aliases, shipped: Aliases) -> Aliases:
    """Two lists of aliases, of which the first wins."""
    earlier = {folded: rank - len(own.ranks) for folded, rank in own.ranks.items()}
    return Aliases({**shipped.words, **own.words}, {**shipped.names, **own.names}, {**shipped.ranks, **earlier})


def _aliases_of(table: Mapping[str, Sequence[str]]) -> Aliases:
    names: dict[str, tuple[str, str]] = {}
    for word, headings in table.items():
        for name in headings:
            names.setdefault(fold_heading(name), (word, name))
    ranks = {folded: place for place, folded in enumerate(names)}
    return Aliases({folded: word for folded, (word, _) in names.items()}, names, ranks)


def _read_table(path: Path) -> Mapping[str, Sequence[str]]:
    try:
        table = read_toml(path)
    except UnreadableTomlError:
        sentence = 'This is not TOML. Write a line for each word, for example upn = ["Our pupil number"].'
        raise CohortError(Problem("headings-problem", sentence, file=path.name)) from None
    _refuse_faults(table, path.name)
    return table


def _refuse_faults(table: Mapping[str, Any], file: str) -> None:
    problems = [
        Problem("headings-problem", fault, file=file)
        for word, headings in table.items()
        if (fault := _find_fault(word, headings))
    ]
    if problems:
        raise CohortError(problems)


def _find_fault(word: str, headings: object) -> str:
    if not is_column_word(word):
        return f'"{word}" is not a word of a record.{did_you_mean(word, plain_words())}'
    if not isinstance(headings, list) or not all(isinstance(name, str) and name.strip() for name in headings):
        return f'Give the headings of {word} as a list, for example {word} = ["Our name for it"].'
    return ""

"""One pupil in two files that do not say the same: another name, birthday or figures, or a warning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, NamedTuple, Protocol

from service.attendance.holding.holds import is_held
from service.attendance.holding.lost_letters import has_lost_letters
from service.attendance.reading.value_kinds import is_yes, read_loose_day, read_percentage
from service.attendance.upn import tidy_upn
from service.attendance.words import FLAGS, SUMMARY_FIGURES
from service.cohort.keys import fold_name
from service.errors import Problem

_DAYS = {
    "date_of_birth": "date of birth",
    "date_of_leaving": "date of leaving",
    "do_not_write_until": "day until which nobody is written to",
}
_PERIOD = ("period_start", "period_end")
_FIRST, _LAST = ("first_name", "preferred_name"), ("last_name", "preferred_last_name")
_WORDS = re.compile(r"[^\W\d_]+")
_CORRECT = "Find out which is right and correct the other file."
_NEAR_PERCENTAGES = 1
"""A rounded percentage and the exact one are less than this apart."""
_MOST_COMPARED = 10
_MANY = 5
"""Pupils: more than these with other figures in two files are two reports."""


class _OtherPupils(Protocol):
    def has_name(self, first: str, last: str) -> bool: ...

    def has_reference(self, reference: str) -> bool: ...


class ToldPupil(NamedTuple):
    """A pupil as a row of a file tells it; the words are those of a record."""

    file: str
    row: int
    words: Mapping[str, Any]

    @property
    def place(self) -> str:
        """Where the row stands."""
        return f"{self.file}, row {self.row}"

    @property
    def has_name(self) -> bool:
        """Whether it has a whole name, as it was written."""
        names = [str(self.words.get(word, "")) for word in ("first_name", "last_name")]
        return all(_WORDS.search(name) and not has_lost_letters(name) for name in names)


def find_two_pupils(told: Sequence[ToldPupil], others: _OtherPupils) -> Iterator[Problem]:
    """A hold for each thing of a letter, or that would stop one, of which two files say different things.

    `others` are the other pupils of the list.
    """
    for one, other in combinations(told[:_MOST_COMPARED], 2):
        if sentence := _other_name(one, other, others):
            yield Problem("two-names", sentence, file=one.file, row=one.row)
        upns = {tidy_upn(str(row.words.get("upn", ""))) for row in (one, other)} - {""}
        reference = tidy_upn(str(other.words.get("pupil_reference", "")))
        if reference and others.has_reference(reference):
            sentence = (
                f"{other.place}, has this pupil's UPN and another pupil's reference. Find out whose figures these are, "
                "and correct the row."
            )
            yield Problem("two-references", sentence, file=other.file, row=other.row)
        if len(upns) > 1:
            sentence = f"The pupil has one UPN in {one.place}, and another in {other.place}. {_CORRECT}"
            yield Problem("two-upns", sentence, file=one.file, row=one.row)
        for word, what in _DAYS.items():
            days = [read_loose_day(str(row.words.get(word, "")).strip()) for row in (one, other)]
            if all(days) and days[0] != days[1]:
                sentence = f"The pupil has one {what} in {one.place}, and another in {other.place}. {_CORRECT}"
                yield Problem("two-days", sentence, file=one.file, row=one.row)


def find_two_figures(told: Sequence[ToldPupil]) -> Iterator[Problem]:
    """What is wrong where two files have different figures for a pupil."""
    for one, other in combinations(told[:_MOST_COMPARED], 2):
        if differ(one.words, other.words):
            sentence = f"{one.place}, has other figures for this pupil. Keep the file that is right."
            yield Problem("two-figures", sentence, file=other.file, row=other.row)


def find_two_reports(told: Iterable[Sequence[ToldPupil]]) -> Iterator[Problem]:
    """One sentence for each two files that have different figures for most of the pupils who are in both."""
    both: dict[tuple[str, str], list[bool]] = {}
    for rows in told:
        for one, other in combinations(rows[:_MOST_COMPARED], 2):
            if one.file != other.file:
                both.setdefault((one.file, other.file), []).append(differ(one.words, other.words))
    for (first, second), found in both.items():
        if sum(found) > max(_MANY, len(found) // 2):
            sentence = (
                f"{first} has other figures for {sum(found):,} of the same pupils. Keep the report that is right, "
                "and take the other one out of the folder."
            )
            yield Problem("two-reports", sentence, file=second)


def differ(words: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Whether two rows give different figures, or figures of different days, for one pupil."""
    both = [word for word in SUMMARY_FIGURES if word in words and word in others]
    if any(_is_other_figure(word, words[word], others[word]) for word in both):
        return True
    have_figures = all(any(word in row for word in SUMMARY_FIGURES) for row in (words, others))
    return have_figures and any(_is_other_day(words.get(word), others.get(word)) for word in _PERIOD)


def _is_other_figure(word: str, figure: object, other: object) -> bool:
    one, two = read_percentage(figure), read_percentage(other)
    least = _NEAR_PERCENTAGES if word == "attendance_percentage" else 0
    return one is not None and two is not None and one != two and abs(Fraction(one) - two) >= least


def _is_other_day(day: object, other: object) -> bool:
    one, two = (read_loose_day(str(text or "").strip()) for text in (day, other))
    return one is not None and two is not None and one != two


def warnings_of(told: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What counts in whichever of the files it stands: that letters are held, and that somebody protects the child."""
    found: dict[str, Any] = {}
    for words in told:
        found |= {word: words[word] for word in FLAGS if is_yes(str(words.get(word, "")))}
        if is_held(str(words.get("letters_held", ""))):
            found["letters_held"] = words["letters_held"]
    return found


def is_other_child(words: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Whether neither the names nor the day of birth are those of one child."""
    one, other = ToldPupil("", 0, words), ToldPupil("", 0, others)
    if not (one.has_name and other.has_name):
        return False
    days = [str(row.get("date_of_birth") or "") for row in (words, others)]
    is_same_day = bool(days[0]) and days[0] == days[1]
    return not is_same_day and not any(_fit(_names(words, *kind), _names(others, *kind)) for kind in (_FIRST, _LAST))


def _other_name(one: ToldPupil, other: ToldPupil, others: _OtherPupils) -> str:
    """What to do about two names of one pupil; "" where they may well be the same."""
    if not (one.has_name and other.has_name):
        return ""
    first, last, others_first, others_last = (
        _names(row.words, *words) for row in (one, other) for words in (_FIRST, _LAST)
    )
    is_first, is_last = _fit(first, others_first), _fit(last, others_last)
    if (is_first and is_last) or _fit_turned(first | last, others_first | others_last):
        return ""
    if is_first:
        return f"The pupil has one surname in {one.place}, and another in {other.place}. {_CORRECT}"
    if is_last and not others.has_name(str(other.words["first_name"]), str(other.words["last_name"])):
        return ""
    return (
        f"The pupil has one name in {one.place}, and another in {other.place}. Find out whether both are the same "
        "child, and correct the UPN or the name."
    )


def _names(words: Mapping[str, Any], *kinds: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(fold_name(" ".join(str(words.get(word, "")) for word in kinds))))


def _fit(names: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one of the names may be one of the others, whole or as its beginning."""
    return any(one.startswith(two) or two.startswith(one) for one in names for two in others)


def _fit_turned(names: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two of the words are the same: surname and forename stand the other way round."""
    return len(names & others) > 1

"""A row a term: which rows of a summary are of the term that the decision is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from service.attendance.calendar import SchoolCalendar, school_year_of
from service.cohort.sheet import RowChoice, Sheet
from service.cohort.summary.periods import NO_PERIOD, Period
from service.errors import CohortError, Problem

_SEASONS = ("autumn", "spring", "summer")
_YEAR = re.compile(r"(20\d\d)\D{1,3}(?:20)?\d\d|(20\d\d)")


def choose_term(sheet: Sheet, calendar: SchoolCalendar, on: date) -> RowChoice | None:
    """The rows of the latest term of this school year, with its days; None where no column tells terms apart.

    Raises CohortError where no row is of this school year, or the days of its term are not known.
    """
    if not sheet.headings.has("academic_year") and not sheet.headings.has("term"):
        return None
    terms = {_term_of(sheet, row) for _, row in sheet.rows()}
    latest = max((term for term in terms if _is_possible(term, on)), key=lambda term: term[1], default=None)
    if latest is None:
        sentence = f"No row is of the school year that holds {on:%d/%m/%Y}. Export the figures of this term."
        raise CohortError(Problem("no-rows-of-term", sentence, file=sheet.name))
    left_out = sum(_term_of(sheet, row) != latest for _, row in sheet.rows())
    name = _say_term(latest)
    others = "one row of another term is" if left_out == 1 else f"{left_out:,} rows of other terms are"
    notice = f"{sheet.name}: the rows of {name} are used; {others} left out." if left_out else ""
    return RowChoice(lambda row: _term_of(sheet, row) == latest, _days_of(latest, sheet, calendar, on), notice)


def _term_of(sheet: Sheet, row: Sequence[str]) -> tuple[int, int]:
    """The school year and the term of a row: 0 for autumn, 1 spring, 2 summer, -1 where it does not say."""
    found = _YEAR.search(sheet.cell(row, "academic_year"))
    text = sheet.cell(row, "term").casefold()
    season = next((place for place, name in enumerate(_SEASONS) if name in text), -1)
    return int(found[1] or found[2]) if found else 0, season


def _is_possible(term: tuple[int, int], on: date) -> bool:
    """Whether a term of this school year has begun by a day."""
    begun = 0 if on.month >= 9 else 1 if on.month < 4 else 2
    return term[0] in (0, school_year_of(on).year) and term[1] <= begun


def _days_of(term: tuple[int, int], sheet: Sheet, calendar: SchoolCalendar, on: date) -> Period:
    if term[1] < 0:
        return NO_PERIOD
    year = school_year_of(on)
    for entry in calendar.terms:
        if _SEASONS[term[1]] in entry.name.casefold() and school_year_of(entry.first) == year:
            return Period(entry.first, min(entry.last, on), "the calendar says")
    if term[1] == 0:
        return Period(None, None if on.month >= 9 else date(year.year, 12, 31), "")
    sentence = (
        f"These figures are of {_say_term(term)}, and nobody says when that is. "
        "Add a calendar with the terms, or columns with the first and the last day."
    )
    raise CohortError(Problem("no-term-dates", sentence, file=sheet.name))


def _say_term(term: tuple[int, int]) -> str:
    year = f"{term[0]}/{(term[0] + 1) % 100:02d}" if term[0] else "this school year"
    return f"the {_SEASONS[term[1]].capitalize()} term {year}" if term[1] >= 0 else year

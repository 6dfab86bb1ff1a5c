"""Figures of an earlier school year: no letter of this year follows from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from service.attendance.calendar import school_year_of
from service.attendance.summary_days import WHAT_TO_DO
from service.cohort.summary.periods import find_period, say_period
from service.errors import CohortError, Problem

_SCHOOL_YEAR = re.compile(r"(?<!\d)(20\d\d)\s?[/–-]\s?(?:20)?(\d\d)(?![\d/.-])")


def refuse_earlier_year(titles: Sequence[str], name: str, on: date) -> None:
    """Raises CohortError where the rows above the headings, or the file's name, say that the figures are of an earlier
    school year than the decision."""
    year = school_year_of(on)
    period = find_period(titles, name)
    if period.last and period.last < year:
        sentence = f"These figures are for {say_period(period.first, period.last)}. {WHAT_TO_DO}"
        raise CohortError(Problem("earlier-year", sentence, file=name))
    named = {first for text in (*titles, name) for first in _years_in(text)}
    if named and not period.last and max(named) < year.year:
        shown = f"{max(named)}/{(max(named) + 1) % 100:02d}"
        sentence = f"These figures are of the school year {shown}. {WHAT_TO_DO}"
        raise CohortError(Problem("earlier-year", sentence, file=name))


def _years_in(text: str) -> Sequence[int]:
    """The years in which the school years that a text names begin: 2025 for 2025/26."""
    found = ((int(first), int(second)) for first, second in _SCHOOL_YEAR.findall(text))
    return [first for first, second in found if (first + 1) % 100 == second]

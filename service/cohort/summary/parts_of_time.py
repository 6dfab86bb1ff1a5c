"""Figures of only a part of the time: of mornings, of a subject, of a week or of a month."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice

from service.attendance.calendar import monday_of, school_year_of
from service.attendance.reading.value_kinds import read_loose_day
from service.cohort.columns.aliases import fold_heading
from service.cohort.columns.headings import show
from service.cohort.sheet import Sheet
from service.cohort.summary.periods import NO_PERIOD, Period
from service.errors import CohortError, Problem

_HALVES = frozenset("am pm a p morning afternoon".split())
_OF_LESSONS = frozenset("subject subjectname course coursename lesson lessonname teachinggroup curriculumclass".split())
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(r"(?:(20\d\d)[\s/.-]*)?(?:([a-z]{3,9})\.?|(\d{1,2}))(?:[\s/.,-]*(20\d\d|\d\d))?", re.I)
_LOOKED_AT = 200


def refuse_parts(sheet: Sheet) -> None:
    """Raises CohortError where the figures of a summary are of mornings and afternoons apart, or of lessons."""
    halves = {sheet.cell(row, "session").casefold() for _, row in islice(sheet.rows(), _LOOKED_AT)} - {""}
    if sheet.headings.has("session") and halves and halves <= _HALVES:
        what = f"of mornings and afternoons apart (column {show(sheet.headings.heading_of('session'))})"
    elif found := [heading for heading in sheet.headings.unknown if fold_heading(heading) in _OF_LESSONS]:
        what = f"of lessons (column {show(found[0])})"
    else:
        return
    sentence = f"These figures are {what}. Export one row for each pupil, with the sessions of the whole time."
    raise CohortError(Problem("parts-of-time", sentence, file=sheet.name))


def read_part(sheet: Sheet, row: Sequence[str]) -> Period:
    """The week or the month that a row's figures are of, as its own column says."""
    if (text := sheet.cell(row, "week")) and (day := read_loose_day(text)):
        monday = monday_of(day)
        return Period(monday, monday + timedelta(days=6))
    return _read_month(sheet.cell(row, "month"), sheet.on)


def is_unread_part(sheet: Sheet, row: Sequence[str]) -> str:
    """The column that names a week or a month which cannot be read; "" where there is none."""
    word = next((word for word in ("week", "month") if sheet.cell(row, word)), "")
    return sheet.headings.heading_of(word) if word and read_part(sheet, row) == NO_PERIOD else ""


def _read_month(text: str, on: date | None) -> Period:
    """November 2026, Nov-26, 2026-11; without a year the last such month of the school year."""
    found = _MONTH.fullmatch(text.strip())
    if not found or (found[2] and found[2][:3].casefold() not in _MONTHS):
        return NO_PERIOD
    month = _MONTHS.index(found[2][:3].casefold()) + 1 if found[2] else int(found[3])
    year = int(found[1] or found[4] or 0)
    if not year and on:
        first = school_year_of(on)
        year = first.year + (month < first.month)
    year += 2000 if 0 < year < 100 else 0
    if not (year and 1 <= month <= 12):
        return NO_PERIOD
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

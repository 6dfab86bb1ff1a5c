"""A report that counts far fewer sessions than the school was open: it counts days, or ends weeks ago."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from service.attendance.closed_days import MarkDays
from service.attendance.record import Summary
from service.cohort.record_rows import RowReader
from service.cohort.sheet import Sheet
from service.cohort.survey import Survey
from service.errors import Problem


def hold_too_few(surveys: Mapping[str, Survey], summary: Summary | None, days: MarkDays) -> Iterator[Problem]:
    """What holds the letters of a pupil whose figures are of such a report."""
    for survey in surveys.values() if summary and days.on else ():
        if summary and days.on and (found := survey.possible.find_too_few(summary, days.calendar, days.on)):
            yield found


def say_too_few(sheet: Sheet, survey: Survey, days: MarkDays) -> Iterator[str]:
    """What to say of such a report: whoever is due nothing may be due a letter."""
    if days.on is None or sheet.headings.has("period_start") or sheet.headings.has("period_end"):
        return
    period = RowReader(sheet).period
    summary = Summary(MappingProxyType({}), period.first, period.last)
    if found := survey.possible.find_too_few(summary, days.calendar, days.on):
        yield f"{sheet.name}: {found.detail}"

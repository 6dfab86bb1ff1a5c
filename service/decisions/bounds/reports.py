"""The reports that a summary holds, and what they say together about the days of a window."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from service.attendance.calendar import SchoolCalendar, monday_of
from service.attendance.record import Exact
from service.decisions.bounds.assumptions import Assumptions
from service.decisions.bounds.counts import Counts, counts_of, counts_of_percentage
from service.decisions.bounds.formulas import bound_figure
from service.decisions.bounds.interval import MOST, Interval
from service.decisions.bounds.whole_percentages import before_rounding, may_be_rounded, most_missed
from service.decisions.bounds.window_counts import SAME, Overlap, cut, find_overlap, merge
from service.decisions.figures import PERCENTAGES
from service.decisions.windows.spans import Spans
from service.decisions.windows.window import LAST_LETTER, SCHOOL_YEAR, Span, Window

_SUFFIX = re.compile(r"_last_(\d+)_((?:school_)?weeks)$|_since_last_letter$")


class Report(NamedTuple):
    """Figures of some days, by their plain words, and those days."""

    given: dict[str, Exact]
    span: Span
    counts: Counts | None
    suffix: str


class Ground(NamedTuple):
    """What bounds were concluded from: a figure of a report and the report's days."""

    word: str
    value: Exact
    span: Span


class Bounds(NamedTuple):
    """Between what a figure lies, and what that was concluded from."""

    interval: Interval
    grounds: tuple[Ground, ...] = ()
    given: Exact | None = None
    """The whole percentage of which these are the bounds."""


class Reports:
    """A summary's reports: the one without a window, and one for each window that its words name."""

    def __init__(self, spans: Spans, assumptions: Assumptions) -> None:
        self.spans = spans
        self.calendar = spans.calendar
        self.assumptions = assumptions
        self.all = list(_read_reports(spans))
        self._kept: dict[Span, tuple[dict[str, Interval], bool]] = {}

    def bound(self, word: str, span: Span) -> Bounds:
        """Between what a figure over a window lies."""
        counts, is_whole = self._counts(span)
        if (given := self._given_percentage(word, span)) is not None:
            if not may_be_rounded(given):
                return Bounds(Interval(given, given))
            return Bounds(before_rounding(given, counts.get("sessions_possible")), given=given)
        weeks = _count_weeks(self.calendar, span.first, span.last)
        interval = bound_figure(word, counts, weeks, is_whole)
        return Bounds(interval, self._grounds(word, interval))

    def knows_possible(self, span: Span) -> bool:
        """Whether any report says how many sessions were possible, of these days or of others that bound them."""
        possible = self._counts(span)[0].get("sessions_possible")
        return possible is not None and possible.high < MOST

    def _counts(self, span: Span) -> tuple[dict[str, Interval], bool]:
        if span not in self._kept:
            overlaps = [(report, self._overlap(report, span)) for report in self.all if report.counts]
            counts = merge([cut(report.counts or {}, overlap) for report, overlap in overlaps])
            self._kept[span] = counts, any(overlap.is_same for _, overlap in overlaps)
        return self._kept[span]

    def _overlap(self, report: Report, span: Span) -> Overlap:
        window = span.window
        if self.assumptions.period_is_window and not report.suffix and _is_last_weeks(window) and not span.anchor:
            return SAME
        is_year = window == SCHOOL_YEAR and not self.calendar.is_known
        if is_year and self.spans.events.year_start <= report.span.first:
            return SAME
        first = self._surely_from(span) if window.unit == "school weeks" else span.first
        sure = find_overlap(report.span[:2], (first, span.last), self.calendar)
        whole = find_overlap(report.span[:2], span[:2], self.calendar) if first != span.first else sure
        return Overlap(sure.outside_window, whole.outside_report, whole.shared)

    def _surely_from(self, span: Span) -> date:
        """The first day that belongs to a window of school weeks however many of them the calendar does not know."""
        if self.calendar.covers(self.spans.on) or span.anchor:
            return span.first
        return max(span.first, monday_of(self.spans.on) - timedelta(weeks=span.window.number - 1))

    def _given_percentage(self, word: str, span: Span) -> Exact | None:
        """A percentage as a report of the same days gives it, where it gives no counts to work it out from."""
        if word not in PERCENTAGES:
            return None
        for report in self.all:
            if word in report.given and self._overlap(report, span).is_same:
                return report.given[word]
        return None

    def _grounds(self, word: str, interval: Interval) -> tuple[Ground, ...]:
        """The figures of the first report that a reader can check the bounds against."""
        report = self.all[0] if self.all else None
        counts = report.counts if report else None
        if report is None or not counts or "sessions_possible" not in counts:
            return ()
        source = _SOURCES.get(word, word)
        found = counts.get(source)
        return (Ground(source, found.low, report.span),) if found and found.is_exact else ()


_SOURCES = {
    "absence_spells": "sessions_absent",
    "illness_or_medical_spells": "sessions_absent",
    "longest_absence": "sessions_absent",
    "illness_days": "sessions_illness",
    "illness_or_medical_days": "sessions_absent",
    "sessions_illness_or_medical": "sessions_absent",
    "sessions_absent_for_other_reasons": "sessions_absent",
    "sessions_unauthorised_not_holiday": "sessions_unauthorised",
    "sessions_unexplained": "sessions_unauthorised",
    "sessions_holiday": "sessions_unauthorised",
    "sessions_late_after_close": "sessions_unauthorised",
    "unauthorised_run_days": "sessions_unauthorised",
    "broken_weeks": "sessions_absent",
    "broken_weeks_share": "sessions_absent",
    "attendance_percentage": "sessions_absent",
    "lateness_share": "sessions_absent",
}
"""The figure that bounds another one most."""


def _is_last_weeks(window: Window) -> bool:
    return window.kind == "last" and window.unit in ("weeks", "school weeks")


def _read_reports(spans: Spans) -> list[Report]:
    summary = spans.summary
    if summary is None:
        return []
    given: dict[str, dict[str, Exact]] = {}
    for word, value in summary.figures.items():
        found = _SUFFIX.search(word)
        suffix = found[0] if found else ""
        given.setdefault(suffix, {})[word.removesuffix(suffix) if suffix else word] = value
    reports = []
    for suffix in sorted(given):
        span = spans.of_summary if not suffix else _span_of(suffix, spans)
        if span is not None and span.first <= span.last and (suffix or span.last <= spans.on):
            counts = counts_of(given[suffix]) or _from_percentage(given[suffix], span, spans.calendar)
            reports.append(Report(given[suffix], span, counts, suffix))
    return reports


def _from_percentage(given: Mapping[str, Exact], span: Span, calendar: SchoolCalendar) -> Counts | None:
    """What a percentage alone says of the sessions missed, with the days on which the school was open."""
    percentage = given.get("attendance_percentage")
    if percentage is None:
        return None
    return counts_of_percentage(most_missed(percentage, 2 * calendar.count_open_days(span.first, span.last)))


def _span_of(suffix: str, spans: Spans) -> Span | None:
    found = _SUFFIX.fullmatch(suffix)
    if found and found[1]:
        return spans.of(Window("last", int(found[1]), found[2].replace("_", " ")))
    return spans.of(Window("since", after=(LAST_LETTER,)))


@lru_cache(maxsize=1024)
def _count_weeks(calendar: SchoolCalendar, first: date, last: date) -> int:
    """The most weeks in session of a span."""
    monday, end = monday_of(first), monday_of(last)
    if calendar.covers(last):
        return len([week for week in calendar.school_weeks(last, 60) if monday <= week])
    return max(0, (end - monday).days // 7 + 1)

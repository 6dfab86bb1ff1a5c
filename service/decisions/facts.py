"""One pupil on one day, as rules ask about it: figures, facts and events, unknown included."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from copy import copy
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from service.attendance.calendar import SchoolCalendar
from service.attendance.record import AttendanceRecord, Exact
from service.decisions.bounds.assumptions import NOTHING_ASSUMED, PERIOD_IS_WINDOW, Assumptions
from service.decisions.bounds.interval import ANY_COUNT, ANY_PERCENTAGE, Interval
from service.decisions.bounds.reports import Bounds, Reports
from service.decisions.bounds.whole_percentages import may_be_rounded
from service.decisions.events import Events
from service.decisions.figures import (
    CONTINUING,
    FROM_MARKS,
    PERCENTAGES,
    Figure,
    count_codes,
    from_summary,
    missing_words,
)
from service.decisions.notices import count_notices
from service.decisions.terms import Terms
from service.decisions.windows.spans import Spans
from service.decisions.windows.window import SCHOOL_YEAR, Span, Window

IMPROVEMENT = ("attendance_percentage", "sessions_unauthorised", "sessions_possible")
"""The figures by which attendance has improved or not."""
_COUNTED = ("sessions_possible", "sessions_attended")
"""What to give in place of a percentage that was rounded."""


class Found(NamedTuple):
    """A figure and its days; one that is not known exactly has bounds, and the words of what is missing.

    `supposed` is what a value was taken for to see whether it changes anything.
    """

    figure: Figure | None
    span: Span | None
    missing: tuple[str, ...] = ()
    bounds: Bounds | None = None
    supposed: Interval | None = None

    @property
    def interval(self) -> Interval:
        """The values that are possible."""
        if self.figure is not None:
            return Interval(self.figure.value, self.figure.value)
        return self.supposed or (self.bounds.interval if self.bounds else ANY_COUNT)

    @property
    def shown(self) -> Figure | None:
        """The figure as people are shown it: a whole percentage as it was given."""
        given = self.bounds.given if self.bounds else None
        return self.figure if given is None else Figure(given)


class Facts:
    """What can be asked about a pupil on a day; figures are counted when first asked for and kept."""

    def __init__(
        self,
        record: AttendanceRecord,
        on: date,
        calendar: SchoolCalendar,
        terms: Terms,
        assumptions: Assumptions = NOTHING_ASSUMED,
    ) -> None:
        self.record = record
        self.on = on
        self.calendar = calendar
        self.terms = terms
        self.assumptions = assumptions
        self.events = Events(record.history, on, terms)
        self.spans = Spans(record, on, calendar, self.events)
        self.figures: dict[tuple[str, Window], Found] = {}
        self.supposed: Mapping[Hashable, Any] = {}
        self.plain: Facts | None = None
        self.used_assumptions: set[str] = set()
        self._marks: dict[tuple[date, date], bytes] = {}
        self._reports: Reports | None = None

    def supposing(self, key: Hashable, value: Any) -> Facts:
        """These facts with one open value supposed: an answer, or a part of the bounds of a figure."""
        other = copy(self)
        other.supposed = {**self.supposed, key: value}
        return other

    def assuming(self, assumptions: Assumptions) -> Facts:
        """The facts of the same pupil under a school's own answers."""
        other = Facts(self.record, self.on, self.calendar, self.terms, assumptions)
        other.plain = self
        return other

    # Facts that people give

    def answer(self, word: str) -> bool | None:
        """What is known about a yes-or-no fact: what was said, or what an event of this school year shows."""
        said = self.record.facts.get(word)
        if said is None and self.events.show(self.terms.answered_by.get(word, ())):
            return True
        return said

    # Figures

    def marks(self, span: Span) -> bytes:
        """The register's marks of a span; only for a pupil whose register is known."""
        days = (span.first, span.last)
        kept = self._marks.get(days)
        if kept is None:
            register = self.record.register
            kept = self._marks[days] = register.between(span.first, span.last) if register else b""
        return kept

    def figure(self, word: str, window: Window = SCHOOL_YEAR, codes: bytes = b"") -> Found:
        """A figure over a window, or its bounds and the word of what would have to be known for it."""
        if codes:
            return self._count_codes(window, codes)
        key = (word, window)
        found = self.figures.get(key)
        if found is None:
            found = self.figures[key] = self._find_figure(word, window)
        if self.supposed and found.figure is None and (supposed := self.supposed.get(key_of(word, found))):
            return found._replace(supposed=supposed)
        return found

    def told(self, word: str, window: Window) -> Found:
        """A figure as the record tells it: over the window, else over a summary's own days of this school year."""
        found, summary = self.figure(word, window), self.record.summary
        if found.shown:
            return found._replace(figure=found.shown)
        if window != SCHOOL_YEAR or self.record.register is not None or summary is None:
            return found
        own = self.spans.of_summary
        figure = from_summary(word, "", summary.figures)
        return Found(figure, own) if figure and self.events.year_start <= own.first and own.last <= self.on else found

    def _find_figure(self, word: str, window: Window) -> Found:
        span = self.spans.of(window)
        if word == "penalty_notices_to_one_parent":
            return Found(Figure(count_notices(self.record, span.first, span.last) if span else 0), span)
        if span is None:
            return Found(None, None)
        if self.record.register is None:
            found = self._from_summary(word, span)
            if self.plain and found.interval != self.plain.figure(word, window).interval:
                self.used_assumptions.add(PERIOD_IS_WINDOW)
            return found
        figure = self._continuing(word, span) if word in CONTINUING else FROM_MARKS[word](self.marks(span))
        if figure is not None:
            return Found(figure, span)
        return Found(None, span, missing_words(word), _nothing_known(word))

    def _count_codes(self, window: Window, codes: bytes) -> Found:
        span = self.spans.of(window)
        if span is None or self.record.register is None:
            absent = self.figure("sessions_possible", window)
            bounds = Bounds(Interval(0, absent.interval.high)) if span else None
            return Found(None, span, ("marks",), bounds)
        return Found(count_codes(self.marks(span), codes), span)

    @property
    def reports(self) -> Reports:
        """What the summary's reports say, with the school's own answers."""
        if self._reports is None:
            self._reports = Reports(self.spans, self.assumptions)
        return self._reports

    def _from_summary(self, word: str, span: Span) -> Found:
        suffix, summary = self.spans.suffix_of(span.window), self.record.summary
        given = summary.figures if summary else {}
        missing = ("marks",) if suffix is None else missing_words(word, suffix, given)
        figure = from_summary(word, suffix, given) if suffix else None
        if figure and not _is_rounded(word, figure):
            return Found(figure, span)
        if not self.reports.all:
            return Found(None, span, missing, _nothing_known(word))
        bounds = self.reports.bound(word, span)
        if bounds.given is not None:
            return Found(None, span, tuple(name + (suffix or "") for name in _COUNTED), bounds)
        if bounds.interval.is_exact:
            return self._exact(word, span, bounds.interval.low)
        return Found(None, self.days_told(span), missing, bounds)

    def days_told(self, span: Span | None) -> Span | None:
        """The days of a span about which something is known: without marks, those up to the end of the reports."""
        if span is None or self.record.register is not None or not self.reports.all:
            return span
        last = max(report.span.last for report in self.reports.all)
        return span._replace(last=last) if span.first <= last < span.last else span

    def _exact(self, word: str, span: Span, value: Exact) -> Found:
        """A figure that only one value is possible for, as the report of the same days has it where one does."""
        assert self.record.summary is not None  # noqa: S101  # only asked for a report
        own = from_summary(word, "", self.record.summary.figures)
        is_own = own is not None and own.value == value
        shown = self.spans.of_summary if is_own and span.window == SCHOOL_YEAR else self.days_told(span)
        return Found(own if is_own else Figure(value), shown)

    def _continuing(self, word: str, span: Span) -> Figure | None:
        register = self.record.register
        assert register is not None  # noqa: S101  # only asked for a register
        if word == "unauthorised_run_days":
            return Figure(len(register.unauthorised_run(self.on)))
        if word == "broken_weeks":
            return Figure(register.count_broken_weeks(span.first, span.last))
        weeks = self._weeks_in_session(span)
        if word == "weeks_in_session":
            return Figure(weeks)
        return Figure(register.count_broken_weeks(span.first, span.last), weeks) if weeks else None

    def _weeks_in_session(self, span: Span) -> int:
        """The school's weeks from the pupil's first possible session on: one who joined late is judged since then."""
        register = self.record.register
        own = register.weeks_with_sessions(span.first, span.last) if register else []
        if not own:
            return 0
        return len({*own, *(week for week in self.calendar.school_weeks(span.last, 60) if week >= own[0])})

    def has_enough_sessions(self, window: Window, found: Found) -> Found | bool:
        """Whether there were enough possible sessions for a percentage; the figure of them where that is open.

        A percentage that a report gives without any count is taken as it is.
        """
        least, possible = self.terms.minimum_sessions, self.figure("sessions_possible", window)
        if possible.figure is not None:
            return possible.figure.part >= least or (possible.figure.part == 0 and not self._says_anything(possible))
        if found.shown and found.shown.whole is None:
            return True
        if possible.span is None or not self.reports.all or not self.reports.knows_possible(possible.span):
            return True
        low, high = possible.interval
        if high < least:
            return low <= 0 and found.figure is None
        return low >= least or (low <= 0 and found.figure is None) or possible

    def _says_anything(self, possible: Found) -> bool:
        """Whether there are any marks on the days of a window: without one, nothing is known about them."""
        return self.record.register is None or bool(possible.span and self.marks(possible.span).strip(b"\0"))

    # Improvement

    def read_improvement(self, window: Window) -> tuple[bool | None, str, Exact]:
        """Whether, since then, there was a possible session, none was unauthorised, and the level was reached.

        Where that is open, also the word of the figure that keeps it open, and where its values part.
        """
        attendance, unauthorised, possible = (self.figure(word, window) for word in IMPROVEMENT)
        level = self.terms.expected_level
        if possible.span is None or possible.interval.high == 0 or unauthorised.interval.low > 0:
            return False, "", 0
        if attendance.interval.high < level:
            return False, "", 0
        if unauthorised.interval.high > 0:
            return None, "sessions_unauthorised", 1
        if attendance.interval.low < level:
            return None, "attendance_percentage", level
        return True, "", 0

    def has_improved(self, window: Window) -> bool | None:
        """Whether it improved since then; None when that is open."""
        return self.read_improvement(window)[0]


def _is_rounded(word: str, figure: Figure) -> bool:
    """Whether a figure is a percentage that may have lost its decimals."""
    return word in PERCENTAGES and figure.whole is None and may_be_rounded(figure.part)


def _nothing_known(word: str) -> Bounds:
    return Bounds(ANY_PERCENTAGE if word in PERCENTAGES else ANY_COUNT)


def key_of(word: str, found: Found) -> Hashable:
    """What an open figure is known by while it is supposed: the same days are the same figure."""
    return (word, found.span[:2] if found.span else None)


def exact(number: int | float | str) -> Exact:
    """The number that a rules file means, without the binary rounding of 92.3."""
    found = Fraction(str(number))
    return found.numerator if found.denominator == 1 else found

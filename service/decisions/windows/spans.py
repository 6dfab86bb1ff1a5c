"""The days that a window of a rule means for one pupil on one day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

from service.attendance.calendar import SchoolCalendar, add_months
from service.attendance.record import AttendanceRecord, Event
from service.decisions.events import Events
from service.decisions.windows.school_weeks import first_of_school_days, first_of_school_weeks
from service.decisions.windows.window import Span, Window, first_days

_DAY = timedelta(days=1)


class Spans:
    """The spans of windows on a day; each is found when first asked for and kept."""

    def __init__(self, record: AttendanceRecord, on: date, calendar: SchoolCalendar, events: Events) -> None:
        self.register = record.register
        self.summary = record.summary
        self.on = on
        self.calendar = calendar
        self.events = events
        self._spans: dict[Window, Span | None] = {}

    def of(self, window: Window) -> Span | None:
        """The days of a window on this day; None when what it is counted from has not happened."""
        try:
            return self._spans[window]
        except KeyError:
            found = self._spans[window] = self._find_span(window)
            return found

    def _find_span(self, window: Window) -> Span | None:
        if window.kind == "since":
            anchor = self.events.latest(window.after)
            return Span(anchor.on + _DAY, self.on, window, anchor) if anchor else None
        if window.kind == "first":
            anchor = self.events.latest(window.after)
            return self._first_span(window, anchor) if anchor else None
        if window.kind == "run":
            return self._run_span(window)
        first = self._first_day(window)
        cut = self.events.latest_ever(window.after)
        if cut and cut.on >= first:
            return Span(cut.on + _DAY, self.on, window, cut)
        return Span(first, self.on, window)

    def _first_day(self, window: Window) -> date:
        if window.kind == "last":
            return self._back(window.number, window.unit)
        if window.kind == "register":
            return self.register.start if self.register else self.events.year_start
        if window.kind in ("term", "half term"):
            part = self.calendar.term_of(self.on) if window.kind == "term" else self.calendar.half_term_of(self.on)
            return max(part.first, self.events.year_start) if part else self.events.year_start
        return self.events.year_start

    def _back(self, number: int, unit: str) -> date:
        if unit in ("months", "years"):
            return add_months(self.on, -number * (12 if unit == "years" else 1)) + _DAY
        if unit == "school weeks":
            return first_of_school_weeks(number, self.on, self.calendar, self.register)
        if unit == "school days":
            return first_of_school_days(number, self.on, self.calendar)
        return self.on - timedelta(days=number * (7 if unit == "weeks" else 1)) + _DAY

    def _first_span(self, window: Window, anchor: Event) -> Span:
        first, last = first_days(window, anchor.on, self.calendar)
        if window.unit == "school days" and anchor.period_start and anchor.period_end:
            first, last = anchor.period_start, anchor.period_end
        return Span(first, min(last, self.on), window, anchor)

    def _run_span(self, window: Window) -> Span | None:
        run = self.register.unauthorised_run(self.on) if self.register else []
        return Span(run[window.number - 1], self.on, window) if len(run) >= window.number else None

    def suffix_of(self, window: Window) -> str | None:
        """How a summary's words for this window end; None when it has none, or an event cut the window off."""
        span = self.of(window)
        if span is None or (span.anchor and (window.kind != "since" or span.anchor != self.events.last_letter)):
            return None
        return window.suffix

    @cached_property
    def of_summary(self) -> Span:
        """The summary's own period, as far as it says; else the school year."""
        summary = self.summary
        first = summary.period_start if summary else None
        last = summary.period_end if summary else None
        return Span(first or self.events.year_start, last or self.on)

"""One pupil on one day, as rules ask about it: figures, facts and events, unknown included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from service.attendance.calendar import SchoolCalendar, add_months, monday_of, school_year_of
from service.attendance.record import AttendanceRecord, Event, Exact
from service.decisions.figures import CONTINUING, FROM_MARKS, Figure, count_codes, from_summary, missing_words
from service.decisions.notices import count_notices
from service.decisions.terms import EventTest, Milestone, Terms
from service.decisions.windows import LAST_LETTER, SCHOOL_YEAR, Span, Window

_DAY = timedelta(days=1)


class Found(NamedTuple):
    """A figure and its days; without a figure, the words of what is missing."""

    figure: Figure | None
    span: Span | None
    missing: tuple[str, ...] = ()


class Facts:
    """What can be asked about a pupil on a day; figures are counted when first asked for and kept."""

    def __init__(self, record: AttendanceRecord, on: date, calendar: SchoolCalendar, terms: Terms) -> None:
        self.record = record
        self.on = on
        self.calendar = calendar
        self.terms = terms
        self.year_start = school_year_of(on)
        self.events = [event for event in record.history if self.year_start <= event.on <= on]
        self._latest = {event.event: event for event in self.events}
        self.figures: dict[tuple[str, Window], Found] = {}
        self._spans: dict[Window, Span | None] = {}
        self._marks: dict[tuple[date, date], bytes] = {}

    # Events

    def latest(self, names: Sequence[str]) -> Event | None:
        """The latest event of this school year that has one of these names; milestones are names too."""
        if not self.events:
            return None
        found = [event for name in names if (event := self._latest_named(name))]
        return max(found, key=lambda event: event.on, default=None)

    def _latest_named(self, name: str) -> Event | None:
        if name == LAST_LETTER:
            return self.last_letter
        if milestone := self.terms.milestones.get(name):
            return self.find_milestone(milestone)
        return self._latest.get(name)

    def find_milestone(self, milestone: Milestone) -> Event | None:
        """The event at which a milestone was reached, None when it was not."""
        found = [event for test in milestone.tests for event in self._matching(test)]
        pick = min if milestone.earliest else max
        return pick(found, key=lambda event: event.on, default=None)

    def _matching(self, test: EventTest) -> Iterable[Event]:
        earliest = self.year_start
        if test.after:
            earlier = [event.on for event in self._matching(test.after)]
            if not earlier:
                return ()
            earliest = max(earlier)
        return (
            event
            for event in self.events
            if event.event in test.names
            and event.on >= earliest
            and (not test.outcomes or event.outcome in test.outcomes)
        )

    @property
    def last_letter(self) -> Event | None:
        """The last letter of the ladder this school year; where none was sent, the last contact with the parent."""
        letters = [event for event in self.events if event.event in self.terms.ladder]
        if letters:
            return letters[-1]
        return self._latest.get("parent_contact")

    @property
    def has_open_case(self) -> bool:
        """Whether a letter, contact or other event of the policy has happened this school year."""
        return any(event.event in self.terms.case_events for event in self.events)

    # Facts that people give

    def answer(self, word: str) -> bool | None:
        """What is known about a yes-or-no fact: what was said, or what an event of this school year shows."""
        said = self.record.facts.get(word)
        if said is None and any(event.event in self.terms.answered_by.get(word, ()) for event in self.events):
            return True
        return said

    # Windows and figures

    def span(self, window: Window) -> Span | None:
        """The days of a window on this day; None when what it is counted from has not happened."""
        if window not in self._spans:
            self._spans[window] = self._find_span(window)
        return self._spans[window]

    def _find_span(self, window: Window) -> Span | None:
        if window.kind == "since":
            anchor = self.latest(window.after)
            return Span(anchor.on + _DAY, self.on, window, anchor) if anchor else None
        if window.kind == "first":
            anchor = self.latest(window.after)
            return self._first_span(window, anchor) if anchor else None
        if window.kind == "run":
            return self._run_span(window)
        first = self._first_day(window)
        cut = self._latest_ever(window.after)
        if cut and cut.on >= first:
            return Span(cut.on + _DAY, self.on, window, cut)
        return Span(first, self.on, window)

    def _first_day(self, window: Window) -> date:
        if window.kind == "last":
            return self._back(window.number, window.unit)
        if window.kind == "register":
            return self.record.register.start if self.record.register else self.year_start
        if window.kind in ("term", "half term"):
            part = self.calendar.term_of(self.on) if window.kind == "term" else self.calendar.half_term_of(self.on)
            return max(part.first, self.year_start) if part else self.year_start
        return self.year_start

    def _back(self, number: int, unit: str) -> date:
        if unit in ("months", "years"):
            return add_months(self.on, -number * (12 if unit == "years" else 1)) + _DAY
        if unit == "school weeks":
            return self._school_week(number)
        if unit == "school days":
            return self._school_day(number)
        return self.on - timedelta(days=number * (7 if unit == "weeks" else 1)) + _DAY

    def _school_week(self, number: int) -> date:
        """The Monday of the nth school week back; beyond the calendar, weeks in which the pupil could attend."""
        weeks = self.calendar.school_weeks(self.on, number)
        register = self.record.register
        if register and (len(weeks) < number or not self.calendar.covers(self.on)):
            own = register.weeks_with_sessions(register.start, self.on)
            weeks = sorted({*weeks, *(week for week in own if not weeks or not weeks[0] <= week <= weeks[-1])})
        return weeks[-number:][0] if weeks else monday_of(self.on) - timedelta(weeks=number - 1)

    def _school_day(self, number: int) -> date:
        day = self.on
        counted = int(self.calendar.is_open(day))
        while counted < number and day > self.on - timedelta(days=3 * number + 120):
            day -= _DAY
            counted += self.calendar.is_open(day)
        return day

    def _first_span(self, window: Window, anchor: Event) -> Span:
        if window.unit == "school days":
            last = self.calendar.school_day_after(anchor.on, window.number)
        else:
            days = window.number * (7 if window.unit == "weeks" else 1)
            last = anchor.on + timedelta(days=days)
        return Span(anchor.on + _DAY, min(last, self.on), window, anchor)

    def _run_span(self, window: Window) -> Span | None:
        run = self.record.register.unauthorised_run(self.on) if self.record.register else []
        return Span(run[window.number - 1], self.on, window) if len(run) >= window.number else None

    def _latest_ever(self, names: Sequence[str]) -> Event | None:
        found = [event for event in self.record.history if event.event in names and event.on <= self.on]
        return found[-1] if found else None

    def suffix_of(self, window: Window) -> str | None:
        """The end of a window's flat words on this day; None when it has none, or was cut off by an event."""
        span = self.span(window)
        if span is None or (span.anchor and (window.kind != "since" or span.anchor != self.last_letter)):
            return None
        return window.suffix

    def marks(self, span: Span) -> bytes:
        """The register's marks of a span; only for a pupil whose register is known."""
        days = (span.first, span.last)
        kept = self._marks.get(days)
        if kept is None:
            register = self.record.register
            kept = self._marks[days] = register.between(span.first, span.last) if register else b""
        return kept

    def figure(self, word: str, window: Window = SCHOOL_YEAR, codes: bytes = b"") -> Found:
        """A figure over a window, or the word of what would have to be known for it."""
        if codes:
            return self._count_codes(window, codes)
        key = (word, window)
        found = self.figures.get(key)
        if found is None:
            found = self.figures[key] = self._find_figure(word, window)
        return found

    def _find_figure(self, word: str, window: Window) -> Found:
        span = self.span(window)
        if word == "penalty_notices_to_one_parent":
            return Found(Figure(count_notices(self.record, span.first, span.last) if span else 0), span)
        if span is None:
            return Found(None, None)
        if self.record.register is None:
            return self._from_summary(word, span)
        figure = self._continuing(word, span) if word in CONTINUING else FROM_MARKS[word](self.marks(span))
        return Found(figure, span) if figure is not None else Found(None, span, missing_words(word))

    def _count_codes(self, window: Window, codes: bytes) -> Found:
        span = self.span(window)
        if span is None or self.record.register is None:
            return Found(None, span, ("marks",))
        return Found(count_codes(self.marks(span), codes), span)

    def _from_summary(self, word: str, span: Span) -> Found:
        suffix = self.suffix_of(span.window)
        if suffix is None:
            return Found(None, span, ("marks",))
        summary = self.record.summary
        if summary is None:
            return Found(None, span, missing_words(word, suffix))
        if suffix == "":
            span = self._summary_span
            if not self.year_start <= span.first or not span.last <= self.on:
                return Found(None, span, missing_words(word))
        figure = from_summary(word, suffix, summary.figures)
        if figure is None and suffix and self._summary_covers(span):
            figure = from_summary(word, "", summary.figures)
        if figure is not None:
            return Found(figure, span)
        return Found(None, span, missing_words(word, suffix, summary.figures))

    @cached_property
    def _summary_span(self) -> Span:
        """The summary's own period, as far as it says; else the school year."""
        summary = self.record.summary
        first = summary.period_start if summary else None
        last = summary.period_end if summary else None
        return Span(first or self.year_start, last or self.on)

    def _summary_covers(self, span: Span) -> bool:
        """Whether the summary's own period holds the same school days as a window."""
        summary = self.record.summary
        if summary is None or summary.period_start is None or summary.period_end is None or not self.calendar.is_known:
            return False
        start, end = sorted((summary.period_start, span.first)), sorted((summary.period_end, span.last))
        gaps = (start[0], start[1] - _DAY), (end[0] + _DAY, end[1])
        return all(self.calendar.covers(first) for first, last in gaps if first <= last) and not any(
            self.calendar.count_open_days(first, last) for first, last in gaps
        )

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

    # Improvement

    def has_improved(self, window: Window) -> bool | None:
        """Whether, since then, there was a possible session, none was unauthorised, and the level was reached."""
        possible = self.figure("sessions_possible", window).figure
        unauthorised = self.figure("sessions_unauthorised", window).figure
        attendance = self.figure("attendance_percentage", window).figure
        if self.span(window) is None or (possible and possible.part == 0) or (unauthorised and unauthorised.part > 0):
            return False
        if attendance and attendance.value < self.terms.expected_level:
            return False
        return None if unauthorised is None or attendance is None else True

    def had_improved_by(self, until: date, window: Window) -> bool:
        """Whether it had improved by an earlier day; False where only a summary is known, which cannot tell."""
        if self.record.register is None or until > self.on:
            return False
        return bool(Facts(self.record, until, self.calendar, self.terms).has_improved(window))


def exact(number: int | float | str) -> Exact:
    """The number that a rules file means, without the binary rounding of 92.3."""
    found = Fraction(str(number))
    return found.numerator if found.denominator == 1 else found

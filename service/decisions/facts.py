"""One pupil on one day, as rules ask about it: figures, facts and events, unknown included."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from service.attendance.calendar import SchoolCalendar
from service.attendance.record import AttendanceRecord, Exact
from service.decisions.events import Events
from service.decisions.figures import CONTINUING, FROM_MARKS, Figure, count_codes, from_summary, missing_words
from service.decisions.notices import count_notices
from service.decisions.spans import Spans
from service.decisions.terms import Terms
from service.decisions.windows import SCHOOL_YEAR, Span, Window


class Found(NamedTuple):
    """A figure and the days it was counted over; where it is not known, `missing` names what to give to know it."""

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
        self.events = Events(record.history, on, terms)
        self.spans = Spans(record, on, calendar, self.events)
        self.figures: dict[tuple[str, Window], Found] = {}
        self._marks: dict[tuple[date, date], bytes] = {}

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
        """A figure over a window; where it is not known, what to give to know it."""
        if codes:
            return self._count_codes(window, codes)
        key = (word, window)
        found = self.figures.get(key)
        if found is None:
            found = self.figures[key] = self._find_figure(word, window)
        return found

    def _find_figure(self, word: str, window: Window) -> Found:
        span = self.spans.of(window)
        if word == "penalty_notices_to_one_parent":
            return Found(Figure(count_notices(self.record, span.first, span.last) if span else 0), span)
        if span is None:
            return Found(None, None)
        if self.record.register is None:
            return self._from_summary(word, span)
        figure = self._continuing(word, span) if word in CONTINUING else FROM_MARKS[word](self.marks(span))
        return Found(figure, span) if figure is not None else Found(None, span, missing_words(word))

    def _count_codes(self, window: Window, codes: bytes) -> Found:
        span = self.spans.of(window)
        if span is None or self.record.register is None:
            return Found(None, span, ("marks",))
        return Found(count_codes(self.marks(span), codes), span)

    def _from_summary(self, word: str, span: Span) -> Found:
        suffix = self.spans.suffix_of(span.window)
        if suffix is None:
            return Found(None, span, ("marks",))
        summary = self.record.summary
        if summary is None:
            return Found(None, span, missing_words(word, suffix))
        if suffix == "":
            span = self.spans.of_summary
            if not self.events.year_start <= span.first or not span.last <= self.on:
                return Found(None, span, missing_words(word))
        figure = from_summary(word, suffix, summary.figures)
        if figure is None and suffix and self.spans.summary_covers(span):
            figure = from_summary(word, "", summary.figures)
        if figure is not None:
            return Found(figure, span)
        return Found(None, span, missing_words(word, suffix, summary.figures))

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
        if self.spans.of(window) is None or (possible and possible.part == 0):
            return False
        if unauthorised and unauthorised.part > 0:
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

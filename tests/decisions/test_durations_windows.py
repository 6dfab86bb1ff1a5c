"""Lengths of time, school days and weeks, and the days that a rule's window holds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from service.attendance.calendar import CalendarEntry, SchoolCalendar, add_months, reckon_post
from service.attendance.record import AttendanceRecord, Event
from service.attendance.register import build_register
from service.decisions.facts import Facts
from service.decisions.reading.policies import load_policies
from service.decisions.terms import Terms
from service.decisions.windows.durations import Duration
from service.decisions.windows.window import Span, Window, read_window

RULES = Path(__file__).parents[2] / "rules"


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


def term(first: date, last: date) -> CalendarEntry:
    return CalendarEntry(first, last, True)


def closed(first: date, last: date) -> CalendarEntry:
    return CalendarEntry(first, last, False)


YEAR = SchoolCalendar(
    (
        term(day(9, 2), day(12, 18)),
        closed(day(10, 26), day(10, 30)),
        term(day(1, 4, 2027), day(3, 25, 2027)),
        closed(day(2, 15, 2027), day(2, 19, 2027)),
    )
)
NONE = SchoolCalendar()
EVENTS = ("letter_1", "letter_2", "penalty_notice")


@pytest.fixture(scope="module")
def terms() -> Terms:
    policy = load_policies(RULES)["bradford"].on(day(11, 20))
    assert policy is not None
    return policy.terms


def record_with(*days: date, history: tuple[tuple[date, str], ...] = ()) -> AttendanceRecord:
    register = build_register((one, half, ord("O")) for one in days for half in (0, 1))
    return AttendanceRecord(register=register, history=tuple(Event(on, event) for on, event in history))


def test_a_length_of_time_in_the_post_begins_when_the_letter_is_there() -> None:
    # Friday 18 September, two weekdays in the post: there on Tuesday 22.
    assert Duration(in_post=True, school_days=1).after(day(9, 18), YEAR) == day(9, 23)
    assert Duration(in_post=True, school_days=1).after(day(9, 18), reckon_post(YEAR, 0)) == day(9, 21)
    assert Duration(in_post=True, months=1).after(day(9, 19), reckon_post(YEAR, 1)) == day(10, 21)


def span_of(text: str, on: date, calendar: SchoolCalendar, terms: Terms, record: AttendanceRecord) -> Span | None:
    window = read_window(text, EVENTS)
    assert isinstance(window, Window)
    return Facts(record, on, calendar, terms).spans.of(window)


@pytest.mark.parametrize(
    ("duration", "start", "calendar", "end"),
    [
        (Duration(weeks=2), day(10, 5), YEAR, day(10, 19)),
        (Duration(days=3), day(10, 30), YEAR, day(11, 2)),
        (Duration(school_days=0), day(10, 24), YEAR, day(10, 24)),
        (Duration(school_days=5), day(11, 6), YEAR, day(11, 13)),
        (Duration(school_days=5), day(10, 23), YEAR, day(11, 6)),
        (Duration(school_days=5), day(10, 23), NONE, day(10, 30)),
        (Duration(school_days=15), day(10, 12), YEAR, day(11, 9)),
        (Duration(school_days=15), day(12, 11), YEAR, day(1, 15, 2027)),
        (Duration(school_days=15, months=3), day(11, 9), YEAR, day(2, 28, 2027)),
        (Duration(months=3), day(11, 30), YEAR, day(2, 28, 2027)),
        (Duration(months=3), day(11, 30, 2027), YEAR, day(2, 29, 2028)),
        (Duration(half_terms=1), day(9, 14), YEAR, day(11, 2)),
        (Duration(half_terms=2), day(9, 14), YEAR, day(1, 4, 2027)),
        (Duration(half_terms=1), day(10, 28), YEAR, day(11, 2)),
        (Duration(half_terms=1), day(11, 2), YEAR, day(1, 4, 2027)),
        (Duration(half_terms=1), day(9, 14), NONE, day(11, 2)),
        (Duration(half_terms=1), day(3, 1, 2027), YEAR, day(4, 19, 2027)),
    ],
)
def test_a_length_of_time_ends_on_the_day_that_counts_as_passed(
    duration: Duration, start: date, calendar: SchoolCalendar, end: date
) -> None:
    assert duration.after(start, calendar) == end


def test_a_length_of_time_is_said_with_its_units() -> None:
    assert str(Duration(weeks=1)) == "1 week"
    assert str(Duration(school_days=15, months=3)) == "15 school days and 3 months"
    assert str(Duration(half_terms=1)) == "1 half term"
    assert str(Duration()) == ""


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (day(1, 31), 1, day(2, 28)),
        (day(1, 31, 2028), 1, day(2, 29, 2028)),
        (day(8, 31), 1, day(9, 30)),
        (day(12, 31), 2, day(2, 28, 2027)),
        (day(11, 30), 1, day(12, 30)),
        (day(12, 15), 12, day(12, 15, 2027)),
        (day(3, 31), -1, day(2, 28)),
        (day(1, 31), -2, day(11, 30, 2025)),
        (day(2, 29, 2028), -36, day(2, 28, 2025)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("text", "on", "calendar", "first"),
    [
        ("school year", day(11, 20), YEAR, day(9, 1)),
        ("school year", day(8, 31), YEAR, day(9, 1, 2025)),
        ("last 10 weeks", day(11, 20), YEAR, day(9, 12)),
        ("last 12 weeks", day(12, 11), YEAR, day(9, 19)),
        ("last 14 days", day(11, 20), YEAR, day(11, 7)),
        ("last 1 days", day(11, 20), YEAR, day(11, 20)),
        ("last 3 years", day(11, 20), YEAR, day(11, 21, 2023)),
        ("last 1 months", day(3, 31, 2027), YEAR, day(3, 1, 2027)),
        ("last 10 school days", day(11, 6), YEAR, day(10, 19)),
        ("last 10 school days", day(11, 8), YEAR, day(10, 19)),
        ("last 10 school weeks", day(12, 11), YEAR, day(9, 28)),
        ("last 10 school weeks", day(1, 15, 2027), YEAR, day(10, 19)),
        ("last 1 school weeks", day(11, 2), YEAR, day(11, 2)),
        ("last 2 school weeks", day(11, 2), YEAR, day(10, 19)),
        ("last 2 school weeks", day(10, 28), YEAR, day(10, 12)),
        ("term", day(11, 20), YEAR, day(9, 2)),
        ("half term", day(11, 20), YEAR, day(11, 2)),
        ("half term", day(10, 28), YEAR, day(9, 2)),
        ("half term", day(12, 28), YEAR, day(11, 2)),
        ("half term", day(11, 20), NONE, day(9, 1)),
    ],
)
def test_a_window_begins_on_its_first_day_and_ends_on_the_day_of_the_decision(
    text: str, on: date, calendar: SchoolCalendar, first: date, terms: Terms
) -> None:
    span = span_of(text, on, calendar, terms, AttendanceRecord())
    assert span is not None
    assert (span.first, span.last) == (first, on)


def test_without_a_calendar_school_weeks_are_those_in_which_the_pupil_could_attend(terms: Terms) -> None:
    days = [day(10, 13) + timedelta(weeks=week) for week in (0, 1, 3, 4, 5)]
    span = span_of("last 4 school weeks", day(11, 20), NONE, terms, record_with(*days))
    assert span is not None
    assert span.first == day(10, 19)


def test_without_a_calendar_or_marks_school_weeks_are_weeks(terms: Terms) -> None:
    span = span_of("last 10 school weeks", day(11, 20), NONE, terms, AttendanceRecord())
    assert span is not None
    assert span.first == day(9, 14)


def test_school_weeks_before_the_calendar_are_those_in_which_the_pupil_could_attend(terms: Terms) -> None:
    july = [day(7, 6), day(7, 13), day(7, 20)]
    span = span_of("last 4 school weeks", day(9, 11), YEAR, terms, record_with(*july, day(9, 2)))
    assert span is not None
    assert span.first == day(7, 13)


def test_school_weeks_after_the_calendar_are_those_in_which_the_pupil_could_attend(terms: Terms) -> None:
    autumn = SchoolCalendar((term(day(9, 2), day(12, 18)),))
    spring = [day(1, 5, 2027) + timedelta(weeks=week) for week in range(4)]
    span = span_of("last 5 school weeks", day(1, 29, 2027), autumn, terms, record_with(day(12, 14), *spring))
    assert span is not None
    assert span.first == day(12, 14)


def test_a_window_since_a_letter_begins_on_the_day_after_it(terms: Terms) -> None:
    record = record_with(day(9, 2), history=((day(10, 5), "letter_1"), (day(10, 20), "letter_2")))
    for text, first in (("since letter_1", 6), ("since letter_2, letter_1", 21), ("since the last letter", 21)):
        span = span_of(text, day(11, 20), YEAR, terms, record)
        assert span is not None
        assert span.first == day(10, first)


def test_a_window_since_what_has_not_happened_this_school_year_is_none(terms: Terms) -> None:
    record = record_with(day(9, 2), history=((day(6, 1), "letter_1"), (day(11, 21), "letter_1")))
    assert span_of("since letter_1", day(11, 20), YEAR, terms, record) is None


def test_the_first_school_days_after_a_letter_end_with_them_or_today(terms: Terms) -> None:
    record = record_with(day(9, 2), history=((day(10, 12), "letter_1"),))
    for on, last in ((day(11, 20), day(11, 9)), (day(11, 4), day(11, 4))):
        span = span_of("first 15 school days since letter_1", on, YEAR, terms, record)
        assert span is not None
        assert (span.first, span.last) == (day(10, 13), last)


def test_a_window_is_cut_off_by_an_event_even_of_last_school_year(terms: Terms) -> None:
    record = record_with(day(9, 2), history=((day(7, 20), "penalty_notice"),))
    window = Window("last", 12, "weeks", ("penalty_notice",))
    span = Facts(record, day(9, 18), YEAR, terms).spans.of(window)
    assert span is not None
    assert span.first == day(7, 21)


def test_the_unauthorised_run_is_a_window_from_its_tenth_day_only_once_it_has_one(terms: Terms) -> None:
    weekdays = [one for n in range(14) if (one := day(11, 9) + timedelta(days=n)).weekday() < 5]
    text = "from day 10 of the unauthorised run"
    span = span_of(text, day(11, 21), YEAR, terms, record_with(*weekdays))
    assert span is not None
    assert span.first == day(11, 20)
    assert span_of(text, day(11, 21), YEAR, terms, record_with(*weekdays[1:])) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("scool year", '"scool year" is not a window. Did you mean "school year"?'),
        ("last 10 wekes", '"wekes" is not a unit of time. Did you mean "weeks"?'),
        ("since leter_1", '"leter_1" is not a known event. Did you mean "letter_1"?'),
        ("last 0 weeks", "A window holds 1 to 600 weeks, not 0."),
        ("last 601 weeks", "A window holds 1 to 600 weeks, not 601."),
        (f"last {'9' * 5_000} weeks", f'"last {"9" * 5_000} weeks" is not a window.'),
        ("first 15 school dais since letter_1", '"school dais" is not a unit of time. Did you mean "school days"?'),
        ("first 15 school days since letter_9", '"letter_9" is not a known event. Did you mean "letter_2"?'),
    ],
)
def test_a_window_that_is_not_known_is_refused_with_the_likely_word(text: str, sentence: str) -> None:
    assert read_window(text, EVENTS) == sentence


def test_half_terms_are_cut_by_closures_of_a_week_and_not_by_a_day() -> None:
    calendar = SchoolCalendar((term(day(9, 2), day(12, 18)), closed(day(9, 28), day(9, 28))))
    half = calendar.half_term_of(day(10, 15))
    assert half is not None
    assert (half.first, half.last) == (day(9, 2), day(12, 18))


def test_between_terms_of_a_known_calendar_no_day_is_a_school_day() -> None:
    assert not YEAR.is_open(day(12, 21))
    assert YEAR.is_open(day(9, 2))
    assert not YEAR.is_open(day(9, 5))
    assert YEAR.is_open(day(4, 12, 2027))
    assert YEAR.count_open_days(day(9, 1), day(11, 20)) == 54

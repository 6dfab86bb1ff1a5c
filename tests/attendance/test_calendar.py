"""School days, school weeks, half terms and school years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.attendance.calendar import CalendarEntry, SchoolCalendar, add_months, monday_of, school_year_of

AUTUMN = CalendarEntry(date(2026, 9, 3), date(2026, 12, 18), True, "Autumn")
OCTOBER = CalendarEntry(date(2026, 10, 26), date(2026, 10, 30), False, "Half term")
SPRING = CalendarEntry(date(2027, 1, 5), date(2027, 3, 25), True, "Spring")
TRAINING = CalendarEntry(date(2026, 11, 27), date(2026, 11, 27), False, "Training day")
CALENDAR = SchoolCalendar((SPRING, TRAINING, AUTUMN, OCTOBER))
UNKNOWN = SchoolCalendar()
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 9, 3), True),
        (date(2026, 9, 5), False),  # a Saturday
        (date(2026, 10, 23), True),
        (date(2026, 10, 26), False),
        (date(2026, 10, 30), False),
        (date(2026, 11, 2), True),
        (date(2026, 11, 27), False),
        (date(2026, 12, 18), True),
        (date(2026, 12, 21), False),  # between two terms
        (date(2027, 1, 4), False),
        (date(2027, 1, 5), True),
        (date(2026, 9, 2), True),  # before the first term nothing is known
        (date(2027, 3, 26), True),  # and after the last
        (date(2027, 3, 27), False),  # but for weekends
    ],
)
def test_a_school_is_open_on_weekdays_of_its_terms_that_are_not_closed(day, is_open) -> None:
    assert CALENDAR.is_open(day) is is_open


def test_without_a_calendar_every_weekday_is_open_and_nothing_is_known() -> None:
    assert not UNKNOWN.is_known
    assert not UNKNOWN.covers(date(2026, 11, 20))
    assert UNKNOWN.is_open(date(2026, 12, 25))
    assert not UNKNOWN.is_open(date(2026, 12, 26))


def test_closures_alone_are_no_calendar() -> None:
    assert not SchoolCalendar((OCTOBER,)).is_known


@pytest.mark.parametrize(
    ("first", "last", "number"),
    [
        (date(2026, 10, 19), date(2026, 11, 6), 10),  # over half term
        (date(2026, 12, 14), date(2027, 1, 8), 9),  # over Christmas
        (date(2026, 11, 20), date(2026, 11, 20), 1),
        (date(2026, 11, 21), date(2026, 11, 22), 0),
        (date(2026, 11, 20), date(2026, 11, 19), 0),
    ],
)
def test_open_days_are_counted_with_both_ends(first, last, number) -> None:
    assert CALENDAR.count_open_days(first, last) == number


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (date(2026, 10, 22), 0, date(2026, 10, 22)),
        (date(2026, 10, 22), 1, date(2026, 10, 23)),
        (date(2026, 10, 22), 2, date(2026, 11, 2)),  # over half term
        (date(2026, 10, 24), 1, date(2026, 11, 2)),
        (date(2026, 12, 17), 2, date(2027, 1, 5)),  # over Christmas
        (date(2026, 11, 26), 1, date(2026, 11, 30)),  # over a training day and a weekend
    ],
)
def test_the_nth_school_day_skips_weekends_closures_and_holidays(day, number, found) -> None:
    assert CALENDAR.school_day_after(day, number) == found


def test_school_weeks_leave_out_half_term_and_christmas() -> None:
    weeks = [date(2026, 10, 19), date(2026, 11, 2), date(2026, 11, 9)]
    assert CALENDAR.school_weeks(date(2026, 11, 13), 3) == weeks
    assert CALENDAR.school_weeks(date(2027, 1, 8), 2) == [date(2026, 12, 14), date(2027, 1, 4)]


def test_the_week_of_the_day_itself_counts_even_on_its_monday() -> None:
    assert CALENDAR.school_weeks(date(2026, 11, 16), 1) == [date(2026, 11, 16)]


def test_school_weeks_run_over_the_end_of_a_school_year() -> None:
    summer = CalendarEntry(date(2026, 6, 8), date(2026, 7, 21), True, "Summer")
    weeks = SchoolCalendar((summer, AUTUMN, OCTOBER)).school_weeks(date(2026, 9, 11), 4)
    assert weeks == [date(2026, 7, 13), date(2026, 7, 20), date(2026, 8, 31), date(2026, 9, 7)]


def test_fewer_school_weeks_are_given_where_the_calendar_does_not_reach_back() -> None:
    assert len(CALENDAR.school_weeks(date(2026, 9, 18), 10)) == 3


def test_a_half_term_is_cut_by_a_closed_week_but_not_by_a_day_or_a_weekend() -> None:
    first, second = CALENDAR.half_term_of(date(2026, 10, 1)), CALENDAR.half_term_of(date(2026, 12, 1))
    assert first is not None
    assert second is not None
    assert (first.first, first.last) == (date(2026, 9, 3), date(2026, 10, 23))
    assert (second.first, second.last) == (date(2026, 11, 2), date(2026, 12, 18))


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2026, 10, 28), date(2026, 9, 3)), (date(2027, 1, 2), date(2026, 11, 2)), (date(2027, 1, 5), SPRING.first)],
)
def test_in_the_holidays_the_half_term_before_counts(day, first) -> None:
    found = CALENDAR.half_term_of(day)
    assert found is not None
    assert found.first == first


def test_the_term_of_a_day_is_the_one_it_lies_in_or_the_one_before() -> None:
    assert CALENDAR.term_of(date(2026, 12, 25)) == AUTUMN
    assert CALENDAR.term_of(date(2027, 1, 5)) == SPRING
    assert CALENDAR.term_of(date(2026, 9, 2)) is None


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 8, 31), date(2025, 9, 1)),
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2027, 1, 1), date(2026, 9, 1)),
    ],
)
def test_a_school_year_begins_on_1_september(day, first) -> None:
    assert school_year_of(day) == first


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2026, 11, 20), -36, date(2023, 11, 20)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2024, 2, 29), -36, date(2021, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last_of_a_shorter_month(day, months, found) -> None:
    assert add_months(day, months) == found


@given(DAYS, st.integers(1, 30))
def test_the_nth_school_day_is_open_and_has_n_open_days_up_to_it(day, number) -> None:
    found = CALENDAR.school_day_after(day, number)
    assert CALENDAR.is_open(found)
    assert CALENDAR.count_open_days(day + timedelta(days=1), found) == number


@given(DAYS, st.integers(1, 40))
def test_school_weeks_are_mondays_in_order_not_after_the_day_each_with_an_open_day(day, number) -> None:
    weeks = CALENDAR.school_weeks(day, number)
    assert weeks == sorted(set(weeks))
    assert len(weeks) <= number
    for monday in weeks:
        assert monday == monday_of(monday)
        assert monday <= day
        assert CALENDAR.count_open_days(max(monday, AUTUMN.first), monday + timedelta(days=6)) > 0

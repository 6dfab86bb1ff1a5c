"""Compulsory school age, from both sides of every boundary."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.attendance.age import first_compulsory_day, is_of_compulsory_school_age, leaving_day

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("born", "first"),
    [
        (date(2016, 3, 31), date(2021, 3, 31)),
        (date(2016, 4, 1), date(2021, 8, 31)),
        (date(2016, 8, 31), date(2021, 8, 31)),
        (date(2016, 9, 1), date(2021, 12, 31)),
        (date(2016, 12, 31), date(2021, 12, 31)),
        (date(2017, 1, 1), date(2022, 3, 31)),
        (date(2016, 2, 29), date(2021, 3, 31)),
    ],
)
def test_it_begins_on_the_prescribed_day_on_or_after_the_fifth_birthday(born, first) -> None:
    assert first_compulsory_day(born) == first
    assert is_of_compulsory_school_age(born, first)
    assert not is_of_compulsory_school_age(born, first - DAY)


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2010, 9, 1), date(2027, 6, 25)),  # 16 on the first day of a school year
        (date(2010, 8, 31), date(2026, 6, 26)),  # 16 on the last day of one
        (date(2011, 1, 1), date(2027, 6, 25)),
        (date(2011, 6, 30), date(2027, 6, 25)),
        (date(2007, 5, 1), date(2023, 6, 30)),  # the last Friday is the 30th
        (date(2012, 2, 29), date(2028, 6, 30)),
    ],
)
def test_it_ends_on_the_last_friday_in_june_of_the_school_year_of_the_sixteenth_birthday(born, last) -> None:
    assert leaving_day(born) == last
    assert last.weekday() == 4
    assert is_of_compulsory_school_age(born, last)
    assert not is_of_compulsory_school_age(born, last + DAY)

"""Compulsory school age."""

from __future__ import annotations

from datetime import date, timedelta


def is_of_compulsory_school_age(born: date, on: date) -> bool:
    """Whether a child is of compulsory school age on a day.

    From the prescribed day (31 March, 31 August, 31 December) on or after the fifth birthday to the last Friday in
    June of the school year of the sixteenth birthday, both included. Source: Education Act 1996, section 8.
    """
    return first_compulsory_day(born) <= on <= leaving_day(born)


def first_compulsory_day(born: date) -> date:
    """The prescribed day on or after the fifth birthday."""
    fifth = _birthday(born, 5)
    days = (date(fifth.year, 3, 31), date(fifth.year, 8, 31), date(fifth.year, 12, 31))
    return next(day for day in days if day >= fifth)


def leaving_day(born: date) -> date:
    """The last Friday in June of the school year in which a child turns 16."""
    sixteenth = _birthday(born, 16)
    year = sixteenth.year + (sixteenth.month >= 9)
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - 4) % 7)


def _birthday(born: date, age: int) -> date:
    """The day a child turns an age; a child born on 29 February does so on 1 March in a common year."""
    year = born.year + age
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)

"""The days that a letter names: each is a school day by the calendar, reckoned from when the letter arrives.

Where the calendar does not reach, no day is named: nobody knows whether the school would be open.
"""

from __future__ import annotations

from datetime import date, timedelta

from service.attendance.calendar import SchoolCalendar
from service.decisions.conditions import Unexplained, list_leaves
from service.decisions.policy import PolicyOn
from service.decisions.thresholds import improvement_window
from service.decisions.unexplained import last_reply_day, silence_counts_from
from service.decisions.windows.durations import Duration
from service.decisions.windows.window import first_days
from service.letters.facts import LetterFacts


def reply_by(letter: LetterFacts) -> date | None:
    """The last day to answer: five school days after arrival, later where the policy waits longer."""
    calendar, on = letter.facts.calendar, letter.facts.on
    if wait := _wait_for_answer(letter.policy, letter.kind.letter):
        day = calendar.school_day_before(silence_counts_from(on, wait, calendar))
        return day if _is_named(calendar, on, day) else None
    return _school_day_from(calendar, on, max(last_reply_day(on, calendar), letter.review_on or on))


def review_day(letter: LetterFacts) -> date | None:
    """The school day on which attendance is looked at again: the policy's review day, or the next one after it."""
    return _school_day_from(letter.facts.calendar, letter.facts.on, letter.review_on) if letter.review_on else None


def review_school_days(letter: LetterFacts) -> int | None:
    """How many school days there are from the day after the letter's date to the review."""
    last = review_day(letter)
    return letter.facts.calendar.count_open_days(letter.facts.on + timedelta(days=1), last) if last else None


def improvement_days(letter: LetterFacts) -> tuple[date, date] | None:
    """The first and last day of the period after a Notice to Improve, as the policy counts it."""
    window, calendar = improvement_window(letter.policy), letter.facts.calendar
    if window is None:
        return None
    begins, ends = first_days(window, letter.facts.on, calendar)
    return (begins, ends) if _is_named(calendar, letter.facts.on, ends) else None


def _school_day_from(calendar: SchoolCalendar, on: date, day: date) -> date | None:
    """The school day on or after a day, if the calendar reaches so far."""
    found = day if calendar.is_open(day) else calendar.school_day_after(day, 1)
    return found if _is_named(calendar, on, found) else None


def _is_named(calendar: SchoolCalendar, on: date, last: date) -> bool:
    return calendar.covers(on) and calendar.covers(last)


def _wait_for_answer(policy: PolicyOn, name: str) -> Duration | None:
    leaves = (leaf for active in policy.rules for leaf in list_leaves(active.version.when))
    tests = (leaf.test for leaf in leaves if isinstance(leaf, Unexplained))
    return next((test.followed_for for test in tests if name in test.followed_by), None)

"""The days that a letter names: each is a school day by the calendar, reckoned from when the letter arrives.

Where the calendar does not reach, no day is named: nobody knows whether the school would be open.
"""

from __future__ import annotations

from datetime import date, timedelta

from service.attendance.calendar import SchoolCalendar
from service.decisions.conditions import Unexplained, list_leaves
from service.decisions.policy import PolicyOn
from service.decisions.thresholds import improvement_school_days
from service.decisions.windows.durations import Duration
from service.letters.facts import LetterFacts

REPLY_SCHOOL_DAYS = 5
"""A letter leaves this many school days to answer. Source: *Working together to improve school attendance*, code N."""


def arrival(letter: LetterFacts) -> date:
    """The day the letter is taken to arrive: so many weekdays in the post after its own date."""
    day = letter.facts.on
    for _ in range(letter.school.days_in_post):
        day += timedelta(days=3 if day.weekday() == 4 else 2 if day.weekday() == 5 else 1)
    return day


def reply_by(letter: LetterFacts) -> date | None:
    """The last day to answer: five school days after arrival, later where the policy waits longer."""
    calendar = letter.facts.calendar
    day = calendar.school_day_after(arrival(letter), REPLY_SCHOOL_DAYS)
    waits = _policy_waits_until(letter)
    return _school_day_from(calendar, letter.facts.on, max(day, waits) if waits else day)


def review_day(letter: LetterFacts) -> date | None:
    """The school day on which attendance is looked at again: the policy's review day, or the next one after it."""
    return _school_day_from(letter.facts.calendar, letter.facts.on, letter.review_on) if letter.review_on else None


def review_school_days(letter: LetterFacts) -> int | None:
    """How many school days there are from the day after the letter's date to the review."""
    last = review_day(letter)
    return letter.facts.calendar.count_open_days(letter.facts.on + timedelta(days=1), last) if last else None


def improvement_days(letter: LetterFacts) -> tuple[date, date] | None:
    """The first and last day of the period after a Notice to Improve, which begins once the notice has arrived."""
    number, calendar = improvement_school_days(letter.policy), letter.facts.calendar
    if not number:
        return None
    begins, ends = (calendar.school_day_after(arrival(letter), count) for count in (1, number))
    return (begins, ends) if _is_named(calendar, letter.facts.on, ends) else None


def _school_day_from(calendar: SchoolCalendar, on: date, day: date) -> date | None:
    """The school day on or after a day, if the calendar reaches so far."""
    found = day if calendar.is_open(day) else calendar.school_day_after(day, 1)
    return found if _is_named(calendar, on, found) else None


def _is_named(calendar: SchoolCalendar, on: date, last: date) -> bool:
    return calendar.covers(on) and calendar.covers(last)


def _policy_waits_until(letter: LetterFacts) -> date | None:
    """The day before the policy acts on silence; the review day where it waits for no answer."""
    wait = _wait_for_answer(letter.policy, letter.kind.letter)
    return wait.after(letter.facts.on, letter.facts.calendar) - timedelta(days=1) if wait else letter.review_on


def _wait_for_answer(policy: PolicyOn, name: str) -> Duration | None:
    leaves = (leaf for active in policy.rules for leaf in list_leaves(active.version.when))
    tests = (leaf.test for leaf in leaves if isinstance(leaf, Unexplained))
    return next((test.followed_for for test in tests if name in test.followed_by), None)

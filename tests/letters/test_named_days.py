"""The days that a letter names are the days that the rules count, whatever the calendar and the post."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from service.attendance.calendar import CalendarEntry, SchoolCalendar, reckon_post
from service.attendance.school import School
from service.decisions.decision import Decision
from service.decisions.facts import Facts
from service.decisions.policy import Policy
from service.decisions.reading.policies import load_policies
from service.letters.catalogue import read_kind
from service.letters.facts import LetterFacts
from service.letters.fields import letter_fields
from service.letters.recipients import find_recipients
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import shipped
from tests.invented import make_record

POLICIES = load_policies(shipped("rules"))
TERM = CalendarEntry(date(2026, 9, 1), date(2027, 7, 23), True)
DAY = timedelta(days=1)
SENT = st.dates(date(2026, 9, 21), date(2027, 2, 26))
POST = st.integers(0, 10)


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    """A school year with up to six closures of one to sixteen days."""
    days = st.tuples(st.dates(date(2026, 9, 2), date(2027, 7, 1)), st.integers(0, 15))
    closures = [CalendarEntry(first, first + number * DAY, False) for first, number in draw(st.lists(days, max_size=6))]
    return SchoolCalendar((TERM, *closures))


def said(letter: str, policy: Policy, school: School, calendar: SchoolCalendar, sent: date, *words: str) -> list[date]:
    """The days that a letter of a date names."""
    active = policy.in_force(sent)
    record = make_record()
    facts = Facts(record, sent, reckon_post(calendar, school.days_in_post), active.terms)
    kind = read_kind(shipped("letter_templates") / f"{letter}.docx")
    recipient = find_recipients(record, school).written_to[0]
    fields = letter_fields(LetterFacts(facts, active, school, kind, recipient), words)
    return [datetime.strptime(str(fields[word]), "%d %B %Y").date() for word in words]


def decide(
    policy: Policy, school: School, calendar: SchoolCalendar, on: date, missed: date, code: str, *sent: dict[str, str]
) -> Decision:
    """The decision about a pupil who missed one morning."""
    marks = [{"date": missed.isoformat(), "session": "AM", "code": code}]
    record = make_record(marks=marks, history=list(sent))
    return Pupil(record, school, policy, on, calendar).decide()


@settings(max_examples=50)
@given(calendars(), POST, SENT, st.data())
def test_the_period_that_a_notice_prints_is_the_period_that_counts(calendar, post, sent, data) -> None:
    school = dataclasses.replace(SAMPLE_SCHOOL, days_in_post=post)
    policy = POLICIES["stockport"]
    first, last = said("notice_to_improve", policy, school, calendar, sent, "improvement_from", "improvement_to")
    before, after = calendar.school_day_before(first), calendar.school_day_after(last, 1)
    assert calendar.count_open_days(first, last) == 15
    between = data.draw(st.integers(0, 14).map(lambda number: calendar.school_day_after(first - DAY, number + 1)))
    for missed in (before, first, between, last, after):
        history = {"on": sent.isoformat(), "event": "notice_to_improve"}
        decision = decide(policy, school, calendar, after + DAY, missed, "O", history)
        (told,) = [
            reason.value
            for reason in decision.reasons
            if reason.rule == "penalty_notice_request_after_notice" and reason.measure == "sessions_unauthorised"
        ]
        assert told == (first <= missed <= last), missed


@settings(max_examples=50)
@given(calendars(), POST, SENT)
def test_a_notice_is_watched_until_the_last_day_that_it_prints(calendar, post, sent) -> None:
    school = dataclasses.replace(SAMPLE_SCHOOL, days_in_post=post)
    policy = POLICIES["stockport"]
    (last,) = said("notice_to_improve", policy, school, calendar, sent, "improvement_to")
    history = {"on": sent.isoformat(), "event": "notice_to_improve"}
    assert decide(policy, school, calendar, sent + DAY, date(2026, 9, 1), "/", history).review_on == last


@settings(max_examples=50)
@given(st.sampled_from([("bradford", "letter_n"), ("academy", "letter_n")]), calendars(), POST, SENT)
def test_silence_counts_on_the_school_day_after_the_day_to_reply_by(which, calendar, post, sent) -> None:
    name, letter = which
    school, policy = dataclasses.replace(SAMPLE_SCHOOL, days_in_post=post), POLICIES[name]
    (reply_by,) = said(letter, policy, school, calendar, sent, "reply_by")
    history = {"on": sent.isoformat(), "event": letter}
    days = (reply_by, calendar.school_day_after(reply_by, 1))
    decided = [decide(policy, school, calendar, day, date(2026, 9, 1), "N", history) for day in days]
    assert ["recode_n_to_o" in decision.actions for decision in decided] == [False, True]

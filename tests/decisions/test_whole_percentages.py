"""A percentage without decimals is what it may have been before it was rounded, never more exact than it was given."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.attendance.calendar import SchoolCalendar
from service.decisions.bounds.assumptions import WITHOUT_REASON, Assumptions
from service.decisions.bounds.interval import Interval
from service.decisions.bounds.whole_percentages import before_rounding, most_missed
from service.decisions.decide import decide
from service.decisions.decision import Decision
from service.desk import Desk
from service.issue import issue_letters
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from tests.decisions.random_records import ON, YEAR, policies, record_of
from tests.invented import make_record

NO_MORE = {
    "upn": "A1",
    "history": [],
    "sessions_unexplained": 0,
    "absence_spells": 1,
    "sessions_holiday_last_10_school_weeks": 0,
    "broken_weeks": 1,
    "weeks_in_session": 11,
}


def decided(policy: str, **figures: Any) -> Decision:
    return decide(record_of({**NO_MORE, **figures}, policies()[policy]), policies()[policy], ON, SchoolCalendar())


@given(st.integers(1, 400), st.data())
def test_the_true_percentage_is_one_of_those_that_a_rounded_one_may_have_been(
    possible: int, data: st.DataObject
) -> None:
    true = Fraction(100 * data.draw(st.integers(1, possible)), possible)
    for given_percentage in (floor(true), floor(true + Fraction(1, 2))):
        for known in (None, Interval(possible, possible)):
            low, high = before_rounding(given_percentage, known)
            assert low <= true <= high


@given(st.integers(1, 400), st.integers(0, 3), st.booleans(), st.data())
def test_a_percentage_bounds_the_sessions_missed(
    possible: int, places: int, cut_off: bool, data: st.DataObject
) -> None:
    missed = data.draw(st.integers(0, possible))
    true = Fraction(100 * (possible - missed), possible)
    shown = Fraction(floor(true * 10**places + (0 if cut_off else Fraction(1, 2))), 10**places)
    low, high = most_missed(shown, data.draw(st.integers(possible, 400)))
    assert low <= missed <= high


@pytest.mark.parametrize(
    ("policy", "percentage", "outcome"),
    [
        ("bradford", 94, "letter"),
        ("bradford", 95, "undecided"),
        ("bradford", Fraction(951, 10), "none"),
        ("bradford", 96, "none"),
        ("stockport", 94, "letter"),
        ("stockport", 95, "undecided"),
        ("stockport", 96, "none"),
        ("academy", 96, "undecided"),
        ("academy", 97, "none"),
    ],
)
def test_a_limit_that_a_whole_percentage_may_cross_leaves_the_pupil_undecided(
    policy: str, percentage: Fraction, outcome: str
) -> None:
    assert decided(policy, attendance_percentage=float(percentage)).outcome == outcome


def test_the_counts_are_asked_for_and_the_reason_says_why() -> None:
    decision = decided("bradford", attendance_percentage=95)
    assert decision.missing == ("sessions_possible", "sessions_attended")
    texts = [reason.text for reason in decision.reasons]
    assert any("Attendance was 95 % without decimals, so from 94.5 to below 96 %," in text for text in texts), texts
    settled = decided("bradford", attendance_percentage=93).reasons
    assert [reason.value for reason in settled if reason.measure == "attendance_percentage"] == [93]


def test_where_both_sides_of_the_limit_lead_to_the_same_nothing_is_asked() -> None:
    decision = decided("bradford", attendance_percentage=95, absence_spells=3)
    assert (decision.letter, decision.missing) == ("letter_1", ())


def test_possible_sessions_leave_only_what_whole_sessions_allow() -> None:
    assert decided("bradford", attendance_percentage=95, sessions_possible=104).outcome == "none"  # 99, and not 98
    assert decided("bradford", attendance_percentage=95, sessions_possible=200).outcome == "undecided"


def test_a_window_of_its_own_is_read_in_the_same_way() -> None:
    both = [decided("primary", attendance_percentage_last_10_weeks=number) for number in (95, 96)]
    assert [decision.outcome for decision in both] == ["undecided", "letter"]
    assert "sessions_attended_last_10_weeks" in both[0].missing


@pytest.mark.parametrize("percentage", [94, 95, 96])
def test_a_letter_shows_the_percentage_as_it_was_given_and_claims_no_side_of_the_level(percentage: int) -> None:
    desk = Desk(read_settings({}))
    counts = {"sessions_authorised": 2, "sessions_unauthorised": 3}
    record = make_record(attendance_percentage=percentage, date_of_birth="2013-05-02", **counts)
    (letter,) = issue_letters(desk, Pupil(record, SAMPLE_SCHOOL, desk.policy("bradford"), ON, YEAR), "letter_1").letters
    assert f"{percentage}%" in letter.text
    assert f"{percentage}." not in letter.text
    assert ("not below the level" in letter.text) == (percentage == 96)


@pytest.mark.parametrize(("percentage", "outcome"), [(100, "none"), (99, "undecided"), (98.5, "undecided")])
def test_all_sessions_attended_leaves_nothing_to_ask(percentage: float, outcome: str) -> None:
    values = {"upn": "A1", "history": [], "attendance_percentage": percentage}
    policy = policies()["bradford"]
    decision = decide(record_of(values, policy), policy, ON, YEAR)
    assert (decision.outcome, bool(decision.missing)) == (outcome, outcome == "undecided")


@pytest.mark.parametrize(("percentage", "outcome"), [(98.5, "none"), (97.5, "undecided")])
def test_a_percentage_near_the_top_leaves_no_room_for_three_absences(percentage: float, outcome: str) -> None:
    policy = policies()["bradford"]
    record = record_of({"upn": "A1", "history": [], "attendance_percentage": percentage}, policy)
    passed = Assumptions(pass_over=frozenset((WITHOUT_REASON,)))
    assert decide(record, policy, ON, SchoolCalendar(), passed).outcome == outcome


def test_a_school_may_pass_over_what_its_report_does_not_show() -> None:
    policy = policies()["bradford"]
    record = record_of({"upn": "A1", "history": [], "attendance_percentage": 86.5}, policy)
    assert decide(record, policy, ON, YEAR).missing == ("sessions_unexplained",)
    passed = decide(record, policy, ON, YEAR, Assumptions(pass_over=frozenset((WITHOUT_REASON,)), by="Ms A Green"))
    assert (passed.letter, passed.missing) == ("letter_1", ())
    assert any(text.startswith("Look for sessions without a reason") for text in passed.cautions)

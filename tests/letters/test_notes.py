"""What the office is told before a letter is sent, on pupils for whom it is true and for whom it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.desk import Desk
from service.issue import issue_letters
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from tests.invented import CALENDAR, MEETING, ON, contact, make_marks, make_record

DESK = Desk(read_settings({}))
OLD = "Some of these sessions are more than five school days old: telephone as well, and settle their codes."
SEPARATELY = "People at different addresses are invited to one meeting: ask whether they would rather come separately."
CLOSED = "The school is closed on the day of the meeting: choose a school day."
PASSED = "The day of the meeting is not after the day of the letter: choose a later one."
NO_PATTERN = "Ask for evidence only where there is real doubt: no pattern of illness is on record."
BLANKET = "It asks for evidence with every illness; national guidance keeps that for real doubt about a few pupils."
ASK_COUNCIL = "Ask the council about penalty notices in the last three years: none is on record for this parent."
ALL_AUTHORISED = "All of this absence is authorised: think whether to send this letter."
LETTER_2_SENT = [{"on": "2026-10-05", "event": "letter_2"}]
TWO_HOMES = [contact(), contact(title="Mr", first_name="Sam", address_line_1="9 Far Lane")]


def notes(letter, policy="bradford", school=SAMPLE_SCHOOL, missed="", code="O", **words) -> tuple[str, ...]:
    """The notes on a letter for a pupil who missed these mornings of November."""
    marks = make_marks([(f"2026-11-{day} AM", code) for day in missed.split()])
    record = make_record(marks=marks, **words)
    issue = issue_letters(DESK, Pupil(record, school, DESK.policy(policy), ON, CALENDAR), letter)
    assert issue.letters, issue.problems
    return issue.letters[0].notes


@pytest.mark.parametrize(("missed", "told"), [("12", (OLD,)), ("13", ()), ("19", ())])
def test_a_session_without_a_reason_for_more_than_five_school_days_is_to_be_settled(missed, told) -> None:
    assert notes("letter_n", missed=missed, code="N") == told


@pytest.mark.parametrize(("missed", "told"), [("03", (NO_PATTERN,)), ("03 09 12", ())])
def test_evidence_is_for_a_pattern_of_illness(missed, told) -> None:
    assert notes("letter_med", missed=missed, code="I") == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({}, ()),
        ({"contacts": TWO_HOMES}, (SEPARATELY,)),
        ({"meeting_date": "2026-12-05"}, (CLOSED,)),
        ({"meeting_date": "2026-12-25"}, (CLOSED,)),
        ({"meeting_date": "2026-11-20"}, (PASSED,)),
        ({"meeting_date": "2027-12-04"}, ()),  # beyond the calendar, so nobody knows
    ],
)
def test_a_meeting_is_on_a_school_day_and_not_for_two_homes_together_unasked(words, told) -> None:
    assert notes("letter_3", missed="03", **{**MEETING, "history": LETTER_2_SENT, **words}) == told


def test_asking_for_evidence_with_every_illness_is_the_schools_choice_and_it_is_told_so() -> None:
    wants = replace(SAMPLE_SCHOOL, ask_for_evidence=True)
    words = {"missed": "03", "code": "I", "policy": "stockport", **MEETING}
    assert notes("stage_2_letter", school=wants, **words) == (ALL_AUTHORISED, BLANKET)
    assert notes("stage_2_letter", **words) == (ALL_AUTHORISED,)


def test_the_council_is_asked_about_earlier_notices_where_none_is_on_record() -> None:
    support = {"on": "2026-10-14", "event": "support_action"}
    earlier = {"on": "2025-03-03", "event": "penalty_notice", "recipient": "1"}
    answered = {"child_protection_plan": False, "child_in_need": False, "missed": "03"}
    assert notes("notice_to_improve", "stockport", history=[support], **answered) == (ASK_COUNCIL,)
    assert notes("notice_to_improve", "stockport", history=[earlier, support], **answered) == ()

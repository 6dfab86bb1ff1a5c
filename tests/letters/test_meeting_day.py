"""A letter that names a meeting to which nobody can come is held back, with one sentence that says what to do."""

from __future__ import annotations

from typing import Any

import pytest

from service.desk import Desk
from service.issue import Issue, issue_letters
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from tests.invented import CALENDAR, MEETING, ON, make_marks, make_record

DESK = Desk(read_settings({}))
CLOSED = "Choose a school day for the meeting: the school is closed on that day."
PASSED = "Choose a later day for the meeting: it is not after the date of the letter, 20 November 2026."
IN_POST = "Choose a later day for the meeting: the letter arrives after it."
STAGE_2 = {"social_worker": False, "medical_reason_cited": False, "child_protection_plan": False}


def issued(letter: str, policy: str = "bradford", **words: Any) -> Issue:
    """What comes of asking for a letter that invites."""
    record = make_record(
        marks=make_marks([("2026-11-03 AM", "O")]), history=[{"on": "2026-10-05", "event": "letter_2"}], **words
    )
    return issue_letters(DESK, Pupil(record, SAMPLE_SCHOOL, DESK.policy(policy), ON, CALENDAR), letter)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-12-05", CLOSED),
        ("25/12/2026", CLOSED),
        ("2026-11-20", PASSED),
        ("19 November 2026", PASSED),
        ("2026-11-23", IN_POST),
    ],
)
@pytest.mark.parametrize(
    ("letter", "policy"), [("letter_3", "bradford"), ("panel_invitation", "primary"), ("letter_3", "academy")]
)
def test_a_meeting_to_which_nobody_can_come_holds_the_letter(letter: str, policy: str, day: str, told: str) -> None:
    found = issued(letter, policy, **{**MEETING, "meeting_date": day})
    assert found.letters == ()
    assert [problem.detail for problem in found.problems] == [told]


@pytest.mark.parametrize("day", ["2026-11-24", "2026-12-01", "2027-12-06"])  # the last is beyond the calendar
def test_a_meeting_on_a_school_day_after_the_letter_arrives_is_invited_to(day: str) -> None:
    assert issued("letter_3", **{**MEETING, "meeting_date": day}).problems == ()


def test_a_letter_that_invites_to_no_meeting_does_not_wait_for_one() -> None:
    closed = {**MEETING, "meeting_date": "2026-12-25"}
    assert issued("letter_1", **closed).letters
    held = issued("stage_2_letter", "stockport", **closed, team_around_family=False, child_in_need=False)
    assert [problem.detail for problem in held.problems] == [CLOSED]
    team = issued("stage_2_letter", "stockport", **closed, team_around_family=True, child_in_need=False)
    assert team.letters
    assert "25 December" not in team.letters[0].text


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ((), "Add the date, time and place of the meeting: School Letter 3 invites to it."),
        (("meeting_date",), "Add the time and place of the meeting: School Letter 3 invites to it."),
        (("meeting_date", "meeting_time"), "Add the place of the meeting: School Letter 3 invites to it."),
    ],
)
def test_what_a_meeting_lacks_is_one_sentence(known: tuple[str, ...], sentence: str) -> None:
    found = issued("letter_3", **{word: MEETING[word] for word in known})
    assert [problem.detail for problem in found.problems] == [sentence]

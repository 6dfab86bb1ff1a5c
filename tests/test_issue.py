"""What becomes of one pupil: letters, or the reasons why there is none yet."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PIL import Image

from service.attendance.calendar import SchoolCalendar
from service.attendance.school import NO_SCHOOL, School
from service.decisions.policy import Policy, Review
from service.decisions.windows.durations import Duration
from service.desk import Desk
from service.errors import Problem, RequestError
from service.issue import issue_letters
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.word.package import Package
from tests.invented import CALENDAR, MEETING, ON, SUMMARY, contact, make_marks, make_record

LETTER_1_SENT = [{"on": "2026-10-05", "event": "letter_1"}]
AFTER_LETTER_2 = [*LETTER_1_SENT, {"on": "2026-10-19", "event": "letter_2"}]
UNAUTHORISED = make_marks([(f"2026-11-{day:02} AM", "O") for day in (3, 4, 9, 10)])


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(read_settings({}))


def issue(desk, record, letter="", policy="bradford", school=SAMPLE_SCHOOL):
    return issue_letters(desk, Pupil(record, school, desk.policy(policy), ON, CALENDAR), letter)


def test_the_letter_that_is_due_is_written_to_each_recipient(desk) -> None:
    found = issue(desk, make_record(contacts=[contact(), contact(first_name="Sam")], **SUMMARY))
    assert found.decision.letter == "letter_1"
    assert [(item.letter, item.recipient.name) for item in found.letters] == [
        ("letter_1", "Ms Jo Ash"),
        ("letter_1", "Ms Sam Ash"),
    ]
    assert found.problems == ()
    assert len({item.reference for item in found.letters}) == 2
    for item in found.letters:
        assert item.reference in item.text
        assert item.recipient.name in item.text
        assert "Robin" in item.text


def test_no_letter_due_is_a_decision_without_letters_or_problems(desk) -> None:
    found = issue(desk, make_record(marks=make_marks([])))
    assert (found.decision.outcome, found.letters, found.problems) == ("none", (), ())


def test_an_invitation_without_a_meeting_names_what_is_missing_and_is_not_made(desk) -> None:
    record = make_record(marks=UNAUTHORISED, history=AFTER_LETTER_2, parent_engaged=False)
    found = issue(desk, record)
    assert found.decision.letter == "letter_3"
    assert found.letters == ()
    assert [problem.pointer for problem in found.problems] == ["/meeting_date", "/meeting_time", "/meeting_place"]
    assert {problem.code for problem in found.problems} == {"missing-meeting"}


def test_a_meeting_that_is_given_out_makes_the_invitation(desk) -> None:
    record = make_record(marks=UNAUTHORISED, history=AFTER_LETTER_2, parent_engaged=False)
    found = issue(desk, replace(record, meeting=MEETING))
    assert found.problems == ()
    assert "Tuesday 1 December 2026" in found.letters[0].text
    assert "2:30 pm" in found.letters[0].text


def test_what_must_be_cleared_up_first_holds_the_letter_and_not_the_decision(desk) -> None:
    hold = Problem("court-order", "Ask the head before anybody writes: a court order is on record.", "")
    record = replace(make_record(contacts=[contact()], **SUMMARY), holds=(hold,))
    issued = issue(desk, record)
    assert issued.decision.letter
    assert (issued.letters, issued.problems) == ((), (hold,))


def test_nobody_to_write_to_is_a_problem_beside_the_decision(desk) -> None:
    found = issue(desk, make_record(contacts=[], **SUMMARY))
    assert (found.decision.letter, found.letters) == ("letter_1", ())
    assert [problem.code for problem in found.problems] == ["no-recipient"]


def test_a_word_that_nobody_gave_is_a_problem_told_once_for_all_recipients(desk) -> None:
    record = make_record(first_name="", contacts=[contact(), contact(first_name="Sam")], **SUMMARY)
    found = issue(desk, record)
    assert found.letters == ()
    assert [(problem.code, problem.pointer) for problem in found.problems] == [("missing-word", "/known_as")]


def test_without_a_school_no_letter_leaves_and_one_sentence_says_how_to_name_it(desk) -> None:
    found = issue(desk, make_record(contacts=[contact(), contact()], **SUMMARY), school=NO_SCHOOL)
    assert (found.decision.letter, found.letters) == ("letter_1", ())
    assert [problem.code for problem in found.problems] == ["no-school"]


def test_a_school_without_some_of_its_words_is_told_each_of_them(desk) -> None:
    found = issue(desk, make_record(**SUMMARY), school=School({"school_telephone": "01632 960999"}))
    assert {problem.pointer for problem in found.problems} == {"/school_name", "/sender_name"}


def test_a_record_that_names_another_school_is_not_filled_up_from_this_one(desk) -> None:
    found = issue(desk, make_record(school_name="Hill Top School", sender_name="Ms Q", **SUMMARY))
    assert all(word not in found.letters[0].text for word in ("Weir Lane", "Oxley", "01632 960123", "Marlowe"))


def test_half_of_an_address_or_of_a_signature_is_not_filled_up_from_the_schools_own() -> None:
    school = SAMPLE_SCHOOL.with_words({"school_address_line_1": "4 New Row", "sender_name": "Ms Q"})
    assert school.address.lines == ("4 New Row",)
    assert (school.word("sender_role"), school.word("school_name")) == ("", "Weir Lane School")


def test_the_words_of_the_school_in_a_record_win(desk) -> None:
    found = issue(desk, make_record(school_name="Hill Top School", sender_name="Ms Q", **SUMMARY))
    assert "Hill Top School" in found.letters[0].text
    assert "Weir Lane School" not in found.letters[0].text


def test_a_letter_can_be_named_instead_of_the_one_that_is_due(desk) -> None:
    found = issue(desk, make_record(marks=make_marks([("2026-11-09 AM", "I")])), letter="letter_med")
    assert [item.letter for item in found.letters] == ["letter_med"]


def reviewed(policy: Policy, rule: str, review: Review) -> Policy:
    """The policy with another review in one of its rules."""
    rules = (
        replace(item, versions=tuple(replace(version, review=review) for version in item.versions))
        if item.id == rule
        else item
        for item in policy.rules
    )
    return replace(policy, rules=tuple(rules), _kept={})


def test_a_letter_is_reviewed_so_long_after_the_event_that_its_rule_counts_from(desk) -> None:
    policy = reviewed(desk.policy("bradford"), "letter_2", Review(Duration(weeks=8), since=("letter_1",)))
    record = make_record(marks=UNAUTHORISED, history=LETTER_1_SENT)
    pupil = Pupil(record, SAMPLE_SCHOOL, policy, ON, CALENDAR)
    due, named = issue_letters(desk, pupil), issue_letters(desk, pupil, "letter_2")
    assert due.decision.letter == "letter_2"
    assert due.letters[0].fields["review_date"] == named.letters[0].fields["review_date"] == "30 November 2026"


def test_a_letter_named_though_it_is_not_due_has_the_review_day_of_its_rule(desk) -> None:
    policy = reviewed(desk.policy("bradford"), "letter_2", Review(Duration(weeks=8), since=("letter_1",)))
    record = make_record(marks=make_marks([("2026-11-09 AM", "I")]), history=LETTER_1_SENT)
    found = issue_letters(desk, Pupil(record, SAMPLE_SCHOOL, policy, ON, CALENDAR), "letter_2")
    assert found.decision.letter != "letter_2"
    assert found.letters[0].fields["review_date"] == "30 November 2026"


def test_a_letter_that_is_due_is_the_same_when_it_is_named_though_two_rules_lead_to_it(desk) -> None:
    policy = reviewed(desk.policy("bradford"), "enforcement_letter_1", Review(Duration(weeks=1)))
    marks = make_marks([(f"2026-11-{day:02} {half}", "O") for day in range(2, 14) for half in ("AM", "PM")])
    protected = {"child_protection_plan": False, "child_in_need": False}
    record = make_record(marks=marks, history=LETTER_1_SENT, unmet_needs=True, **protected)
    pupil = Pupil(record, SAMPLE_SCHOOL, policy, ON, CALENDAR)
    due, named = issue_letters(desk, pupil), issue_letters(desk, pupil, "enforcement_letter_1")
    assert due.decision.rule == "enforcement_letter_1_unmet_needs"
    assert due.letters[0].fields == named.letters[0].fields


@pytest.mark.parametrize("letter", ["", "enforcement_letter_1"])
def test_a_step_of_enforcement_is_held_until_protection_is_answered(desk, letter) -> None:
    marks = make_marks([(f"2026-11-{day:02} {half}", "O") for day in range(2, 14) for half in ("AM", "PM")])
    record = make_record(marks=marks, history=LETTER_1_SENT, unmet_needs=True, child_in_need=False)
    found = issue_letters(desk, Pupil(record, SAMPLE_SCHOOL, desk.policy("bradford"), ON, CALENDAR), letter)
    assert found.decision.missing == ("child_protection_plan",)
    assert [str(problem) for problem in found.problems] == [
        "/child_protection_plan: Is there a child protection plan? Answer this before Enforcement Letter 1 is sent."
    ]
    assert found.letters == ()


def test_an_unknown_letter_is_refused_with_what_was_meant(desk) -> None:
    with pytest.raises(RequestError, match='Did you mean "letter_1"'):
        issue(desk, make_record(**SUMMARY), letter="leter_1")


def test_a_letter_of_another_policy_is_refused(desk) -> None:
    with pytest.raises(RequestError, match='has no letter "notice_to_improve"'):
        issue(desk, make_record(**SUMMARY), letter="notice_to_improve")


def test_a_message_has_text_and_no_document(desk) -> None:
    found = issue(desk, make_record(marks=UNAUTHORISED), letter="attendance_message", policy="primary")
    (message,) = found.letters
    assert message.content == b""
    assert message.text == message.message
    assert "Robin" in message.text


def test_a_letter_about_absences_since_an_earlier_one_is_not_made_without_it(desk) -> None:
    found = issue(desk, make_record(**SUMMARY), letter="letter_2")
    assert found.letters == ()
    assert {problem.code for problem in found.problems} == {"missing-word"}
    assert [problem.detail for problem in found.problems] == [
        "Record in the history when the earlier letter was sent or contact was made: Letter 2 refers to it."
    ]


def test_the_same_pupil_on_the_same_day_gets_the_same_bytes(desk) -> None:
    record = make_record(**SUMMARY)
    assert issue(desk, record).letters[0].content == issue(desk, record).letters[0].content


def test_each_schools_logo_is_called_by_its_own_name_though_the_schools_share_the_logo(desk, tmp_path) -> None:
    Image.new("RGB", (600, 200), "navy").save(tmp_path / "logo.png")
    for name in ("Alpha School", "Beta Academy"):
        words = {**SAMPLE_SCHOOL.words, "logo": "logo.png", "school_name": name}
        school = replace(SAMPLE_SCHOOL, words=words, folder=tmp_path)
        found = issue(desk, make_record(**SUMMARY), school=school)
        header = Package.open(found.letters[0].content).read("word/header1.xml").decode()
        assert set(re.findall(r'descr="([^"]*)"', header)) == {f"Logo of {name}"}


NOTICE_FACTS = {
    "marks": make_marks([(f"2026-11-{day:02} {half}", "O") for day in range(9, 16) for half in ("AM", "PM")]),
    "history": [{"on": "2026-10-14", "event": "pastoral_meeting", "outcome": "attended"}],
    "child_protection_plan": False,
    "child_in_need": False,
}


def issue_notice(desk, calendar=CALENDAR, school=SAMPLE_SCHOOL, **words):
    record = make_record(**{**NOTICE_FACTS, **words})
    return issue_letters(desk, Pupil(record, school, desk.policy("stockport"), ON, calendar), "notice_to_improve")


def test_a_notice_to_improve_lists_the_recorded_support_and_is_signed_by_the_named_officer(desk) -> None:
    (notice,) = issue_notice(desk).letters
    assert "Meeting with the pastoral team, 14 October 2026" in notice.text
    assert "Ms T Garrick" in notice.text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"calendar": SchoolCalendar()}, "Add the calendar to the end of the improvement period"),
        ({"history": [{"on": "2026-10-05", "event": "letter_n"}]}, "Record in the history what support was given"),
        ({"history": None}, "Give the history with every penalty notice of the last three years"),
        ({"school": SAMPLE_SCHOOL.with_words({"local_authority_officer_name": ""})}, "Say who signs"),
        ({"school": SAMPLE_SCHOOL.with_words({"local_authority_officer_name": "Oxley Council"})}, "Say who signs"),
        ({"date_of_birth": None}, "Look at the date of birth and the marks"),
        ({"marks": make_marks([("2026-11-09 AM", "I")])}, "Look at the marks"),
    ],
)
def test_a_notice_to_improve_is_held_back_with_what_to_do(desk, changed, told) -> None:
    issued = issue_notice(desk, **changed)
    assert issued.letters == ()
    assert any(problem.detail.startswith(told) for problem in issued.problems), issued.problems


def test_the_office_is_told_that_all_absence_is_authorised(desk) -> None:
    record = make_record(marks=make_marks([(f"2026-11-{day:02} AM", "I") for day in (3, 9, 12)]))
    (letter,) = issue(desk, record, letter="letter_1").letters
    assert letter.notes == ("All of this absence is authorised: think whether to send this letter.",)
    assert "I am sorry that illness" in letter.text

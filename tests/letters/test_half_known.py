"""What is half known is in no letter: a name that is only a title, an address of empty words, a report's figures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.attendance.holding.holds import with_standing_holds
from service.attendance.school import School
from service.desk import Desk
from service.issue import Issue, issue_letters
from service.letters.recipients import find_recipients
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL, SAMPLE_WORDS
from service.settings import read_settings
from tests.invented import CALENDAR, MEETING, ON, contact, make_marks, make_record
from tests.letters.test_grounds import RICH, as_summary

DESK = Desk(read_settings({}))
SUMMARY = {
    "sessions_possible": 104,
    "sessions_attended": 90,
    "sessions_authorised": 8,
    "sessions_unauthorised": 6,
    "sessions_unexplained": 0,
}


def issue(policy: str, letter: str, values: dict[str, Any], school: School = SAMPLE_SCHOOL) -> Issue:
    known = DESK.policy(policy)
    return issue_letters(DESK, Pupil(make_record(**values), school, known, ON, CALENDAR), letter)


def problems(issued: Issue) -> list[str]:
    return [problem.detail for problem in issued.problems]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first_name": "", "last_name": ""}, "Give the name of contact 1."),
        ({"first_name": "Unknown", "last_name": "Unknown"}, "Give the name of contact 1."),
        ({"last_name": "TBC"}, "Give the name of contact 1."),
        ({"address_line_1": "Unknown"}, "Correct the address of contact 1: one of its lines is no part of an address."),
        ({"address_line_2": "N/A"}, "Correct the address of contact 1: one of its lines is no part of an address."),
        (
            {"address_line_1": "As pupil"},
            "Correct the address of contact 1: one of its lines is no part of an address.",
        ),
        ({"relationship": "Father (deceased)"}, "Look at contact 1: it says deceased. Nobody is written to there."),
        ({"last_name": "Ash (DECEASED)"}, "Look at contact 1: it says deceased. Nobody is written to there."),
        ({"title": "The late Mr"}, "Look at contact 1: it says deceased. Nobody is written to there."),
        ({"title": "", "first_name": "Mum"}, "Give the name of contact 1."),
        ({"title": "", "first_name": "Step-Dad"}, "Give the name of contact 1."),
        ({"title": "", "first_name": "Parent/Carer", "last_name": ""}, "Give the name of contact 1."),
        ({"title": "", "first_name": "", "last_name": "Mother"}, "Give the name of contact 1."),
        (
            {"last_name": "Ash (Step Father)"},
            "Take out of the name of contact 1 what is no part of it: it would be printed.",
        ),
        (
            {"relationship": "Self"},
            "Look at contact 1: it seems to be the pupil. Say who the parents or carers are.",
        ),
    ],
)
def test_a_contact_who_is_half_known_gets_no_letter_and_the_other_does(wrong, sentence) -> None:
    record = make_record(contacts=[contact(**wrong), contact(title="Mr", first_name="Al")], **SUMMARY)
    found = find_recipients(record, SAMPLE_SCHOOL)
    assert [recipient.id for recipient in found.written_to] == ["2"]
    assert [problem.detail for problem in found.problems] == [sentence]


@pytest.mark.parametrize(
    "right",
    [{"last_name": "Null"}, {"last_name": "Na"}, {"address_line_1": "See Farm"}, {"address_line_1": "Same Street"}],
)
def test_names_and_places_that_sound_like_nothing_are_written_to(right) -> None:
    found = find_recipients(make_record(contacts=[contact(**right)], **SUMMARY), SAMPLE_SCHOOL)
    assert (len(found.written_to), found.problems) == (1, ())


@pytest.mark.parametrize(("on", "is_held"), [(date(2026, 11, 20), True), (date(2026, 11, 30), False)])
def test_before_a_pupil_joins_no_letter_goes_out(on, is_held) -> None:
    record = replace(make_record(**SUMMARY), date_of_admission=date(2026, 11, 30))
    held = [hold.detail for hold in with_standing_holds(record, on).holds]
    assert held == ["The pupil joins on 30/11/2026, so no letter goes out before."] * is_held


Z_BEFORE = [(f"{day} {half}", "Z") for day in ("2026-09-03", "2026-09-04") for half in ("AM", "PM")]
Z_AFTER = [(f"2026-11-{day} {half}", "Z") for day in (19, 20) for half in ("AM", "PM")]


@pytest.mark.parametrize(
    ("marks", "since"),
    [
        ([], ""),
        (Z_BEFORE, ""),
        (Z_AFTER, "19/11/2026"),
        (Z_AFTER[2:], "20/11/2026"),
        (Z_AFTER[3:], "20/11/2026"),
        ([(slot, "#") for slot, _ in Z_AFTER], ""),
    ],
)
def test_marks_that_end_off_roll_hold_the_letters(marks, since) -> None:
    held = [hold.detail for hold in with_standing_holds(make_record(marks=make_marks(marks)), ON).holds]
    assert held == [f"The marks from {since} on are Z, not on roll. Find out whether the pupil has left."] * bool(since)


def test_the_figures_of_a_pupil_who_joined_are_of_the_days_since() -> None:
    marks = make_marks([*Z_BEFORE, *((f"2026-10-{day} AM", "O") for day in (5, 12, 19))])
    (made,) = issue("bradford", "letter_1", {"contacts": [contact()], "marks": marks}).letters
    assert "From 7 September 2026 to 20 November 2026" in made.text


@pytest.mark.parametrize(
    ("name", "sign"), [("O&#39;Brien", "&#39;"), ("Ash &amp; Lee", "&amp;"), ("Zo&euml;", "&euml;")]
)
def test_a_name_written_for_a_web_page_holds_the_letter(name, sign) -> None:
    (hold,) = with_standing_holds(replace(make_record(**SUMMARY), last_name=name), ON).holds
    assert hold.detail == f"A letter of this name was lost: {sign} is how web pages write it. Correct the name."


@pytest.mark.parametrize("policy", ["bradford", "primary", "academy", "stockport"])
def test_without_the_number_of_lessons_no_letter_speaks_of_lessons_missed(policy) -> None:
    school = School(SAMPLE_WORDS)
    letters = {rule.letter for rule in DESK.policy(policy).rules if rule.letter}
    texts = [made.text for letter in letters for made in issue(policy, letter, RICH, school).letters]
    assert texts
    assert not any(re.search(r"\d lessons?\b", text) for text in texts)


def test_a_letter_that_encloses_the_certificate_waits_for_the_marks() -> None:
    history = [{"on": "2026-09-14", "event": "general_letter"}]
    known = {"history": history, "contacts": [contact()], "date_of_birth": "2013-05-02", **MEETING}
    with_marks = issue("stockport", "stage_2_letter", {**known, "marks": make_marks([("2026-11-09 AM", "O")])})
    assert len(with_marks.letters) == 1
    without = issue("stockport", "stage_2_letter", {**known, **SUMMARY})
    assert (without.letters, problems(without)) == (
        (),
        ["Add the marks: Stage 2 letter encloses the certificate that shows every session."],
    )


def test_a_report_of_other_days_is_asked_for_by_the_days_in_one_sentence() -> None:
    values = {word: value for word, value in RICH.items() if word != "marks"}
    issued = issue("primary", "letter_1", {**values, **as_summary(RICH["marks"], dated=False)})
    assert problems(issued) == [
        "Add the marks, or a report of the last 10 weeks: School Letter 1 shows the figures of that time."
    ]


@pytest.mark.parametrize(("outcome", "is_told"), [("attended", True), (None, False), ("did_not_attend", False)])
def test_a_meeting_counts_as_support_only_where_somebody_said_that_it_took_place(outcome, is_told) -> None:
    met = {"on": "2026-10-05", "event": "attendance_support_meeting"} | ({"outcome": outcome} if outcome else {})
    history = [*RICH["history"][:7], met]
    (letter,) = issue("bradford", "enforcement_letter_1", {**RICH, "history": history}).letters
    assert ("Attendance support meeting, 5 October 2026." in letter.text) is is_told


def test_two_letters_of_one_day_are_told_once() -> None:
    (letter,) = issue("bradford", "enforcement_letter_1", RICH).letters
    assert letter.text.count("We wrote to you about attendance on 10 September 2026.") == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"school_address_line_1": ""}, "Add the school's address line 1: half of an address is no letterhead."),
        ({"school_postcode": ""}, "Add the school's postcode: half of an address is no letterhead."),
        ({"school_telephone": "TBC"}, "Write the school telephone, or leave it out: TBC is none."),
        ({"school_email": "[email]"}, "Write the school email, or leave it out: [email] is none."),
    ],
)
def test_half_a_letterhead_holds_the_letter(changed, sentence) -> None:
    words = {word: value for word, value in (SAMPLE_WORDS | changed).items() if value}
    issued = issue("bradford", "letter_1", {**SUMMARY, "contacts": [contact()]}, School(words))
    assert (issued.letters, problems(issued)) == ((), [sentence])


def test_a_school_without_an_address_or_a_telephone_writes_under_its_name() -> None:
    words = {word: SAMPLE_WORDS[word] for word in ("school_name", "sender_name", "sender_role")}
    issued = issue("bradford", "letter_1", {**SUMMARY, "contacts": [contact()]}, School(words))
    assert (len(issued.letters), issued.problems) == (1, ())


@pytest.mark.parametrize(
    ("event", "note", "is_held"),
    [
        ("letter_1", "Cancelled - never sent", True),
        ("letter_1", "posted, second class", False),
        ("penalty_notice_withdrawn", "withdrawn by the council", False),
    ],
)
def test_a_letter_that_was_perhaps_never_sent_holds_the_next(event, note, is_held) -> None:
    history = [{"on": "2026-10-05", "event": event, "note": note, "recipient": "1"}]
    held = with_standing_holds(make_record(history=history, **SUMMARY), ON).holds
    assert ["it was counted" in hold.detail for hold in held] == [True] * is_held


def test_a_title_that_stands_before_the_forename_too_is_written_once() -> None:
    (written,) = find_recipients(
        make_record(contacts=[contact(first_name="Ms Jo")], **SUMMARY), SAMPLE_SCHOOL
    ).written_to
    assert written.name == "Ms Jo Ash"


@pytest.mark.parametrize(
    "names", [{"last_name": "Ash (LAC)"}, {"last_name": "Ash *NEW*"}, {"preferred_name": "Rob [CP]"}]
)
def test_what_an_office_notes_beside_a_pupils_name_is_never_printed(names) -> None:
    (hold,) = with_standing_holds(replace(make_record(**SUMMARY), **names), ON).holds
    assert hold.detail == "Take out of the pupil's name what is no part of it: brackets or stars and what they say."

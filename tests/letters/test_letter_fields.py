"""Each word of letter_templates/fields.toml on pupils whose figures can be counted by hand."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from datetime import date

import pytest

from service.attendance.calendar import SchoolCalendar, reckon_post
from service.attendance.school import School
from service.decisions.facts import Facts
from service.decisions.reading.policies import load_policies
from service.letters.catalogue import Catalogue, LetterKind, read_kind
from service.letters.facts import LetterFacts
from service.letters.fields import _SUPPLIERS, letter_fields
from service.letters.recipients import find_recipients
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import shipped
from tests.invented import CALENDAR, MEETING, ON, SUMMARY, contact, make_marks, make_record

FIELDS = tomllib.loads((shipped("letter_templates") / "fields.toml").read_text(encoding="utf-8"))
POLICIES = load_policies(shipped("rules"))
CATALOGUE = Catalogue(shipped("letter_templates"))
LETTER_1 = read_kind(shipped("letter_templates") / "letter_1.docx")
# 5 to 7 October ill (6 sessions, 7 October afternoon an appointment), 12 October morning after the register closed,
# 9 November without a reason, 16 November holiday; late on 10 and 11 November.
ABSENCES = [
    *((f"2026-10-0{day} {half}", "I") for day in (5, 6, 7) for half in ("AM", "PM")),
    ("2026-10-07 PM", "M"),
    ("2026-10-12 AM", "U"),
    *((f"2026-11-09 {half}", "N") for half in ("AM", "PM")),
    *((f"2026-11-16 {half}", "G") for half in ("AM", "PM")),
    ("2026-11-10 AM", "L"),
    ("2026-11-11 AM", "L"),
]
HISTORY = [
    {"on": "2026-10-09", "event": "letter_1"},
    {"on": "2026-10-14", "event": "pastoral_meeting", "outcome": "attended"},
    {"on": "2026-10-15", "event": "support_action", "outcome": "refused"},
    {"on": "2026-11-04", "event": "attendance_panel_meeting", "outcome": "did_not_attend"},
    {"on": "2026-11-06", "event": "letter_2", "recipient": "2"},
]
MARKED = make_record(marks=make_marks(ABSENCES), history=HISTORY, **MEETING)
ABOUT_NOTHING = make_record()


def facts_of(record, policy="bradford", kind=LETTER_1, school=SAMPLE_SCHOOL, calendar=CALENDAR, on=ON, **words):
    active = POLICIES[policy].on(on)
    facts = Facts(record, on, reckon_post(calendar, school.days_in_post), active.terms)
    recipient = find_recipients(record, school).written_to[0]
    return LetterFacts(facts, active, school, kind, recipient, **words)


def fields_of(*args, **words):
    return letter_fields(facts_of(*args, **words), FIELDS)


def kind(**words) -> LetterKind:
    return dataclasses.replace(LETTER_1, **words)


def test_every_word_that_a_letter_may_use_has_a_supplier_or_is_the_schools() -> None:
    without = {word for word in FIELDS if word not in _SUPPLIERS}
    assert without == {
        "school_name",
        "school_telephone",
        "school_email",
        "school_website",
        "local_authority_name",
        "local_authority_telephone",
        "local_authority_email",
    }


def test_no_supplier_has_a_word_that_letters_do_not_know() -> None:
    assert set(_SUPPLIERS) <= set(FIELDS)


def test_every_word_that_a_shipped_letter_wants_is_known() -> None:
    for path in CATALOGUE.files():
        policy = next(policy for policy in POLICIES if CATALOGUE.find(path.stem, policy) == path)
        assert CATALOGUE.open(path.stem, policy).template.wants <= set(FIELDS)


WORKED = {
    "date_long": "20 November 2026",
    "address_lines": ["Ms Jo Ash", "2 Long Row", "Netherford", "ZE8 4QT"],
    "salutation": "Dear Ms Ash",
    "recipient_name": "Ms Jo Ash",
    "pupil_name": "Robin Ash",
    "known_as": "Robin",
    "registration_group": "8B",
    "sender_name": "Mr J Marlowe",
    "sender_role": "Attendance officer",
    "school_name": "Weir Lane School",
    "school_address_lines": ["Weir Lane", "Oxley Bridge", "ZE9 9ZZ"],
    "school_telephone": "01632 960123",
    "school_email": "attendance@weirlane.example",
    "school_website": "www.weirlane.example",
    "how_to_contact": "call 01632 960123 or email attendance@weirlane.example",
    "local_authority_name": "Oxley Council",
    "local_authority_address_lines": ["Education Welfare Service", "Town Hall", "Oxley Bridge", "ZE1 1AA"],
    "local_authority_telephone": "01632 960456",
    "local_authority_email": "welfare@oxley.example",
    "period_from": "3 September 2026",
    "period_to": "20 November 2026",
    # 3 September to 20 November: 52 school days, 104 sessions, 6 + 1 + 2 + 2 = 11 of them missed
    "attendance_percentage": "89.4%",
    "expected_level": "95%",
    "sessions_possible": "104",
    "sessions_missed": "11",
    "sessions_unauthorised": "5",
    "sessions_illness": "5",
    "sessions_medical": "1",
    "sessions_late": "2",
    "sessions_late_after_close": "1",
    "days_missed": "5.5 days",
    "lessons_missed": "28 lessons",
    "broken_weeks": "4",
    "weeks_in_session": "11",
    "medical_absences": [
        {"dates": "5 to 7 October 2026", "sessions": "5", "kind": "Illness"},
        {"dates": "7 October 2026", "sessions": "1", "kind": "Medical or dental appointment"},
    ],
    "unauthorised_absences": [
        {"dates": "12 October 2026", "sessions": "1", "kind": "Arrived after the register closed"},
        {"dates": "9 November 2026", "sessions": "2", "kind": "Reason not yet given"},
        {"dates": "16 November 2026", "sessions": "2", "kind": "Holiday without leave"},
    ],
    "sessions_without_reason": [{"dates": "Monday 9 November 2026", "sessions": "All day"}],
    "earlier_letters": [
        {"what": "We wrote to you about attendance", "date": "9 October 2026"}
    ],  # the second one was for contact 2
    "support_given": [{"what": "Meeting with the pastoral team", "date": "14 October 2026"}],
    "review_date": "",
    "meeting_date_long": "Tuesday 1 December 2026",
    "meeting_time": "2:30 pm",
    "meeting_place": "Room 4",
    "meeting_with": "",
    "last_meeting_date": "14 October 2026",
    "missed_meeting_date": "4 November 2026",
    "variant": "",
    "ask_for_evidence": False,
    "address_setting": "wide",
    "below_expected": True,
    "reaches_expected": False,
    "separate_absences": "4",
    "only_illness": False,
    "law_applies": True,
    "notice_comes_first": False,
    "no_reason_given": False,
    "reason_not_accepted": False,
    "evidence_received": False,
    "unauthorised_since": True,
    "notice_can_follow": True,
    "lessons_in_19_days": "95 lessons",
    "sessions_for_health": "6",
    "notices_before": 0,
}


@pytest.fixture(scope="module")
def worked():
    return fields_of(MARKED)


@pytest.mark.parametrize(("word", "value"), WORKED.items(), ids=WORKED)
def test_a_word_says_what_its_meaning_promises(worked, word, value) -> None:
    assert worked[word] == value


def test_every_word_was_worked_out_above_or_is_tested_below() -> None:
    below = {
        "personal_sentence",
        "personal_sentence_from_right",
        "reference",
        "reply_by",
        "review_school_days",
        "since_contact",
        "since_date",
        "sessions_missed_since",
        "sessions_unauthorised_since",
        "improvement_from",
        "improvement_to",
        "improvement_school_days",
    }
    assert set(FIELDS) == set(WORKED) | below


def test_a_value_has_the_type_that_is_promised(worked) -> None:
    types = {"text": str, "number": int, "flag": bool, "list": list}
    for word, value in worked.items():
        assert type(value) is types[FIELDS[word]["type"]], word
        for row in value if isinstance(value, list) and "items" in FIELDS[word] else ():
            assert row.keys() == FIELDS[word]["items"].keys()
            assert all(row.values())


FLAGS = {word for word in FIELDS if FIELDS[word]["type"] == "flag"}
NEVER_UNKNOWN = {
    *FLAGS,
    "lessons_in_19_days",
    "address_setting",
    *"reference date_long expected_level how_to_contact sender_name sender_role variant".split(),
    *"address_lines salutation recipient_name pupil_name known_as school_name local_authority_name".split(),
}


@pytest.mark.parametrize("word", sorted(set(FIELDS) - NEVER_UNKNOWN))
def test_what_nobody_knows_is_empty_where_optional_and_left_out_elsewhere_never_nought(word) -> None:
    school = School({"school_name": "Weir Lane School"})
    record = make_record(registration_group="")
    nowhere = SchoolCalendar()
    found = letter_fields(facts_of(record, school=school, kind=kind(since="letter_1"), calendar=nowhere), [word])
    if FIELDS[word].get("optional") or word in ("weeks_in_session", "period_to", "review_school_days"):
        assert found == {word: [] if FIELDS[word]["type"] == "list" else ""}
    else:
        assert found == {}


def test_a_school_without_a_name_or_sender_is_named_as_missing() -> None:
    found = letter_fields(facts_of(ABOUT_NOTHING, school=School()), ["school_name", "sender_name"])
    assert found == {}


@pytest.mark.parametrize(
    ("sessions", "days", "lessons"),
    [
        (0, "0 days", "0 lessons"),
        (1, "half a day", "3 lessons"),
        (2, "1 day", "5 lessons"),
        (3, "1.5 days", "8 lessons"),
        (9, "4.5 days", "23 lessons"),
    ],
)
def test_days_and_lessons_are_half_the_sessions_with_their_unit(sessions, days, lessons) -> None:
    record = make_record(
        sessions_possible=104, sessions_attended=104 - sessions, sessions_authorised=sessions, sessions_unauthorised=0
    )
    found = fields_of(record)
    assert (found["days_missed"], found["lessons_missed"]) == (days, lessons)


def test_one_lesson_is_written_in_the_singular_and_no_lessons_a_day_leaves_them_out() -> None:
    record = make_record(sessions_possible=104, sessions_attended=103, sessions_authorised=1, sessions_unauthorised=0)
    for a_day, said in ((1, "1 lesson"), (0, "")):
        school = dataclasses.replace(SAMPLE_SCHOOL, lessons_per_day=a_day)
        assert fields_of(record, school=school)["lessons_missed"] == said


@pytest.mark.parametrize("word", sorted(FLAGS - {"notice_comes_first"}))
def test_a_flag_is_false_where_nobody_knows(word) -> None:
    assert letter_fields(facts_of(make_record(date_of_birth=None)), [word]) == {word: False}


def test_a_summary_gives_its_own_period_or_none() -> None:
    dated = make_record(**SUMMARY, period_start="2026-09-07", period_end="2026-11-13")
    assert [fields_of(dated)[word] for word in ("period_from", "period_to")] == ["7 September 2026", "13 November 2026"]
    plain = fields_of(make_record(**SUMMARY))
    assert [plain[word] for word in ("period_from", "period_to")] == ["", ""]
    assert plain["attendance_percentage"] == "90.4%"
    assert plain["unauthorised_absences"] == []


@pytest.mark.parametrize(
    ("attended", "said"),
    [(9400, "94%"), (9449, "94.5%"), (9499, "94.99%"), (9500, "95%"), (9501, "95.01%"), (8996, "89.96%")],
)
def test_a_percentage_is_rounded_but_never_to_the_other_side_of_a_limit(attended, said) -> None:
    record = make_record(
        sessions_possible=10_000,
        sessions_attended=attended,
        sessions_authorised=10_000 - attended,
        sessions_unauthorised=0,
    )
    assert fields_of(record)["attendance_percentage"] == said


def test_the_words_since_count_from_the_day_after_the_letter_that_the_template_names() -> None:
    found = fields_of(MARKED, kind=kind(since="letter_1"))
    assert found["since_contact"] == "We wrote to you about attendance on 9 October 2026"
    assert found["since_date"] == "9 October 2026"
    assert found["sessions_missed_since"] == "5"  # 12 October, 9 and 16 November
    assert found["sessions_unauthorised_since"] == "5"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("9:00", "9 am"), ("09:30", "9:30 am"), ("12:00", "12 pm"), ("00:15", "12:15 am"), ("2.30pm", "2.30pm")],
)
def test_a_time_is_written_as_it_is_spoken_and_other_words_stay(typed, said) -> None:
    assert fields_of(make_record(**{**MEETING, "meeting_time": typed}))["meeting_time"] == said


@pytest.mark.parametrize("typed", ["2026-12-01", "01/12/2026", "1/12/26", "1.12.2026"])
def test_a_meetings_day_is_read_as_the_office_writes_it(typed) -> None:
    assert fields_of(make_record(meeting_date=typed))["meeting_date_long"] == "Tuesday 1 December 2026"


def test_words_for_a_meetings_day_stay_as_they_are() -> None:
    assert fields_of(make_record(meeting_date="the first Monday"))["meeting_date_long"] == "the first Monday"


@pytest.mark.parametrize(
    ("recipient", "number"),
    [("1", 1), ("Ms Jo Ash", 1), ("ms jo ash", 1), ("Jo Ash", 1), ("2", 0), ("Mr Sam Oak", 0)],
)
def test_penalty_notices_count_for_the_parent_they_were_sent_to_by_number_or_name(recipient, number) -> None:
    history = [{"on": "2024-12-01", "event": "penalty_notice", "recipient": recipient}]
    record = make_record(contacts=[contact(), contact(title="Mr", first_name="Sam", last_name="Oak")], history=history)
    assert fields_of(record)["notices_before"] == number


@pytest.mark.parametrize(("on", "number"), [("2023-11-20", 0), ("2023-11-21", 1), ("2026-11-20", 1), ("2026-11-21", 0)])
def test_notices_count_for_three_years(on, number) -> None:
    record = make_record(history=[{"on": on, "event": "penalty_notice", "recipient": "1"}])
    assert fields_of(record)["notices_before"] == number


def test_a_withdrawn_notice_counts_no_more() -> None:
    history = [
        {"on": "2026-01-10", "event": "penalty_notice", "recipient": "1"},
        {"on": "2026-02-10", "event": "penalty_notice_withdrawn", "recipient": "1"},
    ]
    assert fields_of(make_record(history=history))["notices_before"] == 0


def test_the_improvement_period_runs_over_school_days_only() -> None:
    found = fields_of(MARKED, policy="stockport", on=date(2026, 12, 11))
    assert found["improvement_from"] == "16 December 2026"  # two weekdays in the post
    assert found["improvement_to"] == "20 January 2027"
    assert found["improvement_school_days"] == "15"


def test_evidence_is_asked_for_only_where_there_was_illness_and_the_school_wants_it() -> None:
    well = make_record(marks=make_marks([("2026-11-09 AM", "O")]))
    wants = dataclasses.replace(SAMPLE_SCHOOL, ask_for_evidence=True)
    asked = [
        fields_of(record, school=school)["ask_for_evidence"]
        for record in (well, MARKED)
        for school in (wants, SAMPLE_SCHOOL)
    ]
    assert asked == [False, False, True, False]


def test_reply_by_is_the_fifth_school_day_after_the_letter_arrives() -> None:
    # Posted on Friday 20 November, there on Tuesday 24; five school days later it is Tuesday 1 December.
    assert fields_of(MARKED, kind=kind(letter="letter_n"))["reply_by"] == "1 December 2026"
    at_once = dataclasses.replace(SAMPLE_SCHOOL, days_in_post=0)
    assert fields_of(MARKED, school=at_once)["reply_by"] == "27 November 2026"


def test_reply_by_is_the_day_before_the_policy_acts_on_silence_where_that_is_later() -> None:
    # Bradford acts eight school days after Letter N: posted on Friday 23 October, before half term, on 11 November.
    assert fields_of(MARKED, kind=kind(letter="letter_n"), on=date(2026, 10, 23))["reply_by"] == "10 November 2026"


def test_reply_by_is_the_review_day_where_the_policy_waits_for_no_answer() -> None:
    assert fields_of(MARKED, review_on=date(2026, 12, 4))["reply_by"] == "4 December 2026"
    assert fields_of(MARKED)["reply_by"] == "1 December 2026"


@pytest.mark.parametrize(
    ("review_on", "said", "days"),
    [
        (date(2026, 12, 4), "4 December 2026", "10 school days"),
        (date(2026, 12, 5), "7 December 2026", "11 school days"),  # a Saturday
        (date(2026, 12, 25), "5 January 2027", "21 school days"),
        (date(2027, 3, 25), "25 March 2027", "78 school days"),
        (date(2027, 3, 26), "", ""),  # beyond the calendar
    ],
)
def test_a_review_is_named_on_a_school_day_or_not_at_all(review_on, said, days) -> None:
    found = fields_of(MARKED, review_on=review_on)
    assert (found["review_date"], found["review_school_days"]) == (said, days)


def test_without_a_calendar_no_day_is_named() -> None:
    words = ["reply_by", "review_date", "improvement_from", "improvement_to"]
    nowhere = facts_of(MARKED, policy="stockport", calendar=SchoolCalendar(), review_on=date(2026, 12, 4))
    assert letter_fields(nowhere, words) == {"reply_by": "", "review_date": ""}


def test_sessions_one_after_another_without_a_reason_are_one_row() -> None:
    absences = [(f"2026-09-{day:02} {half}", "N") for day in range(3, 15) for half in ("AM", "PM")]
    found = fields_of(make_record(marks=make_marks([*absences, ("2026-11-09 PM", "N")])))
    assert found["sessions_without_reason"] == [
        {"dates": "3 to 14 September 2026", "sessions": "16 sessions"},
        {"dates": "Monday 9 November 2026", "sessions": "Afternoon"},
    ]


def test_a_letter_to_another_parent_is_not_said_to_have_been_sent_to_this_one() -> None:
    record = make_record(
        history=[{"on": "2026-10-09", "event": "letter_1", "recipient": "2"}], contacts=[contact(), contact()]
    )
    found = fields_of(record, kind=kind(since="letter_1"))
    assert found["since_contact"] == "We wrote home about attendance on 9 October 2026"
    assert found["earlier_letters"] == []


def test_a_senders_name_is_the_schools_choice_for_the_role_the_head_or_the_usual_sender() -> None:
    school = dataclasses.replace(SAMPLE_SCHOOL, senders={"Family support worker": "Ms P Reed"})
    for role, name, said in (
        ("Family support worker", "Ms P Reed", "Family support worker"),
        ("Headteacher", "Mrs L Fairweather", "Headteacher"),
        ("Attendance lead", "Mr J Marlowe", "Attendance officer"),
    ):
        found = fields_of(MARKED, kind=kind(sender_role=role), school=school)
        assert (found["sender_name"], found["sender_role"]) == (name, said)


def test_a_council_signs_what_the_council_sends_and_is_the_one_to_contact() -> None:
    found = fields_of(MARKED, kind=kind(sent_by="local authority", sender_role="Education welfare"))
    assert (found["sender_name"], found["sender_role"]) == ("Ms T Garrick", "Education welfare")
    assert found["how_to_contact"] == "call 01632 960456 or email welfare@oxley.example"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"school_telephone": "01632 960123"}, "call 01632 960123"),
        ({"school_email": "a@b.example"}, "email a@b.example"),
        ({}, "speak to the school office"),
    ],
)
def test_how_to_contact_names_the_ways_that_there_are(words, said) -> None:
    assert fields_of(MARKED, school=School(words))["how_to_contact"] == said


def test_a_reference_is_the_same_for_the_same_letter_differs_for_others_and_tells_nothing() -> None:
    found = fields_of(MARKED)["reference"]
    assert re.fullmatch(r"AL(-[A-Z2-7]{4}){3}", found)
    assert found == fields_of(MARKED)["reference"]
    others = {
        fields_of(MARKED, kind=kind(letter="letter_2"))["reference"],
        fields_of(MARKED, on=date(2026, 11, 19))["reference"],
        fields_of(dataclasses.replace(MARKED, pupil_reference="4712"))["reference"],
        fields_of(dataclasses.replace(MARKED, contacts=()), school=School(without_contacts="by hand"))["reference"],
        fields_of(MARKED, school=School({"school_name": "Weir Lane School"}))["reference"],
        fields_of(MARKED, school=School({"school_name": "Weir Lane School", "school_postcode": "ZE1 1AA"}))[
            "reference"
        ],
    }
    assert len(others | {found}) == 7


def test_a_preferred_name_is_used_in_sentences_and_the_legal_one_in_the_subject() -> None:
    found = fields_of(make_record(preferred_name="Bobbie"))
    assert (found["known_as"], found["pupil_name"]) == ("Bobbie", "Robin Ash")


def test_the_letter_being_written_is_no_earlier_letter() -> None:
    record = make_record(history=[{"on": "2026-10-05", "event": "letter_n"}, {"on": "2026-11-20", "event": "letter_1"}])
    assert fields_of(record)["earlier_letters"] == [
        {"what": "We asked why school was missed", "date": "5 October 2026"}
    ]


def test_letters_of_the_last_school_year_are_no_earlier_letters() -> None:
    record = make_record(history=[{"on": "2026-07-05", "event": "letter_1"}])
    assert fields_of(record)["earlier_letters"] == []


def test_without_a_calendar_half_term_counts_as_school_weeks() -> None:
    assert fields_of(MARKED, calendar=SchoolCalendar())["weeks_in_session"] == "11"


def test_a_personal_sentence_is_the_letters_own_and_says_which_way_it_runs() -> None:
    said = [fields_of(MARKED, sentence=text) for text in ("", "Thank you.", "شكرا.")]
    found = [(one["personal_sentence"], one["personal_sentence_from_right"]) for one in said]
    assert found == [("", False), ("Thank you.", False), ("شكرا.", True)]

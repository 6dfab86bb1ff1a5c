"""Forms leave open what nobody said: every form, filled from a record of which parts are not known."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.records import read_record
from service.attendance.words import FORMS
from service.fill import fill_form
from service.pupil import Pupil
from service.word.document import DOCX
from tests.forms.form_pupils import ABSENT, DESK, ON, STAGE_2, TERMS, event, marks, on, pupil, record
from tests.forms.test_form_fields import values
from tests.forms.test_forms import text_of_docx

ANSWERS = {
    "parent_engaged": False,
    "support_offered": True,
    "sickness_expected_15_days": False,
    "ehc_plan": False,
    "sen_support": True,
    "social_worker": True,
    "team_around_family": False,
    "reason_given": False,
    "medical_reason_cited": False,
    "school_worries": False,
}
MEETING = {
    "meeting_date": "2026-11-30",
    "meeting_time": "9:30",
    "meeting_place": "Room 4",
    "meeting_with": "Ms C Chair",
}
HISTORY = [
    *STAGE_2,
    event(on(13, 11), "penalty_notice", recipient="1"),
    event(on(16, 11), "parenting_contract", outcome="refused", note="Not now."),
    event(on(17, 11), "sickness_return"),
]
FULL = record(**ANSWERS, **MEETING, history=HISTORY)
KNOWN = ("upn", "pupil_reference", "first_name", "last_name")
"""Without these there is no pupil."""
PARTS: dict[str, tuple[str, ...]] = {
    "nothing at all": tuple(word for word in FULL if word not in KNOWN),
    "what was done": ("history",),
    "people": ("contacts",),
    "marks": ("marks",),
    "answers": tuple(ANSWERS),
    "flags": ("child_protection_plan", "child_in_need"),
    "the meeting": tuple(MEETING),
    "the child": ("date_of_birth", "year_group", "registration_group"),
    **{f"only {word}": (word,) for word in ("parent_engaged", "support_offered", "sen_support", "ehc_plan")},
}
BY_DECISION = frozenset(("next_steps", "review_date"))
"""What the decision suggests, which is another one where less is known."""
INTERNAL = re.compile(
    r"\bNone(?! of|\w)(?!$)|\(limit|improved means|Answer th|do not show|is taken as|not known to|undecided"
    r"|look at the register|\w_\w|\bTrue\b|\bFalse\b|Choose the wording|was not checked|Support first:"
)


def known_of(words: dict[str, Any], policy: str = "bradford") -> Pupil:
    chosen = DESK.policy(policy)
    return Pupil(read_record(words, events=chosen.events), DESK.school(), chosen, ON, TERMS)


def without(part: str) -> dict[str, Any]:
    """The full record without one part of it."""
    return {word: value for word, value in FULL.items() if word not in PARTS[part]}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("policy", ["bradford", "stockport"])
def test_less_known_is_more_left_open_and_never_another_value(form: str, part: str, policy: str) -> None:
    whole, less = (values(form, known_of(words, policy)) for words in (FULL, without(part)))
    free = BY_DECISION | {word for word in less if word.endswith("_details")}  # a log names people where it can
    assert {word: value for word, value in less.items() if whole.get(word) != value and word not in free} == {}


@pytest.mark.parametrize("form", FORMS)
def test_of_a_pupil_with_only_a_name_no_figure_is_written_and_nothing_ticked(form: str) -> None:
    unknown, blank = without("nothing at all"), DESK.forms.open_document(form)
    known = [*unknown.values(), *DESK.school().words.values(), "20/11/2026", "07/09/2026"]
    said = text_of_docx(fill_form(DESK, known_of(unknown), form, DOCX).content)
    empty = text_of_docx(blank.fill(dict.fromkeys(blank.wants, ""))).splitlines()
    written = [line for line in said.splitlines() if line not in empty]
    assert [line for line in written if not any(str(word) in line for word in known if word)] == []
    assert "\N{BALLOT BOX WITH X}" not in said


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("form", FORMS)
def test_no_sentence_meant_for_the_office_is_printed(form: str, part: str) -> None:
    for policy in ("bradford", "stockport"):
        said = text_of_docx(fill_form(DESK, known_of(without(part), policy), form, DOCX).content)
        assert INTERNAL.findall(said) == []


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (event(on(12, 10), "attendance_panel_meeting", outcome="attended"), None),
        (event(on(12, 10), "attendance_panel_meeting"), None),
        (event(on(12, 10), "parenting_contract"), None),
        (event(on(12, 10), "home_visit", outcome="completed"), None),
        (event(on(12, 10), "attendance_panel_meeting", outcome="did_not_attend"), "met"),
        (event(on(12, 10), "parenting_contract", outcome="refused"), "met"),
        (event(on(12, 10), "letter_1"), "met"),
    ],
)
def test_not_engaged_never_stands_beside_a_meeting_that_may_have_been_attended(step, answer) -> None:
    found = values("statutory_intervention_request", pupil(history=[step], parent_engaged=False))
    assert found.get("criterion_not_engaged") == answer


def test_support_that_was_only_offered_or_refused_is_not_support_put_in_place() -> None:
    refused = event(on(10, 11), "early_help_assessment", outcome="refused")
    given = event(on(12, 11), "support_action")
    for history, answer in (([], None), ([refused], None), ([refused, given], "met")):
        found = values("stage_2_tracking_form", pupil(history=history, support_offered=True))
        assert found.get("criterion_support_given") == answer


def test_notices_are_counted_from_the_record_and_none_is_said_only_of_three_whole_years() -> None:
    first = event(on(13, 10), "penalty_notice", recipient="1")
    older = event(date(2023, 10, 2), "letter_1")
    for history, numbers in (
        ([], (None, None)),
        ([first], ("1", None)),
        ([older, first], ("1", "0")),
        ([older, first, event(on(14, 10), "penalty_notice", recipient="Mr Q Quill")], (None, None)),
    ):
        found = values("penalty_notice_request", pupil(history=history))
        assert tuple(found.get(f"parent_{number}_notices") for number in (1, 2)) == numbers


def test_a_meeting_is_numbered_only_where_every_earlier_one_has_its_outcome() -> None:
    open_ended = event(on(5, 10), "attendance_support_meeting")
    assert "meeting_number" not in values("attendance_improvement_plan", pupil(history=[open_ended]))
    assert "meeting_number" not in values("attendance_improvement_plan", known_of(without("what was done")))
    assert values("attendance_improvement_plan", pupil(history=[]))["meeting_number"] == "1"


def test_a_return_reports_only_an_absence_that_is_long_enough() -> None:
    short = marks(dict.fromkeys((on(day, 11) for day in range(10, 21)), "O"))
    assert "absence_start" not in values("attendance_return", pupil(marks=short))
    ill = marks(dict.fromkeys((on(day, 11) for day in range(10, 21)), "I"))
    assert "absence_start" not in values("sickness_return", pupil(marks=ill))
    lasting = values("sickness_return", pupil(marks=ill, sickness_expected_15_days=True))
    assert lasting["absence_start"] == "10/11/2026"


def test_a_review_falls_on_a_school_day_or_is_left_open() -> None:
    before = pupil(day=on(14, 12), marks=marks(dict.fromkeys(ABSENT, "O"), last=on(14, 12)), history=[])
    assert before.decide().review_on == date(2026, 12, 28)
    assert values("medical_action_plan", before)["review_date"] == "05/01/2027"
    without_calendar = pupil(calendar=SchoolCalendar())
    assert without_calendar.decide().review_on
    assert "review_date" not in values("medical_action_plan", without_calendar)

"""The values of forms: every word supplied or by hand, and what each pupil's forms then say."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from typing import Any

import pytest

from builders.forms.form_file import fields_of, read_form
from service.attendance.calendar import SchoolCalendar
from service.attendance.words import FORMS, MEETING_EVENTS
from service.decisions.facts import Facts
from service.forms.facts import FormFacts, say_lines
from service.forms.fields import find_supplier, form_values
from service.pupil import Pupil
from tests.forms.form_pupils import (
    ABSENT,
    ANN,
    BEN,
    DESK,
    FORMS_FOLDER,
    ON,
    STAGE_1,
    STAGE_2,
    event,
    marks,
    on,
    pupil,
)

VOCABULARY = tomllib.loads((FORMS_FOLDER / "fields.toml").read_text("utf-8"))
BY_HAND = re.compile(r"(By hand|Signed by hand)\b")


def values(form: str, of: Pupil, fields: frozenset[str] | None = None) -> dict[str, Any]:
    active = of.policy.on(of.on)
    assert active is not None
    facts = Facts(of.record, of.on, of.calendar, active.terms)
    wants = fields or DESK.forms.open_document(form).wants
    return form_values(FormFacts(DESK.forms.kind(form), wants, of.decide(), facts, active, of.school))


def spelled_out() -> list[tuple[str, str]]:
    """Each word of fields.toml with its meaning; words in capitals stand for each of theirs, N for 1."""
    words = VOCABULARY["words"]
    found = []
    for name, entry in VOCABULARY.items():
        if name == "words":
            continue
        names = [re.sub(r"_N(_|$)", r"_1\1", name)]
        for capital, choices in words.items():
            names = [
                each.replace(capital, choice) for each in names for choice in (choices if capital in each else [""])
            ]
        found += [(each, entry["meaning"]) for each in names]
    return found


@pytest.mark.parametrize(("word", "meaning"), spelled_out())
def test_a_word_has_a_supplier_or_is_marked_by_hand(word: str, meaning: str) -> None:
    assert not re.search("[A-Z]", word)
    has_supplier = find_supplier(word) is not None
    if BY_HAND.match(meaning):
        conditional = re.search(r"; (the day of|when the history)", meaning)
        assert has_supplier is bool(conditional)
    elif "otherwise by hand" in meaning:
        person = re.sub(r"^(invited|signed)_|_name$", "", word)
        assert has_supplier is (person in re.findall(r"(?:[Ff]or|and) (\w+)\b", meaning))
    else:
        assert has_supplier


@pytest.mark.parametrize("form", FORMS)
def test_values_are_of_the_kind_that_the_field_takes(form: str) -> None:
    found = values(form, pupil(history=STAGE_2, meeting_date="2026-11-30", sickness_expected_15_days=True))
    fields = {field.name: field for field in fields_of(read_form(form))}
    for word, value in found.items():
        field = fields[word]
        assert isinstance(value, bool) is (field.type == "tick")
        assert not field.choices or value in field.choices
        assert field.type != "date" or re.fullmatch(r"\d\d/\d\d/\d{4}", str(value)), (word, value)
        assert not field.max_length or len(str(value)) <= field.max_length


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_known_is_left_out_and_never_nought(form: str) -> None:
    bare = {
        "upn": "",
        "pupil_reference": "1",
        "contacts": [],
        "history": [],
        "year_group": "",
        "registration_group": "",
    }
    unknown = pupil(**bare, marks=[], first_name="", last_name="", date_of_birth=None)
    found = values(form, unknown)
    school = {word: value for word, value in found.items() if value in DESK.school().words.values()}
    rest = found.keys() - school.keys() - {"school_address", "school_contact"}
    known_anyway = {"request_date", "notes", "meeting_number", "window_start", "window_end", "enclosed_certificate"}
    from_history = {"criterion_letters_sent", "criterion_panel_or_contract", "criterion_lead_professional"}
    assert rest <= known_anyway | from_history
    assert "0" not in found.values()


def test_the_figures_are_those_of_the_register() -> None:
    found = values("attendance_certificate", pupil())
    assert {word: found[word] for word in found if word.startswith(("sessions", "attendance", "period"))} == {
        "attendance_percentage": "76.92",
        "period_start": "03/09/2026",
        "period_end": "20/11/2026",
        "sessions_possible": "104",
        "sessions_attended": "80",
        "sessions_authorised": "6",
        "sessions_unauthorised": "18",
        "sessions_late": "1",
        "sessions_educated_off_site": "2",
        "sessions_not_possible": "0",
    }
    plan = values("medical_action_plan", pupil())
    assert (plan["days_missed"], plan["broken_weeks"]) == ("12", "7 of 11")


def test_a_summary_says_no_more_than_it_holds() -> None:
    summary = {"sessions_possible": 104, "sessions_attended": 95, "sessions_authorised": 8, "sessions_unauthorised": 1}
    found = values("attendance_certificate", pupil(marks=[], **summary))
    assert found["attendance_percentage"] == "91.35"
    assert found.keys() & {"period_start", "sessions_late", "sessions_not_possible", "week_1_begins"} == set()
    plan = values("medical_action_plan", pupil(marks=[], **summary, broken_weeks=4))
    assert (plan["days_missed"], plan["broken_weeks"]) == ("4.5", "4 of 11")
    dated = pupil(marks=[], **summary, period_start="2026-09-03", period_end="2026-11-18")
    assert values("attendance_contract", dated)["period_end"] == "18/11/2026"


# The register's weeks


def test_the_weeks_of_a_certificate_are_those_of_the_register_without_the_half_term() -> None:
    found = values("attendance_certificate", pupil())
    begins = [found[f"week_{number}_begins"] for number in range(1, 12)]
    assert begins[0] == "31/08/2026"
    assert begins[7:] == ["19/10/2026", "02/11/2026", "09/11/2026", "16/11/2026"]
    assert "week_12_begins" not in found
    assert "week_1_wednesday_am" not in found
    assert (found["week_1_thursday_am"], found["week_1_thursday_pm"]) == ("/", "\\")
    assert (found["week_3_monday_am"], found["week_4_monday_pm"], found["week_7_monday_am"]) == ("L", "O", "V")
    missed = [found.get(f"week_{number}_missed", "") for number in range(1, 12)]
    assert missed == ["", "6", "", "1", "", "6", "", "2", "2", "4", "3"]
    assert sum(int(number or 0) for number in missed) == 24


def test_every_mark_of_the_register_stands_in_a_certificate_and_no_other() -> None:
    found = values("attendance_certificate", pupil())
    shown = {}
    for number in range(1, 12):
        monday = date(*reversed([int(part) for part in found[f"week_{number}_begins"].split("/")]))
        for place, day in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday")):
            for half in ("am", "pm"):
                if code := found.get(f"week_{number}_{day}_{half}"):
                    shown[monday + timedelta(days=place), half.upper()] = code
    assert shown == {(date.fromisoformat(m["date"]), m["session"]): m["code"] for m in marks(ABSENT)}


def test_a_planned_closure_is_empty_and_a_week_of_closures_no_week() -> None:
    closed = [
        {"date": f"2026-10-{day}", "session": half, "code": "#"} for day in range(26, 31) for half in ("AM", "PM")
    ]
    inset = [{"date": "2026-09-02", "session": half, "code": "#"} for half in ("AM", "PM")]
    found = values("attendance_certificate", pupil(marks=[*marks(ABSENT), *closed, *inset]))
    assert found["week_9_begins"] == "02/11/2026"
    assert "week_1_wednesday_am" not in found
    assert found["period_start"] == "02/09/2026"


def test_a_school_week_without_marks_stays_as_a_gap() -> None:
    rest = [mark for mark in marks({}) if not "2026-09-14" <= mark["date"] <= "2026-09-18"]
    found = values("attendance_certificate", pupil(marks=rest))
    assert found["week_3_begins"] == "14/09/2026"
    assert "week_3_monday_am" not in found
    assert found["week_4_begins"] == "21/09/2026"


def test_with_more_weeks_than_rows_the_latest_are_shown() -> None:
    day = date(2027, 7, 20)
    july = pupil(day=day, marks=marks({}, last=day))
    rows = frozenset(f"week_{number}_begins" for number in range(1, 6))
    found = values("attendance_certificate", july, rows)
    assert [found[f"week_{number}_begins"] for number in range(1, 6)] == [
        "21/06/2027", "28/06/2027", "05/07/2027", "12/07/2027", "19/07/2027",
    ]  # fmt: skip
    whole = values("attendance_certificate", july)
    assert (whole["week_1_begins"], whole["week_40_begins"]) == ("31/08/2026", "19/07/2027")


def test_a_decision_of_an_earlier_day_does_not_see_later_marks() -> None:
    found = values("attendance_certificate", pupil(day=on(18, 9)))
    assert found["period_end"] == "18/09/2026"
    assert "week_4_begins" not in found
    assert "week_3_friday_pm" in found


# Tracking forms


def test_stage_one_shows_every_letter_meeting_visit_and_call() -> None:
    found = values("stage_1_tracking_form", pupil())
    assert {word: found[word] for word in found if word.endswith("_date") and "log" not in word} == {
        "letter_n_date": "10/09/2026, 29/09/2026",
        "letter_1_date": "15/09/2026",
        "letter_med_date": "22/09/2026",
        "letter_2_date": "06/10/2026",
        "pastoral_meeting_date": "14/10/2026",
    }
    log = [[found.get(f"contact_log_{n}_{word}") for word in ("date", "details", "initials")] for n in range(1, 5)]
    assert log == [
        ["16/09/2026", "Conversation with the parent, by telephone, with Ms Ann Ash. Transport is difficult.", "JM"],
        ["08/10/2026", "Home visit, with Ms Ann Ash: did not attend. Nobody was in.", "JM"],
        ["14/10/2026", "Pastoral meeting, with Mr Ben Birch: attended. Breakfast club offered.", "JM"],
        [None, None, None],
    ]


@pytest.mark.parametrize("form", ["stage_1_tracking_form", "stage_2_tracking_form"])
def test_no_date_of_anything_done_is_missing_from_a_tracking_form(form: str) -> None:
    history = [*STAGE_2, *(event(on(day, 11), "parent_contact", note=f"Call {day}") for day in range(2, 18))]
    shown = "\n".join(map(str, values(form, pupil(history=history)).values()))
    for done in history:
        assert f"{date.fromisoformat(done['on']):%d/%m/%Y}" in shown
        assert done.get("note", "") in shown


def test_the_latest_entries_of_a_long_log_have_rows_of_their_own() -> None:
    calls = [event(on(day, 11), "parent_contact", by=f"S{day}") for day in range(2, 12)]
    found = values("stage_1_tracking_form", pupil(history=calls))
    assert [found[f"contact_log_{n}_date"][:2] for n in range(1, 9)] == ["02", "05", "06", "07", "08", "09", "10", "11"]
    assert found["contact_log_1_details"].splitlines() == [
        f"0{day}/11/2026: Conversation with the parent" for day in (2, 3, 4)
    ]
    assert "contact_log_1_initials" not in found
    assert found["contact_log_2_initials"] == "S5"


def test_a_note_of_very_many_lines_is_shown_as_one_paragraph() -> None:
    call = event(on(5, 11), "parent_contact", note="\n".join(f"Line {n}" for n in range(230)))
    (shown,) = values("stage_1_tracking_form", pupil(history=[call]))["contact_log_1_details"].splitlines()
    assert shown.endswith("Line 228 Line 229")


def test_a_letter_that_a_form_has_no_date_for_stands_in_its_log() -> None:
    found = values("stage_2_tracking_form", pupil(history=STAGE_2[:3]))
    assert found["contact_log_1_details"] == "School Letter N sent"
    assert found["contact_log_2_details"] == "School Letter 1 sent"


def test_stage_two_shows_each_criterion_of_stage_three_as_met_or_not() -> None:
    found = values("stage_2_tracking_form", pupil(history=STAGE_2, parent_engaged=False))
    criteria = {word.removeprefix("criterion_"): found[word] for word in found if word.startswith("criterion")}
    assert criteria == {
        "letters_sent": "not_met",
        "panel_or_contract": "met",
        "support_given": "met",
        "not_engaged": "met",
        "absence_continues": "met",
    }
    last = [*STAGE_2, event(on(16, 11), "enforcement_letter_3")]
    third = values("stage_2_tracking_form", pupil(history=last, parent_engaged=True, marks=marks({})))
    assert (third["criterion_letters_sent"], third["criterion_not_engaged"]) == ("met", "not_met")
    assert third["criterion_absence_continues"] == "not_met"


@pytest.mark.parametrize("missing", ["enforcement_letter_1", "enforcement_letter_3"])
def test_one_letter_missing_leaves_the_letters_criterion_not_met(missing: str) -> None:
    whole = [*STAGE_2, event(on(16, 11), "enforcement_letter_3")]
    found = values("stage_2_tracking_form", pupil(history=[one for one in whole if one["event"] != missing]))
    assert found["criterion_letters_sent"] == "not_met"


def test_criteria_that_nobody_knows_are_empty() -> None:
    found = values("stage_2_tracking_form", pupil(history=[]))
    assert found.keys() & {f"criterion_{w}" for w in ("support_given", "not_engaged", "absence_continues")} == set()
    refused = values("stage_2_tracking_form", pupil(history=[], support_offered=False))
    assert refused["criterion_support_given"] == "not_met"


def test_a_stage_ends_with_the_first_letter_of_the_next_or_with_improvement() -> None:
    assert "stage_1_end_date" not in values("stage_1_tracking_form", pupil())
    assert values("stage_1_tracking_form", pupil(history=STAGE_2))["stage_1_end_date"] == "20/10/2026"
    assert "stage_2_end_date" not in values("stage_2_tracking_form", pupil(history=STAGE_2))
    requested = [*STAGE_2, event(on(18, 11), "stage_3_requested")]
    assert values("stage_2_tracking_form", pupil(history=requested))["stage_2_end_date"] == "18/11/2026"
    improved = pupil(marks=marks({on(7, 9): "I"}), history=[event(on(15, 9), "letter_1")])
    assert improved.decide().rule == "improved"
    assert values("stage_1_tracking_form", improved)["stage_1_end_date"] == "20/11/2026"
    assert "stage_2_end_date" not in values("stage_2_tracking_form", improved)


def test_next_steps_are_the_actions_and_the_review() -> None:
    due = pupil(reason_given=True, parent_engaged=True, history=STAGE_1[:6], marks=marks({on(9, 11): "O"}))
    found = values("stage_1_tracking_form", due)
    assert due.decide().actions == ("pastoral_meeting",)
    assert found["next_steps"].splitlines() == ["Hold a pastoral meeting", "Review on 4 December 2026"]


# Returns and requests


def test_a_sickness_return_of_separate_absences_begins_with_the_first_day_of_illness() -> None:
    ill = {**{on(day, 9): "I" for day in (7, 8, 9, 10, 11)}, **{on(day, 10): "I/" for day in range(5, 10)}}
    ill |= {on(day, 11): "I" for day in range(9, 14)}
    sick = pupil(marks=marks(ill), history=[event(on(1, 10), "sickness_return")])
    found = values("sickness_return", sick)
    assert found["sickness_return_basis"] == "total"
    assert (found["absence_start"], found["absence_end"]) == ("07/09/2026", "13/11/2026")
    assert (found["school_days_absent"], found["earlier_return_date"]) == ("15", "01/10/2026")


def test_a_sickness_return_of_an_absence_that_goes_on_begins_with_its_own_first_day() -> None:
    ill = {on(7, 9): "I", **{on(day, 10): "I" for day in range(20, 24)}, **{on(day, 11): "I" for day in range(2, 4)}}
    day = on(3, 11)
    found = values("sickness_return", pupil(day=day, marks=marks(ill, last=day), sickness_expected_15_days=True))
    assert found["sickness_return_basis"] == "consecutive"
    assert (found["absence_start"], found["absence_end"]) == ("20/10/2026", "03/11/2026")
    assert found["school_days_absent"] == "6"


def test_an_attendance_return_lists_the_days_of_the_run_with_their_codes() -> None:
    away = dict.fromkeys((on(day, 11) for day in range(2, 21)), "O") | {on(20, 11): "GU", on(16, 10): "O"}
    found = values("attendance_return", pupil(marks=marks(away)))
    assert (found["absence_start"], found["absence_end"]) == ("02/11/2026", "20/11/2026")
    assert found["school_days_absent"] == "15"
    assert [found[f"code_{code}"] for code in "gnou"] == [True, False, True, True]
    assert [found[f"absence_15_{word}"] for word in ("date", "am", "pm")] == ["20/11/2026", "G", "U"]
    assert "absence_16_date" not in found


def test_an_attendance_return_longer_than_its_rows_lists_the_latest_days() -> None:
    away = dict.fromkeys((day for day in ABSENT), "O") | {on(day, 10): "O" for day in range(5, 24)}
    away |= {on(day, 11): "O" for day in range(2, 21)}
    found = values("attendance_return", pupil(marks=marks(away)))
    assert found["school_days_absent"] == "30"
    assert (found["absence_1_date"], found["absence_20_date"]) == ("19/10/2026", "20/11/2026")


def test_a_penalty_notice_request_counts_its_window_by_code_and_notices_by_parent() -> None:
    notices = [
        event(date(2023, 11, 20), "penalty_notice", recipient="1"),
        event(date(2024, 3, 4), "penalty_notice", recipient="1"),
        event(date(2025, 5, 6), "penalty_notice", recipient="Ms Ann Ash"),
        event(date(2025, 6, 6), "penalty_notice", recipient="2"),
        event(date(2025, 7, 7), "penalty_notice_withdrawn", recipient="2"),
        event(date(2026, 7, 6), "notice_to_improve"),
    ]
    found = values("penalty_notice_request", pupil(history=[*notices, *STAGE_2]))
    window = {word: found[word] for word in found if word.startswith("window")}
    assert window == {
        "window_start": "07/09/2026", "window_end": "20/11/2026",
        "window_g": "1", "window_n": "1", "window_o": "15", "window_u": "1",
    }  # fmt: skip
    assert (found["sessions_unauthorised_last_10_school_weeks"], found["absence_kind"]) == ("18", "other")
    assert (found["parent_1_notices"], found["parent_1_notice_dates"]) == ("2", "04/03/2024, 06/05/2025")
    assert found["parent_2_notices"] == "0"
    assert "parent_2_notice_dates" not in found
    assert found["notice_to_improve_date"] == "06/07/2026"
    assert found["support_tried"].splitlines() == [
        "14/10/2026: Pastoral meeting, attended. Breakfast club offered.",
        "10/11/2026: Early help assessment, refused",
        "12/11/2026: Support action, agreed. Mentor on Mondays.",
    ]


def test_leave_without_permission_alone_is_told_from_other_absence() -> None:
    away = {on(day, 11): "G" for day in range(9, 14)}
    assert values("penalty_notice_request", pupil(marks=marks(away)))["absence_kind"] == "holiday"
    assert "absence_kind" not in values("penalty_notice_request", pupil(marks=marks({})))


def test_a_request_shows_the_same_steps_of_another_policy() -> None:
    history = [
        event(on(1, 10), "warning_letter_1"),
        event(on(12, 10), "panel_invitation"),
        event(on(22, 10), "attendance_contract", outcome="refused", note="The father wants another school."),
        event(on(2, 11), "did_not_attend_letter"),
        event(on(12, 11), "final_warning_letter"),
    ]
    found = values("statutory_intervention_request", pupil("primary", history=history))
    dates = {word: found[word] for word in found if word.endswith("_date") and word != "request_date"}
    assert dates == {
        "enforcement_letter_1_date": "01/10/2026",
        "enforcement_letter_2_date": "12/10/2026",
        "enforcement_letter_2_dna_date": "02/11/2026",
        "enforcement_letter_3_date": "12/11/2026",
        "parenting_contract_date": "22/10/2026",
    }
    assert found["parenting_contract_outcome"] == "Refused: The father wants another school."
    assert (found["criterion_letters_sent"], found["criterion_panel_or_contract"]) == ("met", "met")
    assert found["criterion_threshold"] == "met"
    assert "enforcement_letter_1_date" not in values("stage_2_tracking_form", pupil("primary", history=history))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({}, "not_met"),
        ({"child_protection_plan": False, "child_in_need": False, "social_worker": False}, "not_met"),
        ({"child_protection_plan": False, "child_in_need": False, "social_worker": False, "team_around_family": False},
         "not_needed"),
        ({"history": [event(on(3, 11), "consult_lead_professional")], "child_in_need": True}, "met"),
    ],
)  # fmt: skip
def test_the_lead_professional_is_consulted_not_needed_or_still_to_be_asked(said: dict[str, Any], answer: str) -> None:
    found = values("statutory_intervention_request", pupil(**said))
    assert found["criterion_lead_professional"] == answer


def test_only_the_local_authority_is_told_of_social_care() -> None:
    known = pupil(child_protection_plan=True, looked_after=True, child_in_need=False)
    everywhere = frozenset(("social_care", "pupil_name"))
    for form in FORMS:
        found = values(form, known, everywhere)
        goes_to_council = DESK.forms.kind(form).goes_to == "local authority"
        assert found.get("social_care") == ("Child protection plan, looked after" if goes_to_council else None)


# People


def test_a_confidential_address_is_not_on_a_form_for_another_parent() -> None:
    for form in FORMS:
        every = frozenset((
            "pupil_address", "pupil_address_if_different", "parent_name", "parent_address",
            "parent_1_name", "parent_1_address", "parent_2_name", "parent_2_address",
        ))  # fmt: skip
        said = "\n".join(map(str, values(form, pupil(), every).values()))
        goes_to_council = DESK.forms.kind(form).goes_to == "local authority"
        assert ("77 Sluice Road" in said) is goes_to_council
        assert "2 Long Row" in said


def test_a_parent_sees_the_own_confidential_address() -> None:
    found = values("medical_consent_form", pupil(contacts=[BEN, ANN]))
    assert found["parent_address"] == "77 Sluice Road\nUpper Thorley\nZE7 1LB"
    assert "pupil_address_if_different" not in found


def test_a_consent_form_gives_the_childs_address_only_where_it_differs() -> None:
    open_address = {**BEN, "confidential_address": False}
    found = values("medical_consent_form", pupil(contacts=[ANN, open_address]))
    assert (found["parent_name"], found["parent_address"]) == ("Ms Ann Ash", "2 Long Row\nNetherford\nZE8 4QT")
    assert found["pupil_address_if_different"] == "77 Sluice Road\nUpper Thorley\nZE7 1LB"
    together = [{**ANN, "address_line_1": "2 LONG ROW"}, {**ANN, "first_name": "Bo", "lives_with_pupil": True}]
    assert "pupil_address_if_different" not in values("medical_consent_form", pupil(contacts=together))


def test_parents_are_those_with_responsibility_or_care_in_the_order_of_the_record() -> None:
    doctor = {"first_name": "Dora", "last_name": "Docherty", "relationship": "GP"}
    found = values("penalty_notice_request", pupil(contacts=[doctor, ANN, {**BEN, "parental_responsibility": False}]))
    assert (found["parent_1_name"], found["parent_2_name"]) == ("Ms Ann Ash", "Mr Ben Birch")
    assert found["parent_2_address"] == "77 Sluice Road, Upper Thorley, ZE7 1LB"
    assert (found["parent_2_responsibility"], found["parent_2_lives_with_child"]) == ("no", "yes")
    signed = values("parenting_contract", pupil())
    assert [signed[f"signed_{who}_name"] for who in ("parent_1", "parent_2", "school")] == [
        "Ms Ann Ash", "Mr Ben Birch", "Mr J Marlowe",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"ehc_plan": True, "sen_support": True}, "ehc_plan"),
        ({"sen_support": True}, "sen_support"),
        ({"ehc_plan": False, "sen_support": False}, "none"),
        ({"ehc_plan": False}, None),
        ({}, None),
    ],
)
def test_special_educational_needs_are_known_or_left_open(said: dict[str, bool], answer: str | None) -> None:
    assert values("medical_action_plan", pupil(**said)).get("send") == answer


# Meetings, plans, contracts


def test_a_plan_is_made_at_the_meeting_that_is_planned() -> None:
    meeting = {"meeting_date": "2026-11-30", "meeting_time": "9:30", "meeting_with": "Ms C Chair"}
    found = values("medical_action_plan", pupil(**meeting, history=[event(on(3, 11), "medical_evidence")]))
    assert (found["plan_chair"], found["plan_date"]) == ("Ms C Chair", "30/11/2026")
    assert found["medical_issue_1_evidence"] == "03/11/2026"
    assert "medical_issue_2_evidence" not in found
    without = values("medical_action_plan", pupil())
    assert without["plan_chair"] == "Mr J Marlowe"
    assert "plan_date" not in without
    assert [found[f"invited_{who}_name"] for who in ("pupil", "parent", "staff")] == [
        "Robin Ash", "Ms Ann Ash", "Mr J Marlowe",
    ]  # fmt: skip


def test_meetings_that_were_attended_are_counted() -> None:
    held = [event(on(day, 10), name, outcome="attended") for day, name in enumerate(MEETING_EVENTS, 5)]
    missed = event(on(20, 10), MEETING_EVENTS[0], outcome="did_not_attend")
    last_year = event(date(2026, 6, 1), MEETING_EVENTS[0], outcome="attended")
    found = values("attendance_improvement_plan", pupil("stockport", history=[last_year, *held, missed]))
    assert found["meeting_number"] == "4"


def test_a_contract_says_with_whom_and_where_it_was_made() -> None:
    met = event(on(10, 11), "attendance_panel_meeting", outcome="attended")
    assert values("parenting_contract", pupil(history=[met]))["contract_made_at"] == "panel_meeting"
    visited = event(on(11, 11), "announced_home_visit", outcome="attended")
    assert values("parenting_contract", pupil(history=[met, visited]))["contract_made_at"] == "home_visit"
    assert "contract_made_at" not in values("parenting_contract", pupil(history=STAGE_2))
    assert values("attendance_contract", pupil())["contract_with"] == "school"
    refused = event(on(11, 11), "attendance_contract", outcome="refused", note="Not now.")
    found = values("attendance_contract", pupil("stockport", history=[refused]))
    assert found["contract_not_used_reason"] == "Not now."


def test_the_background_is_the_reasons_that_held() -> None:
    found = values("attendance_improvement_plan", pupil(history=[], reason_given=True))
    held = [reason.text for reason in pupil(history=[], reason_given=True).decide().main_reasons if reason.held]
    assert held
    assert found["background"].splitlines() == held


# Text


def test_initials_are_made_of_a_name_that_does_not_fit() -> None:
    long = [event(on(3, 11), "parent_contact", by=by) for by in ("JM/AO", "Mr Jo Marlowe", "A B C D E F G H")]
    found = values("stage_1_tracking_form", pupil(history=long))
    assert [found[f"contact_log_{n}_initials"] for n in (1, 2, 3)] == ["JM/AO", "JM", "ABCDEF"]


def test_a_history_too_long_for_any_box_says_how_much_is_not_shown() -> None:
    said = say_lines(f"line {number} {'x' * 1900}" for number in range(20))
    assert said is not None
    assert said.splitlines()[0] == "(14 earlier entries are in the record.)"
    assert said.splitlines()[-1].startswith("line 19 ")
    assert say_lines(["  ", ""]) is None


def test_without_a_calendar_the_weeks_are_those_with_marks() -> None:
    found = values("attendance_certificate", pupil(calendar=SchoolCalendar()))
    assert (found["week_9_begins"], found["period_end"]) == ("02/11/2026", f"{ON:%d/%m/%Y}")


def test_letters_share_the_first_row_of_a_log_that_is_too_short() -> None:
    found = values("stage_2_tracking_form", pupil(history=STAGE_2))
    assert found["contact_log_1_date"] == "10/09/2026"
    assert found["contact_log_1_details"] == (
        "Sent: School Letter N 10/09/2026, 29/09/2026; School Letter 1 15/09/2026; School Letter MED 22/09/2026; "
        "School Letter 2 06/10/2026"
    )
    assert [found[f"contact_log_{n}_date"] for n in (2, 7)] == ["16/09/2026", "12/11/2026"]
    assert "contact_log_8_date" not in found

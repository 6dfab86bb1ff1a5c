"""A record is read whole, or refused with every fault under its pointer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.attendance.closed_days import MarkDays
from service.attendance.reading.on_the_day import read_pupil
from service.attendance.reading.records import known_words, read_record, record_schema
from service.attendance.words import EVENTS
from service.errors import MOST_PROBLEMS, Problem, RecordError
from tests.invented import CALENDAR, ON, make_marks

MARK = {"date": "2026-11-20", "session": "AM", "code": "/"}
FULL = {
    "upn": "b801200005001",
    "first_name": " Siân ",
    "last_name": "O'Brien",
    "date_of_birth": "2013-05-02",
    "registration_group": "8B",
    "looked_after": False,
    "marks": [MARK, {**MARK, "session": "PM", "code": "N"}],
    "contacts": [{"title": "Ms", "last_name": "O'Brien", "parental_responsibility": True, "address_line_1": "2 Row"}],
    "history": [{"on": "2026-10-05", "event": "letter_1"}, {"on": "2026-09-20", "event": "parent_contact"}],
    "meeting_date": "2026-12-01",
    "school_name": "Weir Lane School",
}


def problems_of(values, **kwargs):
    with pytest.raises(RecordError) as refused:
        read_record(values, **kwargs)
    return {problem.pointer: problem for problem in refused.value.problems}


def test_a_whole_record_is_read() -> None:
    record = read_record(FULL)
    assert (record.upn, record.first_name, record.key) == ("B801200005001", "Siân", "B801200005001")
    assert record.date_of_birth == date(2013, 5, 2)
    assert record.facts == {"looked_after": False}
    assert record.register is not None
    assert [mark.code for mark in record.register.marks_between(date(2026, 11, 1), date(2026, 12, 1))] == ["/", "N"]
    assert [event.event for event in record.history] == ["parent_contact", "letter_1"]
    assert record.contacts[0].name == "Ms O'Brien"
    assert record.meeting == {"meeting_date": "2026-12-01"}
    assert record.warnings == ()


def test_a_name_stands_on_one_line_and_a_note_keeps_its_lines() -> None:
    note = {"on": "2026-10-05", "event": "letter_1", "note": "First.\nSecond."}
    record = read_record(FULL | {"first_name": "Anne\r\n Marie", "history": [note]})
    assert record.first_name == "Anne Marie"
    assert record.history[0].note == "First.\nSecond."


def test_every_fault_is_told_at_once_each_under_its_pointer() -> None:
    problems = problems_of(
        {
            "pupil_reference": 4711,
            "first_name": "x" * 101,
            "last_name": "A\x07sh",
            "date_of_birth": "31/02/2013",
            "looked_after": "maybe",
            "sessions_possible": -1,
            "sessions_attended": 10.5,
            "attendance_percentage": 101,
            "sessions_unauthorised_last_10_weeks": "many",
            "attendence_percentage": 90,
            "contacts": [{"last_name": "Ash"}, {"last_name": 7, "parental_responsibility": "perhaps"}],
            "history": [{"on": "never", "event": "leter_1"}, {"event": "letter_1"}],
            "marks": [MARK, {"date": "x", "session": "noon", "code": "ZZ"}, {**MARK, "code": "O"}],
        }
    )
    assert {pointer: problem.code for pointer, problem in problems.items()} == {
        "/pupil_reference": "not-text",
        "/first_name": "too-long",
        "/last_name": "unusable-character",
        "/date_of_birth": "not-a-date",
        "/looked_after": "not-yes-or-no",
        "/sessions_possible": "number-out-of-range",
        "/sessions_attended": "not-a-number",
        "/attendance_percentage": "percentage-out-of-range",
        "/sessions_unauthorised_last_10_weeks": "not-a-number",
        "/attendence_percentage": "unknown-word",
        "/contacts/1/last_name": "not-text",
        "/contacts/1/parental_responsibility": "not-yes-or-no",
        "/history/0/on": "not-a-date",
        "/history/0/event": "unknown-event",
        "/history/1/on": "missing",
        "/marks/1/date": "not-a-date",
        "/marks/1/session": "not-a-session",
        "/marks/2/code": "two-marks",
    }
    assert 'Did you mean "attendance_percentage"?' in problems["/attendence_percentage"].detail
    assert 'Did you mean "letter_1"?' in problems["/history/0/event"].detail
    assert "U+0007 (character 2)" in problems["/last_name"].detail


@pytest.mark.parametrize(
    ("values", "pointer", "meant"),
    [
        ({"contacts": [{"postcde": "BD9 4QX"}]}, "/contacts/0/postcde", "postcode"),
        ({"history": [{"on": "2026-10-05", "event": "letter_1", "outcom": "x"}]}, "/history/0/outcom", "outcome"),
        ({"marks": [{**MARK, "sesion": "AM"}]}, "/marks/0/sesion", "session"),
        ({"history": [{"on": "2026-10-05", "event": "letter_1", "outcome": "atended"}]}, "/history/0/outcome", "att"),
    ],
)
def test_misspelt_words_inside_lists_are_told_with_what_was_meant(values, pointer, meant) -> None:
    assert f'Did you mean "{meant}' in problems_of({"upn": "B801200005001", **values})[pointer].detail


def test_what_was_meant_is_looked_for_a_few_times_only_so_that_nobody_can_keep_us_busy() -> None:
    problems = problems_of({"upn": "B801200005001", **{f"first_nam{number}": "x" for number in range(500)}})
    assert len(problems) == MOST_PROBLEMS + 1
    assert sum("Did you mean" in problem.detail for problem in problems.values()) == 20


def test_a_pointer_escapes_what_json_pointers_escape() -> None:
    assert "/a~1b~0c" in problems_of({"upn": "B801200005001", "a/b~c": 1})


def test_somebody_must_be_meant() -> None:
    assert problems_of({"first_name": "Robin"})["/upn"].code == "no-identifier"
    assert read_record({"pupil_reference": "4711"}).key == "4711"


def test_a_penalty_notice_needs_its_parent() -> None:
    history = [{"on": "2026-10-05", "event": "penalty_notice"}]
    assert problems_of({"upn": "B801200005001", "history": history})["/history/0/recipient"].code == "no-recipient"


def test_nothing_is_the_same_as_not_given() -> None:
    record = read_record({"upn": "B801200005001", "looked_after": None, "marks": None, "date_of_birth": None})
    assert (record.facts, record.register, record.date_of_birth) == ({}, None, None)


@pytest.mark.parametrize(
    ("given_values", "word", "code"),
    [
        ({"sessions_possible": 10, "sessions_attended": 11}, "/sessions_attended", "more-than-possible"),
        ({"sessions_late": 3, "sessions_attended": 2}, "/sessions_late", "more-than-possible"),
        ({"broken_weeks": 3, "weeks_in_session": 2}, "/broken_weeks", "more-than-possible"),
        (
            {
                "sessions_possible": 10,
                "sessions_attended": 5,
                "sessions_authorised": 2,
                "sessions_unauthorised": 2,
            },
            "/sessions_possible",
            "counts-disagree",
        ),
        (
            {"sessions_possible": 100, "sessions_attended": 90, "attendance_percentage": 91},
            "/attendance_percentage",
            "percentage-disagrees",
        ),
        ({"attendance_percentage": 0.9}, "/attendance_percentage", "share"),
        ({"attendance_percentage": 1}, "/attendance_percentage", "share"),
    ],
)
def test_figures_that_cannot_be_true_together_are_refused(given_values, word, code) -> None:
    assert problems_of({"upn": "B801200005001", **given_values})[word].code == code


def test_a_rounded_percentage_is_near_enough() -> None:
    record = read_record(
        {"upn": "B801200005001", "sessions_possible": 104, "sessions_attended": 95, "attendance_percentage": 91}
    )
    assert record.summary is not None


def test_marks_win_over_a_summary_and_say_so() -> None:
    record = read_record({"upn": "B801200005001", "marks": [MARK], "sessions_possible": 10})
    assert record.summary is None
    assert any("the figures come from the marks" in warning for warning in record.warnings)


DAYS = MarkDays(CALENDAR, ON)


@pytest.mark.parametrize(
    ("period", "code"),
    [
        ({"period_start": "2026-09-01", "period_end": "2026-10-23"}, "too-many-sessions"),
        ({"period_start": "2025-09-01", "period_end": "2026-07-17"}, "earlier-year"),
        ({"period_start": "2026-09-01", "period_end": "2026-11-20"}, ""),
        ({}, ""),
    ],
)
def test_figures_that_cannot_be_of_their_days_are_refused_in_json_too(period, code) -> None:
    values = {"upn": "B801200005001", "sessions_possible": 104, "sessions_attended": 94, **period}
    if not code:
        assert read_pupil(values, frozenset(EVENTS), DAYS).summary
        return
    with pytest.raises(RecordError) as refused:
        read_pupil(values, frozenset(EVENTS), DAYS)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize("first", range(7))
def test_two_sessions_a_weekday_fit_a_period_and_one_more_does_not(first: int) -> None:
    start = date(2026, 9, 7 + first)
    for days in range(1, 30):
        weekdays = sum((start + timedelta(days=n)).weekday() <= 4 for n in range(days))
        period = {
            "period_start": f"{start}",
            "period_end": f"{start + timedelta(days=days - 1)}",
            "upn": "B801200005001",
        }
        fits = period | {"sessions_possible": 2 * weekdays, "sessions_attended": 0}
        assert read_pupil(fits, frozenset(EVENTS), DAYS).summary
        with pytest.raises(RecordError):
            read_pupil(fits | {"sessions_possible": 2 * weekdays + 1}, frozenset(EVENTS), DAYS)


@pytest.mark.parametrize(("attended", "is_held"), [(94, True), (104, False)])
def test_a_summary_that_the_marks_contradict_holds_the_letters_in_json_too(attended, is_held) -> None:
    values = {"upn": "B801200005001", "sessions_possible": 104, "sessions_attended": attended, "marks": make_marks([])}
    record = read_pupil(values, frozenset(EVENTS), DAYS)
    said = "The summary has 94 sessions attended, the marks have 104"
    assert [said in hold.detail for hold in record.holds] == [True] * is_held
    assert any(said in warning for warning in record.warnings) is is_held


def test_a_wrong_upn_is_a_warning() -> None:
    assert any("begin with B" in warning for warning in read_record({"upn": "A801200005001"}).warnings)


def test_a_file_may_write_dates_and_answers_as_people_do_and_json_may_not() -> None:
    values = {"upn": "B801200005001", "date_of_birth": "02/05/2013", "looked_after": "Yes", "sessions_possible": "104"}
    record = read_record(values, is_row=True)
    assert record.date_of_birth == date(2013, 5, 2)
    assert record.facts == {"looked_after": True}
    assert set(problems_of(values)) == {"/date_of_birth", "/looked_after"}


def test_marks_more_than_eight_years_apart_are_refused() -> None:
    marks = [MARK, {**MARK, "date": "2017-11-20"}]
    assert problems_of({"upn": "B801200005001", "marks": marks})["/marks"].code == "marks-too-far-apart"


WORDS = [*known_words(record_schema(False)), "sessions_possible_last_10_weeks", "absence_spells_since_last_letter"]
INNER = ["on", "event", "outcome", "recipient", "date", "session", "code", "title", "postcode", "address_line_1", "x/~"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-11-20", "AM", "/", "N", "letter_1", "yes", "90%", "\ud800", "9" * 300, "AM "])
)
OBJECTS = st.dictionaries(st.sampled_from(INNER), SCALARS, max_size=4)
JSON = SCALARS | OBJECTS | st.lists(SCALARS | OBJECTS | st.dictionaries(st.sampled_from(INNER), OBJECTS), max_size=3)


def refusals(values, is_row) -> tuple[Problem, ...]:
    try:
        assert read_record(values, is_row).key
    except RecordError as error:
        assert len(error.problems)  # noqa: PT017  # a refusal without a reason would be one more fault
        return error.problems
    return ()


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=8), JSON, max_size=6), st.booleans())
def test_no_json_raises_anything_but_a_record_error_with_pointers(values, is_row) -> None:
    assert all(problem.pointer.startswith("/") and problem.detail for problem in refusals(values, is_row))

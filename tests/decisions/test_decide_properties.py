"""What holds for every decision, whatever the record."""

from __future__ import annotations

from copy import copy
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service.attendance.calendar import SchoolCalendar
from service.attendance.codes import read_code
from service.attendance.reading.records import is_windowed_figure
from service.attendance.words import FACTS, FLAGS, MEETING_NEEDED, SUMMARY_FIGURES
from service.decisions.case import SINCE_LAST_LETTER
from service.decisions.conditions import FactIs, FigureIs, Finding, Limit
from service.decisions.decide import decide
from service.decisions.decision import Decision
from service.decisions.facts import Facts
from service.decisions.policy import PolicyOn
from tests.attendance import slow_figures as slow
from tests.attendance.slow_figures import Mark
from tests.decisions.random_records import ON, YEAR, as_json, policies, record_of, values_of_pupils

POLICIES = st.sampled_from(sorted(policies()))
CALENDARS = st.sampled_from([YEAR, SchoolCalendar()])
SOME = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
WITH_MARKS = POLICIES.flatmap(lambda name: st.tuples(st.just(name), values_of_pupils(name, with_marks=True)))
ANY = POLICIES.flatmap(lambda name: st.tuples(st.just(name), values_of_pupils(name)))
PROTECTION = ("child_protection_plan", "child_in_need")
Pupil = tuple[str, dict[str, Any]]
"""The name of a policy, and a pupil's record as JSON has it."""


def decision_of(pupil: Pupil, calendar: SchoolCalendar = YEAR, on: date = ON) -> Decision:
    policy, values = policies()[pupil[0]], pupil[1]
    return decide(record_of(values, policy), policy, on, calendar)


def in_force(policy: str) -> PolicyOn:
    found = policies()[policy].on(ON)
    assert found is not None
    return found


def facts_of(pupil: Pupil, calendar: SchoolCalendar = YEAR) -> Facts:
    policy, values = pupil
    return Facts(record_of(values, policies()[policy]), ON, calendar, in_force(policy).terms)


def marks_of(values: dict[str, Any]) -> list[Mark]:
    """The marks as they count: J is read as J1 since 2024."""
    found = []
    for mark in values["marks"]:
        day = date.fromisoformat(mark["date"])
        read = read_code(mark["code"], day)
        assert read is not None
        found.append((day, mark["session"], "J1" if mark["code"] == "J" else mark["code"]))
    return found


@SOME
@given(ANY, CALENDARS)
def test_the_same_record_has_the_same_decision(pupil: Pupil, calendar: SchoolCalendar) -> None:
    assert decision_of(pupil, calendar).as_json() == decision_of(pupil, calendar).as_json()


@SOME
@given(ANY, CALENDARS)
def test_the_parts_of_a_decision_fit_its_outcome(pupil: Pupil, calendar: SchoolCalendar) -> None:
    decision = decision_of(pupil, calendar)
    assert decision.stage in in_force(pupil[0]).terms.stages
    assert bool(decision.letter) == (decision.outcome == "letter")
    assert bool(decision.letter_label) == bool(decision.letter)
    assert decision.outcome != "action" or decision.actions
    assert decision.outcome in ("letter", "action") or not decision.actions
    assert bool(decision.missing) == (decision.outcome == "undecided") or decision.outcome in ("letter", "action")
    assert decision.outcome == "undecided" or set(decision.missing) <= {*MEETING_NEEDED, *PROTECTION}
    assert decision.outcome == "letter" or not set(decision.missing) & set(MEETING_NEEDED)
    assert not decision.choices or decision.outcome == "letter"
    assert decision.outcome not in ("none", "undecided") or decision.review_on is None
    assert decision.review_on is None or decision.review_on > ON
    assert decision.main_reasons


@SOME
@given(ANY, CALENDARS)
def test_what_is_missing_can_be_given(pupil: Pupil, calendar: SchoolCalendar) -> None:
    decision = decision_of(pupil, calendar)
    for word in (*decision.missing, *decision.not_assessed):
        known = word in (*FACTS, *SUMMARY_FIGURES, *MEETING_NEEDED, "marks", "unexplained_since")
        assert known or is_windowed_figure(word), word


@SOME
@given(ANY)
def test_a_letter_of_this_school_year_is_only_suggested_again_where_its_row_says_so(pupil: Pupil) -> None:
    decision = decision_of(pupil)
    again = {rule.letter for rule in policies()[pupil[0]].rules if rule.again}
    sent = {event["event"] for event in pupil[1]["history"] if "2026-09-01" <= event["on"] <= ON.isoformat()}
    assert not decision.letter or decision.letter in again or decision.letter not in sent


@SOME
@given(ANY)
def test_a_pupil_not_of_compulsory_school_age_meets_no_enforcement_and_no_return(pupil: Pupil) -> None:
    policy, values = pupil
    decision = decision_of((policy, values | {"date_of_birth": "2022-01-10"}))
    steps = in_force(policy).steps
    assert decision.returns == ()
    assert decision.letter not in steps.enforcement_letters
    assert not any(steps.actions[action].is_enforcement for action in decision.actions)


@SOME
@given(ANY, st.integers(1, 60))
def test_what_happens_after_the_day_changes_nothing(pupil: Pupil, days: int) -> None:
    policy, values = pupil
    later = (ON + timedelta(days=days)).isoformat()
    more = values | {"history": [*values["history"], {"on": later, "event": "letter_n"}]}
    if "marks" in values:
        known = [mark for mark in values["marks"] if mark["date"] <= ON.isoformat()]
        more |= {"marks": [*known, {"date": later, "session": "AM", "code": "O"}]}
    before, after = decision_of(pupil).as_json(), decision_of((policy, more)).as_json()
    assert before | {"cautions": []} == after | {"cautions": []}


@SOME
@given(WITH_MARKS, st.integers(0, 79), st.sampled_from(["AM", "PM"]))
def test_another_attended_session_never_takes_an_improvement_away(pupil: Pupil, days: int, session: str) -> None:
    policy, values = pupil
    day = (ON - timedelta(days=days)).isoformat()
    marks = attend_since_the_last_letter(pupil)
    improved = facts_of((policy, values | {"marks": marks}))
    assert improved.has_improved(SINCE_LAST_LETTER) is True
    others = [mark for mark in marks if (mark["date"], mark["session"]) != (day, session)]
    more = values | {"marks": [*others, {"date": day, "session": session, "code": "/"}]}
    assert facts_of((policy, more)).has_improved(SINCE_LAST_LETTER) is True


def attend_since_the_last_letter(pupil: Pupil) -> list[dict[str, str]]:
    """The pupil's marks, all present after the day of the last letter and on the last day at least."""
    last = facts_of(pupil).events.last_letter
    assume(last is not None and last.on < ON)
    assert last is not None
    kept = [mark for mark in pupil[1]["marks"] if mark["date"] != ON.isoformat()]
    marks = [mark | {"code": "/"} if mark["date"] > last.on.isoformat() else mark for mark in kept]
    return [*marks, {"date": ON.isoformat(), "session": "AM", "code": "/"}]


@SOME
@given(WITH_MARKS, st.integers(0, 79))
def test_an_unauthorised_session_since_the_last_letter_is_never_an_improvement(pupil: Pupil, days: int) -> None:
    policy, values = pupil
    last = facts_of(pupil).events.last_letter
    assume(last is not None and last.on < ON)
    assert last is not None
    day = ON - timedelta(days=days % (ON - last.on).days)
    others = [mark for mark in values["marks"] if mark["date"] != day.isoformat()]
    more = values | {"marks": [*others, {"date": day.isoformat(), "session": "AM", "code": "U"}]}
    assert facts_of((policy, more)).has_improved(SINCE_LAST_LETTER) is False
    assert decision_of((policy, more)).rule != "improved"


@SOME
@given(WITH_MARKS, CALENDARS)
def test_every_figure_found_is_what_slow_counting_gives(pupil: Pupil, calendar: SchoolCalendar) -> None:
    decision, marks = decision_of(pupil, calendar), marks_of(pupil[1])
    minimum = in_force(pupil[0]).terms.minimum_sessions
    for item in decision.findings.told:
        if isinstance(item, tuple) and isinstance(item[2].condition, FigureIs) and item[2].condition.word in slow.SLOW:
            check_figure(item[2], item[2].condition, marks, minimum)


def check_figure(finding: Finding, condition: FigureIs, marks: list[Mark], minimum: int) -> None:
    found = finding.found
    if found is None or found.span is None:
        assert finding.truth is False
        return
    if condition.window.kind == "school year":
        assert found.span.first == date(2026, 9, 1)
    if condition.window.kind == "last" and condition.window.unit == "weeks" and found.span.anchor is None:
        assert found.span.first == ON - timedelta(days=7 * condition.window.number - 1)
    own = slow.between(marks, found.span.first, found.span.last)
    value = slow.SLOW[condition.word](own)
    assert (None if found.figure is None else found.figure.value) == value
    waits = condition.waits_for_minimum and bool(own) and slow.possible(own) < minimum
    expected = False if waits else None if value is None else all(holds(limit, value) for limit in condition.limits)
    assert finding.truth is expected


def holds(limit: Limit, value: Fraction | int) -> bool:
    number = limit.number
    return {
        "below": value < number,
        "above": value > number,
        "at_least": value >= number,
        "at_most": value <= number,
    }[limit.comparison]


def known_to(facts: Facts) -> tuple[object, ...]:
    """What the facts are made of, as it is now."""
    return facts.record, copy(facts.record.facts), list(facts.events), sorted(vars(facts))


@SOME
@given(ANY)
def test_conditions_say_which_flags_nobody_answered_and_change_nothing(pupil: Pupil) -> None:
    facts, active = facts_of(pupil), in_force(pupil[0])
    before = known_to(facts)
    findings: list[Finding] = []
    for rule in (*active.rules, *active.returns):
        for condition in (rule.version.when, *(extra.when for extra in rule.version.extras)):
            condition.read(facts, findings)
    assert known_to(facts) == before
    for finding in findings:
        leaf = finding.condition
        is_unanswered = isinstance(leaf, FactIs) and leaf.word in FLAGS and facts.answer(leaf.word) is None
        assert finding.unknown_flag == (leaf.word if isinstance(leaf, FactIs) and is_unanswered else "")


@SOME
@given(ANY)
def test_a_caution_names_the_flags_that_nobody_answered(pupil: Pupil) -> None:
    said = [text for text in decision_of(pupil).cautions if text.startswith("Answer these if you can")]
    facts = facts_of(pupil)
    asked = {word for word in FLAGS for text in said if FLAGS[word].question in text}
    assert all(facts.answer(word) is None for word in asked)
    told = [item[2] for item in decision_of(pupil).findings.told if isinstance(item, tuple)]
    assert {finding.unknown_flag for finding in told} - {""} <= {*asked, *decision_of(pupil).missing}


@SOME
@given(WITH_MARKS)
def test_what_decides_is_what_was_found_to_hold(pupil: Pupil) -> None:
    decision = decision_of(pupil)
    assume(decision.rule in {rule.id for rule in policies()[pupil[0]].rules})
    held = {reason.held for reason in decision.reasons if reason.rule == decision.rule}
    assert (None if decision.outcome == "undecided" else True) in held


def test_marks_as_json_are_the_marks() -> None:
    marks: list[Mark] = [(date(2026, 9, 7), "AM", "/"), (date(2026, 9, 7), "PM", "U")]
    assert marks_of({"marks": as_json(marks)}) == marks

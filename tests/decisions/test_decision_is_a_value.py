"""A decision is a value: letters and forms change nothing about it, and it can be stored without the pupil."""

from __future__ import annotations

import pickle
import pickletools
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.attendance.words import FORMS
from service.desk import Desk
from service.errors import AttendanceLettersError
from service.fill import fill_form, fill_named_forms
from service.issue import issue_letters
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from tests.decisions.random_records import ON, YEAR, record_of, values_of_pupils
from tests.invented import make_values

DESK = Desk(read_settings({}), SAMPLE_SCHOOL)
PUPILS = st.sampled_from(sorted(DESK.policies)).flatmap(
    lambda policy: st.tuples(st.just(policy), values_of_pupils(policy))
)
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pupil_of(found: tuple[str, dict[str, Any]]) -> Pupil:
    name, values = found
    policy = DESK.policy(name)
    return Pupil(record_of(make_values(**values), policy), SAMPLE_SCHOOL, policy, ON, YEAR)


@SOME
@given(PUPILS, st.data())
def test_writing_letters_and_forms_leaves_the_decision_as_it_was(
    found: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    pupil = pupil_of(found)
    expected = pupil.decide().as_json()
    letters = sorted({rule.letter for rule in pupil.policy.rules if rule.letter})
    decided = pupil.decide_with_facts()
    for letter in ("", data.draw(st.sampled_from(letters))):
        issue = issue_letters(DESK, pupil, letter, decided)
        fill_named_forms(DESK, pupil, issue)
        try:
            fill_form(DESK, pupil, data.draw(st.sampled_from(sorted(FORMS))), decided=decided)
        except AttendanceLettersError:
            continue  # a form that cannot be drawn has read the facts all the same
    assert decided.decision.as_json() == expected
    assert decided.decision == pupil.decide()


@SOME
@given(PUPILS)
def test_a_stored_decision_is_equal_and_holds_nothing_of_the_record_and_the_policy(
    found: tuple[str, dict[str, Any]],
) -> None:
    decision = pupil_of(found).decide()
    stored = pickle.dumps(decision)
    again = pickle.loads(stored)  # noqa: S301  # our own bytes
    assert again == decision
    assert again.as_json() == decision.as_json()
    assert pickle.dumps(decision) == stored
    names = {text for code, text, _ in pickletools.genops(stored) if code.name.endswith("UNICODE")}
    assert {text for text in names if str(text).startswith("service.")} <= {
        "service.decisions.decision",
        "service.decisions.reasons",
    }
    assert not {"Facts", "Terms", "Finding"} & names


@SOME
@given(PUPILS, st.booleans())
def test_decisions_are_equal_exactly_when_the_outside_sees_the_same(
    found: tuple[str, dict[str, Any]], engaged: bool
) -> None:
    policy, values = found
    one, other = pupil_of(found).decide(), pupil_of((policy, values | {"parent_engaged": engaged})).decide()
    assert (one == other) is (one.as_json() == other.as_json())
    assert one == pupil_of(found).decide()
    assert hash(one) == hash(pupil_of(found).decide())

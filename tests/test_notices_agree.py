"""Penalty notices to a parent: the letter, the form and the rule say the same number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.decisions.facts import Facts
from service.decisions.notices import find_notices
from service.decisions.windows.window import Window
from service.forms.facts import FormFacts
from service.forms.fields import form_values
from service.letters.facts import LetterFacts
from service.letters.fields import letter_fields
from service.letters.recipients import find_recipients
from service.pupil import Pupil
from tests.forms.form_pupils import DESK, ON, event, pupil

NOTICE, WITHDRAWN = "penalty_notice", "penalty_notice_withdrawn"
WITHDRAWN_THEN_ANOTHER = [
    event(date(2023, 11, 10), NOTICE, recipient="1"),
    event(date(2023, 12, 12), WITHDRAWN, recipient="Ms Ann Ash"),
    event(date(2025, 6, 10), NOTICE, recipient="1"),
]


def in_letters(of: Pupil) -> list[int]:
    """What the Notice to Improve to each parent says."""
    active, kind = of.active_policy(), DESK.open_letter("notice_to_improve", "stockport", of.school).kind
    facts = Facts(of.record, of.on, of.calendar, active.terms)
    found = []
    for recipient in find_recipients(of.record, of.school).written_to:
        number = letter_fields(LetterFacts(facts, active, of.school, kind, recipient), ["notices_before"])
        assert isinstance(number["notices_before"], int)
        found.append(number["notices_before"])
    return found


def in_form(of: Pupil) -> list[int]:
    """What the request for a penalty notice says of each parent."""
    active = of.active_policy()
    facts = Facts(of.record, of.on, of.calendar, active.terms)
    fields = frozenset(("parent_1_notices", "parent_2_notices"))
    kind = DESK.forms.kind("penalty_notice_request")
    values = form_values(FormFacts(kind, fields, of.decide(), facts, active, of.school))
    return [int(values[f"parent_{number}_notices"]) for number in (1, 2)]


def in_rule(of: Pupil) -> int:
    """What the rules compare with their limit."""
    facts = Facts(of.record, of.on, of.calendar, of.active_policy().terms)
    figure = facts.figure("penalty_notices_to_one_parent", Window("last", 3, "years")).figure
    assert figure is not None
    return int(figure.part)


@pytest.mark.parametrize(
    ("on", "number"), [(date(2023, 12, 11), 1), (date(2023, 12, 12), 0), (date(2025, 6, 10), 1), (ON, 1)]
)
def test_a_withdrawal_leaves_a_later_notice_alone(on: date, number: int) -> None:
    of = replace(pupil("stockport", history=WITHDRAWN_THEN_ANOTHER), on=on)
    found = find_notices(of.record, date(2023, 11, 1), on)
    assert len(found["1"]) == number


def test_letter_form_and_rule_count_the_notice_that_came_after_a_withdrawn_one() -> None:
    of = pupil("stockport", history=WITHDRAWN_THEN_ANOTHER)
    assert (in_letters(of), in_form(of), in_rule(of)) == ([1, 0], [1, 0], 1)


def test_a_letter_that_is_handed_over_counts_the_notices_of_any_one_parent() -> None:
    of = pupil("stockport", contacts=[], history=[event(date(2025, 6, 10), NOTICE, recipient="Ms Ann Ash")])
    of = replace(of, school=replace(of.school, without_contacts="by hand"))
    assert (in_letters(of), in_rule(of)) == ([1], 1)


EVENTS = st.builds(
    lambda days, what, recipient: event(ON - timedelta(days=days), what, recipient=recipient),
    st.integers(-60, 4 * 365),
    st.sampled_from([NOTICE, NOTICE, WITHDRAWN]),
    st.sampled_from(["1", "2", "Ms Ann Ash", "ann ash", "Mr Ben Birch"]),
)


@given(history=st.lists(EVENTS, min_size=1, max_size=8), order=st.randoms())
def test_letter_form_and_rule_agree_on_any_history_in_any_order(history: list[dict[str, Any]], order: Any) -> None:
    of = pupil("stockport", history=history, marks=[])
    letters = in_letters(of)
    assert letters == in_form(of)
    assert max(letters) == in_rule(of)
    if len({item["on"] for item in history}) == len(history):
        shuffled = order.sample(of.record.history, len(history))
        assert in_letters(replace(of, record=replace(of.record, history=tuple(shuffled)))) == letters

"""Days pass and no export comes: what falls due is worked out from what is remembered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.memory.due_today import Due, find_due
from service.memory.memory import Memory
from tests.forms.form_pupils import ON, TERMS, record
from tests.invented import make_marks, make_values
from tests.memory.living import ill, issue, memory_of, take, today

DAY = timedelta(days=1)


def on_day(memory: Memory, on: date, policy: str = "bradford") -> Due:
    """The only pupil on a day."""
    (found,) = find_due(memory, today(memory, on, policy))
    return found


def test_a_review_falls_due(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        assert issue(memory).kept
        waiting = on_day(memory, ON)
        assert waiting.decision
        review = waiting.decision.review_on
        assert review == date(2026, 12, 4)
        assert not waiting.is_due
        assert not on_day(memory, review - DAY).is_due
        reviewed = on_day(memory, review).decision
        assert reviewed
        assert "review_day" not in [reason.rule for reason in reviewed.main_reasons]


def test_marks_without_a_reason_grow_older_than_the_policy_waits(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, make_values(marks=make_marks([("2026-11-19 AM", "N")])))
        assert [kept.letter.letter for kept in issue(memory).kept] == ["letter_n"]
        rules = {day: decision.rule for day in _days(ON, 20) if (decision := on_day(memory, day).decision)}
        waited = [day for day, rule in rules.items() if rule != "recode_n_to_o"]
        assert waited == list(_days(ON, len(waited)))
        assert list(rules)[len(waited)] == date(2026, 12, 3)


def _days(first: date, number: int) -> list[date]:
    return [first + n * DAY for n in range(number)]


def test_the_time_after_a_notice_ends(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, record(), calendar=TERMS)
        assert issue(memory, record()["upn"], ON, "stockport", letter="notice_to_improve").kept
        last = date(2027, 3, 14)
        decisions = [on_day(memory, day, "stockport").decision for day in (last, last + DAY)]
        assert [decision and decision.rule == "after_notice_to_improve" for decision in decisions] == [True, False]


@pytest.mark.parametrize(("on", "is_due"), [(ON, True), (ON + 7 * DAY, True), (date(2027, 3, 19), False)])
def test_a_return_is_due_as_long_as_its_window_reaches_back(on, is_due, url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, record(), calendar=TERMS)
        found = on_day(memory, on)
        assert found.decision
        assert ("consider_penalty_notice" in found.decision.returns) is is_due

"""A reason speaks of the days that its report is about, and of none after it."""

from __future__ import annotations

import pytest

from service.attendance.calendar import SchoolCalendar
from service.decisions.decide import decide
from tests.decisions.random_records import ON, policies
from tests.invented import make_record

REPORT = {
    "sessions_possible": 104,
    "sessions_attended": 90,
    "sessions_authorised": 6,
    "sessions_unauthorised": 8,
    "period_start": "2026-09-01",
    "period_end": "2026-11-13",
}


@pytest.mark.parametrize("policy", sorted(policies()))
@pytest.mark.parametrize("unexplained", [None, 0, 2])
def test_no_figure_of_a_report_is_said_to_be_of_days_after_it(policy: str, unexplained: int | None) -> None:
    given = REPORT if unexplained is None else {**REPORT, "sessions_unexplained": unexplained}
    decision = decide(make_record(**given), policies()[policy], ON, SchoolCalendar())
    said = [reason.text for reason in decision.reasons if reason.measure and not reason.text.startswith("No history")]
    assert any("13 November 2026" in text for text in said), said
    assert [text for text in said if "1 September to 20 November" in text] == []

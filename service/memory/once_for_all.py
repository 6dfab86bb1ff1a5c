"""What a school said once for everybody, as text beside a decision that was made with it."""

from __future__ import annotations

import json

from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions


def write_assumptions(said: Assumptions) -> str:
    """The answers as text; "" when there are none."""
    if not said:
        return ""
    return json.dumps([said.period_is_window, sorted(said.pass_over), said.by])


def read_assumptions(text: str) -> Assumptions:
    """The answers that `write_assumptions` wrote."""
    if not text:
        return NOTHING_ASSUMED
    period_is_window, passed_over, by = json.loads(text)
    return Assumptions(period_is_window, frozenset(passed_over), by)

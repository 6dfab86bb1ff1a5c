"""Answers that a school gives once for everybody about what its reports do not say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

SEPARATE_ABSENCES = "separate absences"
WITHOUT_REASON = "sessions without a reason"
BROKEN_WEEKS = "broken weeks"
HOLIDAYS = "holidays without leave"
PERIOD_IS_WINDOW = "period_is_window"
PASSED_OVER = {
    SEPARATE_ABSENCES: frozenset(("absence_spells", "illness_or_medical_spells", "longest_absence")),
    WITHOUT_REASON: frozenset(("sessions_unexplained",)),
    BROKEN_WEEKS: frozenset(("broken_weeks", "weeks_in_session", "broken_weeks_share")),
    HOLIDAYS: frozenset(("sessions_holiday",)),
}
"""What can be passed over, and the figures that it means."""
LEAVE_OUT = {name.replace(" ", "-"): name for name in PASSED_OVER}
"""The same, as commands and requests name it."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a school said once: that its report's own days are those of a policy's last weeks, and which conditions are
    passed over where their figure is open; `by` is who said it."""

    period_is_window: bool = False
    pass_over: frozenset[str] = frozenset()
    by: str = ""

    def __post_init__(self) -> None:
        if unknown := self.pass_over - PASSED_OVER.keys():
            raise ValueError(f"Only {', '.join(PASSED_OVER)} can be passed over, not {', '.join(sorted(unknown))}.")

    def __bool__(self) -> bool:
        return self.period_is_window or bool(self.pass_over)

    def passed_over(self, word: str) -> str:
        """The answer by which a condition on a figure is passed over; "" when there is none."""
        return next((name for name in self.pass_over if word in PASSED_OVER[name]), "")

    def say(self, used: Collection[str]) -> list[str]:
        """A caution for each answer that a decision rests on."""
        by = f" ({self.by} decided this for every pupil.)" if self.by else ""
        return [_CAUTIONS[name] + by for name in _CAUTIONS if name in used]


NOTHING_ASSUMED = Assumptions()

_CAUTIONS = {
    PERIOD_IS_WINDOW: "Check the dates: the report's own days were taken for the policy's last weeks.",
    SEPARATE_ABSENCES: "Separate absences were not counted: the report does not show them.",
    WITHOUT_REASON: "Look for sessions without a reason: the report does not show them, and a letter may be due.",
    BROKEN_WEEKS: "Broken weeks were not counted: the report does not show them.",
    HOLIDAYS: "Look for holidays without leave: the report does not show them, and a penalty notice may be due.",
}

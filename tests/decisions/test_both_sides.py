"""Every row of a policy that is easily read wrongly has a case in which it holds and one in which it just does not."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from service.decisions.decision import Decision
from service.decisions.reading.case_tables import read_cases
from service.decisions.reading.cases import decide_case
from tests.decisions.random_records import policies

RULES = Path(__file__).parents[2] / "rules"


class Sides(NamedTuple):
    """A row, its rule, the measure on which it turns, and the names of the cases on both sides."""

    policy: str
    rule: str
    measure: str
    holds: str
    holds_not: str


RULE_ROWS = {
    "bradford 4: two separate illnesses": Sides(
        "bradford",
        "letter_med",
        "illness_or_medical_spells",
        "Two separate illnesses or appointments since Letter 1 and no evidence: Letter MED",
        "One appointment since Letter 1 is no pattern: monitor",
    ),
    "bradford 4: five days": Sides(
        "bradford",
        "letter_med",
        "illness_or_medical_days",
        "One illness of five days since Letter 1 is a pattern: Letter MED",
        "One illness of four days since Letter 1 is no pattern: monitor",
    ),
    "primary 10: three weeks since the contract": Sides(
        "primary",
        "decide_penalty_notice_stage_2",
        "passed",
        "The contract was refused three weeks ago, not improved: consider a penalty notice",
        "The contract was refused 20 days ago: monitor",
    ),
    "primary 10: its own since": Sides(
        "primary",
        "decide_penalty_notice_stage_2",
        "penalty_notice_considered, penalty_notice_requested, penalty_notice",
        "A penalty notice was considered before the contract: one is considered again",
        "A penalty notice was considered since the contract: the Final Warning Letter",
    ),
    "primary 5: not while unauthorised sessions are known": Sides(
        "primary",
        "letter_1",
        "sessions_unauthorised",
        "A summary with unauthorised sessions: illness is not asked for, Letter 1",
        "Only authorised absence since the contact: monitor",
    ),
    "academy 10: did not attend": Sides(
        "academy",
        "did_not_attend_letter",
        "attendance_panel_meeting",
        "The panel was missed: the Did Not Attend letter, before the review day",
        "A panel was held since: monitor at stage 2",
    ),
    "academy 8: overrides improved": Sides(
        "academy",
        "back_to_stage_1",
        "improved",
        "Improved two weeks after Enforcement Letter 1: back to stage 1, monitor",
        "Not improved two weeks after Enforcement Letter 1: the panel",
    ),
    "stockport 2: a third of the weeks": Sides(
        "stockport",
        "general_letter",
        "broken_weeks_share",
        "Two of six weeks broken are a third: the general letter",
        "Two of seven weeks broken: nothing",
    ),
    "stockport 2: more than half late": Sides(
        "stockport",
        "lateness_letter",
        "lateness_share",
        "More than half of the marks of concern are late: the lateness letter, whatever the worries",
        "Exactly half of the marks of concern are late: the general letter",
    ),
    "stockport 6: overrides improved": Sides(
        "stockport",
        "after_notice_to_improve",
        "passed",
        "Improved after the 15 school days: monitored all the same until three months have passed",
        "Improved when the three months after the 15 school days have passed: none, stage 2",
    ),
    "stockport 6: after the penalty notice was requested": Sides(
        "stockport",
        "after_notice_to_improve",
        "",
        "The penalty notice was requested for this notice: once, then monitor",
        "Unauthorised within the 15 school days: does not wait for their end",
    ),
}
"""Rows whose rule decides on one side and does not on the other."""

UNKNOWN = [
    # what is asked where it can change the answer, and not where it cannot
    (
        "bradford",
        "A summary with three sessions missed: they may be three separate absences, so undecided",
        "A summary with two sessions missed: fewer than three separate absences, so nothing",
    ),
    (
        "bradford",
        "A summary whose unauthorised sessions can all lie before Letter 1: undecided",
        "A summary with more unauthorised sessions than there were before Letter 1: Letter 2",
    ),
    (
        "bradford",
        "A percentage of 94.96 alone: an N mark would ask for Letter N first, so undecided",
        "A percentage of 94.96 and no N marks: Letter 1",
    ),
    ("bradford", "Nothing is known at all: undecided", "Nobody spoke of unmet needs: not known, never undecided"),
    (
        "primary",
        "Only a percentage of the year: the last 10 weeks are not known, so undecided",
        "The percentage of a summary whose period is the last 10 weeks serves",
    ),
    (
        "primary",
        "A summary without unauthorised sessions: illness may be all of it, so undecided",
        "A summary with unauthorised sessions: illness is not asked for, Letter 1",
    ),
    (
        "academy",
        "Letter N was sent two weeks ago: N marks are asked for",
        "No Letter N was sent: N marks are not asked for",
    ),
    (
        "academy",
        "Letter N was sent two weeks ago: N marks are asked for",
        "Letter N was sent 13 days ago: N marks are not asked for yet",
    ),
    (
        "stockport",
        "A summary with 10 sessions of holiday in 10 school weeks, after a notice: undecided",
        "A summary with no holiday in 10 school weeks, after a notice: nothing is asked",
    ),
    (
        "stockport",
        "Nobody said whether a medical reason is given: undecided",
        "Below 95 %, nobody said whether worried: the general letter, with the other wording offered",
    ),
]
"""The policy, a case that an unknown figure or answer leaves undecided, and its neighbour that asks for nothing."""

DIFFERENT = [
    # the stage after an improvement, a case that an event opens, a return, a caution
    ("bradford", "stage", "Improved since Enforcement Letter 1: stage 2 falls to stage 1", "1", "2",
     "Not improved on the review day of Enforcement Letter 1: lower rows are left behind"),
    ("bradford", "outcome", "Exactly 95 % since the letter, none unauthorised, is improved", "none", "monitor",
     "94.44 % since the letter is not improved"),
    ("stockport", "stage", "Improved since the notice, a contract on record: stage 3B falls to 3A", "3A", "3B",
     "The contract was agreed, the parent engaged: monitor at stage 3B"),
    ("stockport", "stage", "Improved after a legal planning meeting: stage 4 falls to 3B", "3B", "4",
     "The legal planning meeting was held: monitor at stage 4"),
    ("primary", "outcome", "An announced home visit opens a case: no message", "monitor", "letter",
     "An announced home visit of last school year opens none: a message"),
    ("bradford", "not_assessed", "A summary with 9 unauthorised sessions: no penalty notice can be due", (),
     ("marks", "sessions_unauthorised_last_10_school_weeks"),
     "A summary with 10 unauthorised sessions: whether a penalty notice is due is open"),
    ("academy", "review_on", "The Did Not Attend letter was sent: not again", "2026-12-02", "2026-12-16",
     "The Did Not Attend letter was sent 15 school days ago, not improved: reviewed"),
]  # fmt: skip
"""The policy, what differs, one case and what it has, what the other has and that case."""


@cache
def decisions(policy: str) -> dict[str, Decision]:
    cases = read_cases(RULES / f"{policy}.cases.toml", [])
    return {case.values["name"]: decide_case(case, policies()[policy]) for case in cases}


@pytest.mark.parametrize("row", RULE_ROWS.values(), ids=RULE_ROWS)
def test_a_row_decides_on_one_side_of_its_limit_alone(row: Sides) -> None:
    found = decisions(row.policy)
    assert found[row.holds].rule == row.rule
    assert found[row.holds_not].rule != row.rule
    read = [reason for reason in found[row.holds_not].reasons if reason.rule == row.rule and reason.held is False]
    assert any(reason.measure == row.measure for reason in read) or not row.measure, read


@pytest.mark.parametrize(("policy", "asks", "settles"), UNKNOWN, ids=[asks for _, asks, _ in UNKNOWN])
def test_what_is_not_known_is_asked_only_where_it_can_change_the_answer(policy: str, asks: str, settles: str) -> None:
    found = decisions(policy)
    assert found[asks].outcome == "undecided"
    assert found[asks].missing
    assert (found[settles].outcome == "undecided", found[settles].missing) == (False, ())


@pytest.mark.parametrize(("policy", "what", "one", "has", "other_has", "other"), DIFFERENT)
def test_what_comes_out_differs_on_both_sides(
    policy: str, what: str, one: str, has: object, other_has: object, other: str
) -> None:
    found = decisions(policy)
    values = [getattr(found[name], what) for name in (one, other)]
    assert [str(value) if what == "review_on" else value for value in values] == [has, other_has]


def test_two_notices_to_one_parent_leave_the_return_and_add_other_measures() -> None:
    found = decisions("bradford")
    two = found["Two notices to the same parent within three years: other measures"]
    for other in (
        "One of two notices is three years old: no other measures yet",
        "Two notices to two different parents: no other measures",
        "A withdrawn notice is not counted",
    ):
        assert two.returns == found[other].returns == ("consider_penalty_notice",)
        assert any(text.startswith("Other measures") for text in two.cautions)
        assert not any(text.startswith("Other measures") for text in found[other].cautions)


def test_an_unanswered_flag_holds_a_step_of_enforcement_and_no_other_letter() -> None:
    found = decisions("bradford")
    assert set(found["Nobody said anything about protection: an enforcement step says so"].missing_flags) == {
        "child_protection_plan",
        "child_in_need",
    }
    assert found["Below 95 % with no letter yet: Letter 1"].missing_flags == ()

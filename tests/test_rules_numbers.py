"""Numbers that letters and forms repeat from the rules: whoever edits a rules file changes them all."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.decisions.facts import Facts
from service.decisions.reading.policies import load_policies
from service.forms.facts import FormFacts
from service.forms.fields import form_values
from service.issue import issue_letters
from service.pupil import Pupil
from service.settings import shipped
from tests.forms.form_pupils import DESK, ON, STAGE_1, event, marks, on, pupil

ILL_14_DAYS = {
    **{on(day, 9): "I" for day in range(7, 12)},
    **{on(day, 10): "I/" for day in range(5, 10)},
    **{on(day, 11): "I" for day in range(9, 13)},
}


def under(folder: Path, of: Pupil, *edits: tuple[str, str, str]) -> Pupil:
    """The pupil under a copy of the rules in which each of these texts of a file was put in another's place."""
    rules = folder / "rules"
    shutil.copytree(shipped("rules"), rules)
    for name, old, new in edits:
        text = (rules / name).read_text("utf-8")
        assert old in text
        (rules / name).write_text(text.replace(old, new), "utf-8")
    return replace(of, policy=load_policies(rules)[of.policy.name])


def form(name: str, of: Pupil) -> dict[str, Any]:
    """The values of a form."""
    active = of.active_policy()
    facts = Facts(of.record, of.on, of.calendar, active.terms)
    wants = DESK.forms.open_document(name).wants
    return form_values(FormFacts(DESK.forms.kind(name), wants, of.decide(), facts, active, of.school))


def notice(of: Pupil) -> str:
    """The first parent's Notice to Improve."""
    issue = issue_letters(DESK, of, "notice_to_improve")
    assert not issue.problems
    return " ".join(issue.letters[0].text.split())


def test_the_improvement_period_of_the_letter_follows_the_policy(tmp_path: Path) -> None:
    of = pupil("stockport")
    assert "from 25 November 2026 to 15 December 2026, both days included. That is 15 school days" in notice(of)
    edited = under(tmp_path, of, ("stockport.toml", "first 15 school days since the", "first 20 school days since the"))
    assert "from 25 November 2026 to 6 January 2027, both days included. That is 20 school days" in notice(edited)


def test_without_a_rule_about_the_period_the_notices_own_review_is_the_period(tmp_path: Path) -> None:
    edits = [
        ("stockport.toml", "first 15 school days since the arrival of notice_to_improve", "since notice_to_improve"),
        (
            "stockport.toml",
            "review = { in_post = true, school_days = 15",
            "review = { in_post = true, school_days = 20",
        ),
    ]
    assert "That is 20 school days" in notice(under(tmp_path, pupil("stockport"), *edits))


def test_a_notice_is_held_back_where_the_policy_has_no_improvement_period(tmp_path: Path) -> None:
    edits = [
        ("stockport.toml", "first 15 school days since the arrival of notice_to_improve", "since notice_to_improve"),
        ("stockport.toml", "review = { in_post = true, school_days = 15 }", "review = { weeks = 4 }"),
    ]
    issue = issue_letters(DESK, under(tmp_path, pupil("stockport"), *edits), "notice_to_improve")
    assert issue.letters == ()
    (problem,) = issue.problems
    assert problem.detail.startswith("Add the calendar to the end of the improvement period, and see that the policy")


@pytest.mark.parametrize(("years", "number"), [("last 3 years", "0"), ("last 4 years", "1")])
def test_earlier_notices_count_for_as_long_as_the_statutory_rules_say(tmp_path: Path, years: str, number: str) -> None:
    history = [*STAGE_1, event(date(2023, 1, 10), "penalty_notice", recipient="1")]
    of = under(tmp_path, pupil("stockport", history=history), ("statutory.toml", "last 3 years", years))
    values = form("penalty_notice_request", of)
    assert (values["parent_1_notices"], values.get("parent_1_notice_dates", "")) == (
        number,
        "10/01/2023" if number == "1" else "",
    )
    assert ("this would be the second" in notice(of)) is (number == "1")


def test_a_criterion_is_met_at_the_threshold_of_the_statutory_rules(tmp_path: Path) -> None:
    of = pupil()
    assert form("statutory_intervention_request", of)["criterion_threshold"] == "met"
    edited = under(
        tmp_path, of, ("statutory.toml", '"penalty_notice"], at_least = 10 }', '"penalty_notice"], above = 18 }')
    )
    assert form("statutory_intervention_request", edited)["criterion_threshold"] == "not_met"


def test_a_request_counts_over_the_window_of_the_statutory_rules(tmp_path: Path) -> None:
    of = pupil()
    words = ("window_start", "window_o", "window_u")
    assert [form("penalty_notice_request", of)[word] for word in words] == ["07/09/2026", "15", "1"]
    edited = under(tmp_path, of, ("statutory.toml", "last 10 school weeks", "last 2 school weeks"))
    assert [form("penalty_notice_request", edited)[word] for word in words] == ["09/11/2026", "6", "0"]


def test_a_sickness_return_takes_the_days_of_the_statutory_rules(tmp_path: Path) -> None:
    of = pupil(marks=marks(ILL_14_DAYS))
    assert "sickness_return_basis" not in form("sickness_return", of)
    edited = under(tmp_path, of, ("statutory.toml", '"illness_days", at_least = 15', '"illness_days", at_least = 14'))
    values = form("sickness_return", edited)
    assert (values["sickness_return_basis"], values["school_days_absent"]) == ("total", "14")


def test_without_statutory_rules_what_they_would_say_is_left_open(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(shipped("rules"), rules)
    (rules / "statutory.toml").write_text("", "utf-8")
    of = replace(
        pupil(marks=marks(ILL_14_DAYS | {ON: "O", ON - timedelta(days=1): "O"})),
        policy=load_policies(rules)["bradford"],
    )
    request = form("penalty_notice_request", of)
    assert not {"window_start", "window_o", "parent_1_notices", "absence_kind"} & request.keys()
    assert "criterion_threshold" not in form("statutory_intervention_request", of)
    assert "sickness_return_basis" not in form("sickness_return", of)


@pytest.mark.parametrize(("begins", "basis"), [("2026-11-20", "total"), ("2026-11-21", None)])
def test_the_version_in_force_on_the_day_is_the_one_that_counts(tmp_path: Path, begins: str, basis: str | None) -> None:
    day_before = date.fromisoformat(begins) - timedelta(days=1)
    old = '[[return.version]]\nfrom = 2024-08-19\nreference = "004, paragraph 7"\n'
    when = 'when.all = [{ measure = "illness_days", at_least = 14 }]'
    later = f'[[return.version]]\nfrom = {begins}\nreference = "x"\n{when}\n\n'
    new = later + old.replace("reference", f"until = {day_before}\nreference")
    of = under(tmp_path, pupil(marks=marks(ILL_14_DAYS)), ("statutory.toml", old, new))
    assert form("sickness_return", of).get("sickness_return_basis") == basis

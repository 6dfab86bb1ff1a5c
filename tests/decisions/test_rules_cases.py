"""Every rules file proves itself by its cases, and every rule has a case in which it decides."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from service.decisions.decision import Decision
from service.decisions.policy import Policy
from service.decisions.reading.case_tables import count_cases, read_cases
from service.decisions.reading.cases import decide_case, run_cases
from service.decisions.reading.policies import load_policies, load_policy

ROOT = Path(__file__).parents[2]
RULES, OWN = ROOT / "rules", ROOT / "tests" / "rules_files"
CASES = sorted([*RULES.glob("*.cases.toml"), *OWN.glob("*.cases.toml")])
NAMES = [path.name.removesuffix(".cases.toml") for path in CASES]


@cache
def policies() -> dict[str, Policy]:
    own = {path.stem: load_policy(path, RULES) for path in OWN.glob("*.toml") if ".cases" not in path.name}
    return load_policies(RULES) | own


@cache
def decisions(path: Path) -> list[Decision]:
    policy = policies()[path.name.removesuffix(".cases.toml")]
    return [decide_case(case, policy) for case in read_cases(path, [])]


def test_every_policy_has_cases() -> None:
    assert sorted(NAMES) == sorted(policies())


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_every_case_comes_out_as_it_says(path: Path) -> None:
    assert count_cases(path) > 10
    assert [str(problem) for problem in run_cases(path, policies()[path.name.removesuffix(".cases.toml")])] == []


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_every_case_expects_a_stage_and_has_its_own_name(path: Path) -> None:
    cases = [case.values for case in read_cases(path, [])]
    assert [case["name"] for case in cases if "stage" not in case["expect"]] == []
    assert len({case["name"] for case in cases}) == len(cases)


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_every_rule_decides_in_some_case(path: Path) -> None:
    policy = policies()[path.name.removesuffix(".cases.toml")]
    deciding = {decision.rule for decision in decisions(path) if decision.outcome != "undecided"}
    assert [rule.id for rule in policy.rules if rule.id not in deciding] == []


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_the_review_day_an_improvement_and_the_end_of_the_rules_decide_in_some_case(path: Path) -> None:
    deciding = {(decision.rule, decision.outcome) for decision in decisions(path)}
    assert {("review_day", "monitor"), ("improved", "none"), ("no_rule", "none"), ("no_rule", "monitor")} <= deciding


def test_what_is_not_known_and_waiting_for_reasons_decide_in_some_case() -> None:
    deciding = {(decision.rule, decision.outcome) for path in CASES for decision in decisions(path)}
    assert {("letter_n", "undecided"), ("improved", "undecided"), ("unexplained", "monitor")} <= deciding


def test_every_statutory_return_and_each_of_its_cautions_is_due_in_some_case() -> None:
    found = [decision for path in CASES for decision in decisions(path)]
    for rule in policies()["bradford"].returns:
        assert any(rule.id in decision.returns for decision in found), rule.id
        for extra in (extra for version in rule.versions for extra in version.extras):
            assert any(extra.caution in decision.cautions for decision in found), extra.caution


def test_every_variant_of_a_letter_is_chosen_in_some_case() -> None:
    chosen = {decision.variant for path in CASES for decision in decisions(path)}
    known = {
        variant.name
        for policy in policies().values()
        for rule in policy.rules
        for version in rule.versions
        for variant in version.variants
    }
    assert known <= chosen
    assert len(known) == 5


def test_a_case_that_comes_out_otherwise_is_told(tmp_path: Path) -> None:
    text = (RULES / "bradford.cases.toml").read_text(encoding="utf-8")
    path = tmp_path / "bradford.cases.toml"
    path.write_text(text.replace('stage = "0"', 'stage = "2"', 1).replace("value = 94.96", "value = 95", 1), "utf-8")
    problems = run_cases(path, policies()["bradford"])
    assert [problem.code for problem in problems] == ["case-fails", "case-fails"]
    assert "stage should be '2' but is '0'." in problems[0].detail
    assert "No reason matches" in problems[1].detail


def test_a_misspelt_word_in_a_case_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bradford.cases.toml"
    path.write_text(
        '[[case]]\nname = "A"\non = 2026-11-20\npupils = 1\n[case.pupil]\nparent_engagd = true\n'
        '[[case]]\nname = "B"\non = 2026-11-20\n[case.pupil]\n[case.expect]\noutcome = "undecided"\nstages = "0"\n'
        'reasons = [{ rule = "letter_1" }]\n',
        "utf-8",
    )
    found = [problem.detail for problem in run_cases(path, policies()["bradford"])]
    assert any('"pupils" is not a key we recognise here. Did you mean "pupil"?' in detail for detail in found)
    assert any('Did you mean "parent_engaged"?' in detail for detail in found)
    assert any('"stages" is not a word of a decision. Did you mean "stage"?' in detail for detail in found)


def test_a_case_without_outcome_or_reasons_proves_nothing_and_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bradford.cases.toml"
    path.write_text('[[case]]\nname = "A"\non = 2026-11-20\n[case.pupil]\n[case.expect]\nstage = "1"\n', "utf-8")
    (problem,) = run_cases(path, policies()["bradford"])
    assert problem.detail == "A case must expect an outcome and reasons."


TERM = '[[calendar]]\nfrom = 2026-09-02\nto = 2026-12-18\nkind = "term"\n'
HALF_TERM = '[[calendar]]\nfrom = 2026-10-26\nto = 2026-10-30\nkind = "closed"\n'
CASE = '[[case]]\nname = "A"\non = 2026-11-20\n'
PUPIL = "[case.pupil]\nattends = { from = 2026-09-02, to = 2026-11-20 }\n"
ABSENT = PUPIL + 'absent = [{ on = 2026-11-02, session = "AM", code = "N" }]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[case]\n", "This is not TOML"),
        (CASE.replace("on = 2026-11-20\n", "") + PUPIL, "Add on: a date"),
        (CASE.replace("2026-11-20", '"20 November"') + PUPIL, "on must be a date"),
        (CASE, "Add pupil: what is known about the pupil."),
        (CASE + 'pupil = "A"\n', "pupil must be a table"),
        (TERM + CASE + ABSENT.replace("session =", "sesion ="), 'Did you mean "session"?'),
        (TERM + CASE + ABSENT.replace("on = 2026-11-02,", ""), "Add from: a date"),
        (TERM + CASE + ABSENT.replace(', code = "N"', ""), "Add code:"),
        (TERM + CASE + ABSENT.replace('"AM"', '"am"'), 'session must be "AM" or "PM", not "am".'),
        (TERM + CASE + ABSENT.replace('"AM"', "1"), "session must be a text"),
        (TERM + HALF_TERM + CASE + ABSENT.replace("11-02", "10-26"), "Choose a day on which the school is open"),
        (TERM + CASE + ABSENT.replace("11-02", "11-07"), "Choose a day on which the school is open"),
        (CASE + "[case.pupil]\n" + ABSENT.split("\n")[2] + "\n", "Add attends:"),
        (CASE + PUPIL.replace("2026-09-02", "2026-12-02"), "to must not be before from."),
        (TERM.replace("calendar", "calender") + CASE + PUPIL, 'Did you mean "calendar"?'),
        (TERM.replace('"term"', '"terms"') + CASE + PUPIL, '"terms" is not a known kind of days. Did you mean "term"?'),
        (CASE + PUPIL + "[case.expect]\nfigures = 3\n", "figures must be a table"),
        (CASE + PUPIL + "[case.expect]\nreasons = [3]\n", "Item 1 of reasons must be a table."),
        (CASE + PUPIL + "marks = 3\n", "marks"),
        ("case = 3\n", "case must be a list of tables"),
    ],
)
def test_what_is_written_wrongly_in_a_cases_file_is_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bradford.cases.toml"
    path.write_text(text, "utf-8")
    found = [problem.detail for problem in run_cases(path, policies()["bradford"])]
    assert any(said in detail for detail in found), found
    assert count_cases(path) == text.count(CASE[:8] + "\n")

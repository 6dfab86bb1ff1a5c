"""Rules files are read strictly: what cannot be understood is refused, all at once, with its place and likely word."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.records import read_record
from service.decisions.decide import decide
from service.decisions.reading.policies import load_policies, load_policy
from service.errors import Problem, RulesError

ROOT = Path(__file__).parents[2]
Change = Callable[..., tuple[Problem, ...]]

BRADFORD = "bradford.toml"
LETTER_1 = """when.any = [
  { measure = "attendance_percentage", below = 95 },
  { measure = "absence_spells", at_least = 3 },
]
when.none = [{ event = "letter_1" }]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)
    return folder


@pytest.fixture
def refused(rules: Path) -> Change:
    """Makes changes to a file, old text for new, and gives the problems that loading then has."""

    def change(file: str, *changes: tuple[str, str]) -> tuple[Problem, ...]:
        edit(rules / file, *changes)
        with pytest.raises(RulesError) as caught:
            load_policies(rules)
        return caught.value.problems

    return change


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


WRONG = {
    "a misspelt measure": (
        '"absence_spells", at_least',
        '"absense_spells", at_least',
        "unknown-measure",
        'rule "letter_1", version "2024-09-01", any 2, key "measure"',
        '"absense_spells" is not a known measure. Did you mean "absence_spells"?',
    ),
    "a misspelt comparison": (
        'percentage", below = 95',
        'percentage", belw = 95',
        "unknown-key",
        'rule "letter_1", version "2024-09-01", any 1, key "belw"',
        '"belw" is not a key we recognise here. Did you mean "below"?',
    ),
    "a limit that is no number": (
        "below = 95 }",
        'below = "95" }',
        "wrong-type",
        'rule "letter_1", version "2024-09-01", any 1, key "below"',
        "below must be a number, not '95'.",
    ),
    "a limit that is true": (
        "below = 95 }",
        "below = true }",
        "wrong-type",
        'rule "letter_1", version "2024-09-01", any 1, key "below"',
        "below must be a number, not True.",
    ),
    "a misspelt letter": (
        'letter = "letter_med"',
        'letter = "leter_med"',
        "unknown-letter",
        'rule "letter_med", key "letter"',
        '"leter_med" is not a known letter. Did you mean "letter_med"?',
    ),
    "a misspelt event": (
        'when.none = [{ event = "letter_1" }]',
        'when.none = [{ event = "lettr_1" }]',
        "unknown-event",
        'rule "letter_1", version "2024-09-01", none 1, key "event"',
        '"lettr_1" is not a known event. Did you mean "letter_1"?',
    ),
    "a misspelt unit of time": (
        'within = "last 12 weeks", below',
        'within = "last 12 weks", below',
        "unknown-window",
        'condition "low_attendance_over_12_weeks", all 1, key "within"',
        '"weks" is not a unit of time. Did you mean "weeks"?',
    ),
    "a misspelt unit of a length of time": (
        "review = { weeks = 2 }",
        "review = { week = 2 }",
        "unknown-key",
        'rule "letter_n", version "2024-09-01", review, key "week"',
        '"week" is not a key we recognise here. Did you mean "weeks"?',
    ),
    "a misspelt form": (
        'documents = ["parenting_contract"]',
        'documents = ["parenting_contrat"]',
        "unknown-form",
        'rule "enforcement_letter_2", version "2024-09-01", key "documents"',
        '"parenting_contrat" is not a known form. Did you mean "parenting_contract"?',
    ),
    "a misspelt action": (
        'action = "home_visit"',
        'action = "home_visits"',
        "unknown-action",
        'rule "enforcement_letter_2_dna", key "action"',
        '"home_visits" is not a known action. Did you mean "home_visit"?',
    ),
    "a misspelt outcome": (
        'outcome = "did_not_attend"',
        'outcome = "did_not_atend"',
        "unknown-outcome",
        'rule "enforcement_letter_2_dna", version "2024-09-01", all 1, key "outcome"',
        '"did_not_atend" is not a known outcome. Did you mean "did_not_attend"?',
    ),
    "a misspelt fact": (
        'fact = "unmet_needs"',
        'fact = "unmet_need"',
        "unknown-fact",
        'rule "enforcement_letter_1_unmet_needs", version "2024-09-01", all 1, key "fact"',
        '"unmet_need" is not a known fact. Did you mean "unmet_needs"?',
    ),
    "a misspelt window": (
        '_spells", within = "since letter_1"',
        '_spells", within = "sinse letter_1"',
        "unknown-window",
        'rule "letter_med", version "2024-09-01", all 2, any 1, key "within"',
        '"sinse letter_1" is not a window.',
    ),
    "a window since an unknown event": (
        '_spells", within = "since letter_1"',
        '_spells", within = "since leter_1"',
        "unknown-window",
        'rule "letter_med", version "2024-09-01", all 2, any 1, key "within"',
        'Did you mean "letter_1"?',
    ),
    "an unknown stage": (
        'id = "letter_1"\nstage = "1"',
        'id = "letter_1"\nstage = "5"',
        "unknown-stage",
        'rule "letter_1", key "stage"',
        '"5" is not a known stage.',
    ),
    "a version without a reference": (
        'reference = "000, School Letter 1"\nwhen',
        "when",
        "missing-key",
        'rule "letter_1", version "2024-09-01", key "reference"',
        "Add reference",
    ),
    "a version without its first day": (
        'from = 2024-09-01\nreference = "000, School Letter 1"\nwhen',
        'reference = "000, School Letter 1"\nwhen',
        "missing-key",
        'rule "letter_1", version "1", key "from"',
        "Add from: a date such as 2024-09-01.",
    ),
    "a first day that is a text": (
        'from = 2024-09-01\nreference = "000, School Letter 1"\nwhen',
        'from = "2024"\nreference = "000, School Letter 1"\nwhen',
        "wrong-type",
        'key "from"',
        "from must be a date such as 2024-09-01, not '2024'.",
    ),
    "a first day with a time": (
        'from = 2024-09-01\nreference = "000, School Letter 1"\nwhen',
        'from = 2024-09-01T09:00:00\nreference = "000, School Letter 1"\nwhen',
        "wrong-type",
        'key "from"',
        "from must be a date without a time.",
    ),
    "an unknown key of a rule": (
        'label = "School Letter 1"',
        'lable = "School Letter 1"',
        "unknown-key",
        'rule "letter_1", key "lable"',
        'Did you mean "label"?',
    ),
    "an unknown key of the file": (
        "[documents]",
        '[dokuments]\n1 = ["stage_1_tracking_form"]\n[documents]',
        "unknown-key",
        'key "dokuments"',
        'Did you mean "documents"?',
    ),
    "a repeated rule": (
        'id = "letter_2"',
        'id = "letter_1"',
        "repeated-rule",
        'key "letter_1"',
        'There are two rules "letter_1". Give each its own id.',
    ),
    "an unknown named condition": (
        '{ holds = "stage_1_exhausted" },\n  { holds = "low',
        '{ holds = "stage_1_exhaust" },\n  { holds = "low',
        "unknown-condition",
        'rule "enforcement_letter_1", version "2024-09-01", all 1, key "holds"',
        'Did you mean "stage_1_exhausted"?',
    ),
    "a condition that leads back to itself": (
        'any = [{ event = ["attendance_panel_meeting", "parenting_contract"] }]',
        'any = [{ holds = "panel_attempted" }]',
        "endless-condition",
        'condition "panel_attempted"',
        'The condition "panel_attempted" leads back to itself, or lies too deep.',
    ),
    "a condition of no known kind": (
        '{ measure = "absence_spells", at_least = 3 }',
        '{ mesure = "absence_spells", at_least = 3 }',
        "unknown-condition",
        'rule "letter_1", version "2024-09-01", any 2, key "mesure"',
        'Did you mean "measure"?',
    ),
    "a measure without a limit": (
        'measure = "absence_spells", at_least = 3',
        'measure = "absence_spells"',
        "missing-key",
        'rule "letter_1", version "2024-09-01", any 2, key "at_least"',
        "Add a limit: at_least, above, below, at_most.",
    ),
    "a rule that leads to nothing": (
        'letter = "letter_1"\n',
        "",
        "missing-key",
        'rule "letter_1", key "letter"',
        "Say what the rule leads to",
    ),
    "a version without conditions": (
        LETTER_1,
        "",
        "missing-key",
        'rule "letter_1", version "2024-09-01", key "when"',
        "Say when the rule holds.",
    ),
    "a negative length of time": (
        "review = { weeks = 2 }",
        "review = { weeks = -2 }",
        "wrong-number",
        'rule "letter_n", version "2024-09-01", review, key "weeks"',
        "weeks must not be negative.",
    ),
    "a list where a text is asked for": (
        'title = "Bradford staged intervention"',
        'title = ["Bradford"]',
        "wrong-type",
        'key "title"',
        "title must be a text in quotation marks",
    ),
}


@pytest.mark.parametrize(("old", "new", "code", "place", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_understood_is_refused_with_file_rule_key_and_likely_word(
    refused: Change, old: str, new: str, code: str, place: str, sentence: str
) -> None:
    problems = refused(BRADFORD, (old, new))
    found = next(problem for problem in problems if problem.code == code)
    assert found.file == BRADFORD
    assert place in found.column
    assert sentence in found.detail
    assert f"{BRADFORD}, " in str(found)


def test_every_problem_of_every_file_is_told_at_once(rules: Path, refused: Change) -> None:
    edit(rules / "primary.toml", ('title = "Staged', 'titel = "Staged'))
    edit(rules / "steps.toml", ('done_by = ["home_visit"]', 'done_by = ["home_visits"]'))
    edit(rules / "statutory.toml", ('id = "sickness_return"', 'id = "sicknes_return"'))
    problems = refused(BRADFORD, ('"absence_spells"', '"absense_spells"'), ('fact = "unmet_needs"', 'fact = "unmet"'))
    assert {(problem.file, problem.code) for problem in problems} >= {
        ("primary.toml", "unknown-key"),
        ("primary.toml", "missing-key"),
        ("steps.toml", "unknown-event"),
        ("statutory.toml", "unknown-return"),
        (BRADFORD, "unknown-measure"),
        (BRADFORD, "unknown-fact"),
    }


def test_a_named_condition_used_twice_is_complained_of_once(refused: Change) -> None:
    problems = refused(BRADFORD, ('within = "last 12 weeks", below', 'within = "last 12 weks", below'))
    assert len([problem for problem in problems if problem.code == "unknown-window"]) == 1


def test_broken_toml_says_where(refused: Change) -> None:
    (problem,) = [
        item for item in refused(BRADFORD, ("[version.review]", "[version.review")) if item.code == "not-toml"
    ]
    assert problem.file == BRADFORD
    assert "line" in problem.detail


def test_a_file_of_bytes_that_are_no_text_is_refused(rules: Path) -> None:
    (rules / BRADFORD).write_bytes(b"title = '\xff\xfe'")
    with pytest.raises(RulesError, match="This is not UTF-8 text: save the file as UTF-8"):
        load_policies(rules)


def test_a_missing_table_of_steps_is_refused(rules: Path) -> None:
    (rules / "steps.toml").unlink()
    with pytest.raises(RulesError) as caught:
        load_policies(rules)
    assert ("missing-file", "steps.toml") in {(problem.code, problem.file) for problem in caught.value.problems}


def test_an_unknown_enforcement_letter_is_refused(refused: Change) -> None:
    problems = refused("steps.toml", ('"warning_letter_1"', '"warning_leter_1"'))
    assert any('Did you mean "warning_letter_1"?' in problem.detail for problem in problems)


def test_a_rules_file_that_starts_with_a_byte_order_mark_is_read(rules: Path) -> None:
    text = (rules / BRADFORD).read_text("utf-8")
    (rules / BRADFORD).write_text(text, "utf-8-sig")
    assert "bradford" in load_policies(rules)


# Versions: a policy changes, and last year's decisions stay as they were.

OLD_HEAD = 'from = 2024-09-01\nreference = "000, School Letter 1"\n' + LETTER_1
NEW_LETTER_1 = 'reference = "000, School Letter 1, revised"\nreview = { weeks = 4 }\n' + LETTER_1.replace(
    "= 95", "= 93"
)


def with_new_version(until: str = "", first: str = "2026-11-01") -> tuple[str, str]:
    old = OLD_HEAD.replace("reference", f"until = {until}\nreference", 1) if until else OLD_HEAD
    return OLD_HEAD, f"{old}\n[[rule.version]]\nfrom = {first}\n{NEW_LETTER_1}"


@pytest.mark.parametrize(("until", "first"), [("2026-11-01", "2026-11-01"), ("2027-08-31", "2026-11-01")])
def test_versions_whose_days_overlap_are_refused(refused: Change, until: str, first: str) -> None:
    problems = refused(BRADFORD, with_new_version(until, first))
    (problem,) = [item for item in problems if item.code == "overlapping-dates"]
    assert problem.column.startswith('rule "letter_1"')
    assert "The versions from 2024-09-01 and from 2026-11-01 overlap" in problem.detail


def test_two_versions_from_the_same_day_are_refused(refused: Change) -> None:
    problems = refused(BRADFORD, with_new_version(first="2024-09-01"))
    assert [problem.code for problem in problems] == ["overlapping-dates"]


def test_a_version_that_ends_before_it_begins_is_refused(refused: Change) -> None:
    problems = refused(BRADFORD, ("from = 2024-09-01\nreference", "from = 2024-09-01\nuntil = 2024-08-01\nreference"))
    assert any("ends before it begins, on 2024-08-01" in problem.detail for problem in problems)


def decide_on(rules: Path, on: date, percentage: float = 94, letter: date | None = None) -> tuple[str, str, str]:
    history = [{"on": letter.isoformat(), "event": "letter_1"}] if letter else []
    values = {
        "pupil_reference": "A",
        "attendance_percentage": percentage,
        "absence_spells": 1,
        "sessions_unexplained": 0,
        "history": history,
    }
    decision = decide(read_record(values), load_policies(rules)["bradford"], on, SchoolCalendar())
    review = decision.review_on.isoformat() if decision.review_on else ""
    return decision.letter or decision.outcome, decision.policy_version.isoformat(), review


def test_a_changed_policy_leaves_the_decisions_before_it_as_they_were(rules: Path) -> None:
    before = decide_on(rules, date(2026, 10, 31))
    assert before == ("letter_1", "2024-09-01", "2026-11-14")
    edit(rules / BRADFORD, with_new_version())
    assert decide_on(rules, date(2026, 10, 31)) == before
    assert decide_on(rules, date(2026, 11, 1)) == ("none", "2026-11-01", "")
    assert decide_on(rules, date(2026, 11, 1), 92) == ("letter_1", "2026-11-01", "2026-11-29")


def test_the_review_of_a_letter_follows_the_version_of_the_day(rules: Path) -> None:
    edit(rules / BRADFORD, with_new_version())
    assert decide_on(rules, date(2026, 10, 20), letter=date(2026, 10, 19))[2] == "2026-11-02"
    assert decide_on(rules, date(2026, 11, 3), letter=date(2026, 10, 19)) == ("monitor", "2026-11-01", "2026-11-16")


def test_between_the_end_of_one_version_and_the_next_a_rule_says_nothing(rules: Path) -> None:
    edit(rules / BRADFORD, with_new_version(until="2026-09-30"))
    assert decide_on(rules, date(2026, 9, 30))[0] == "letter_1"
    assert decide_on(rules, date(2026, 10, 1))[0] == "none"
    assert decide_on(rules, date(2026, 11, 1), 92)[0] == "letter_1"


def test_the_general_terms_change_with_their_own_versions(rules: Path) -> None:
    text = (rules / BRADFORD).read_text("utf-8")
    start, end = text.index("[[version]]"), text.index("[condition.")
    terms = text[start:end]
    newer = terms.replace("2024-09-01", "2026-11-01").replace("1 = { weeks = 2 }", "1 = { weeks = 5 }")
    old = terms.replace("from = 2024-09-01", "from = 2024-09-01\nuntil = 2026-10-31")
    (rules / BRADFORD).write_text(text[:start] + old + newer + text[end:], "utf-8")
    assert decide_on(rules, date(2026, 10, 31))[2] == "2026-11-14"
    assert decide_on(rules, date(2026, 11, 1)) == ("letter_1", "2026-11-01", "2026-12-06")


def test_before_a_policy_begins_and_after_it_ended_it_says_nothing(rules: Path) -> None:
    edit(rules / BRADFORD, ("[[version]]\nfrom = 2024-09-01", "[[version]]\nfrom = 2024-09-01\nuntil = 2026-08-31"))
    with pytest.raises(RulesError, match="The policy bradford says nothing on 31 August 2024"):
        decide_on(rules, date(2024, 8, 31))
    with pytest.raises(RulesError, match="The policy bradford says nothing on 1 September 2026"):
        decide_on(rules, date(2026, 9, 1))


def test_a_letter_that_only_one_policy_knows_is_unknown_to_the_others(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "rules_files" / "pfsa.toml", tmp_path / "pfsa.toml")
    assert "pfsa_letter_1" in load_policy(tmp_path / "pfsa.toml", ROOT / "rules").events
    assert "pfsa_letter_1" not in load_policies(ROOT / "rules")["bradford"].events

"""Rules files -> policies; refuses, all at once, what it cannot understand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from service.attendance.words import EVENTS, LETTERS
from service.decisions.policy import Policy, Rule
from service.decisions.reading.conditions import Scope, read_when
from service.decisions.reading.rules import Vocabulary, read_return, read_rule
from service.decisions.reading.tables import Table, open_table
from service.decisions.reading.terms import read_milestone, read_steps, read_terms
from service.decisions.terms import Steps
from service.errors import Problem, RulesError

STEPS_FILE, RETURNS_FILE = "steps.toml", "statutory.toml"


def load_policies(folder: Path) -> dict[str, Policy]:
    """Every policy of a folder by its name, with the folder's steps and statutory returns.

    Raises RulesError with every problem of every file.
    """
    return _load(sorted(path for path in folder.glob("*.toml") if is_policy_file(path)), folder)


def load_policy(path: Path, shared: Path) -> Policy:
    """One policy file, with the steps and returns of another folder. Raises RulesError with every problem."""
    return _load([path], shared)[path.stem]


def is_policy_file(path: Path) -> bool:
    """Whether a file of a rules folder holds a policy, by its name."""
    return path.name not in (STEPS_FILE, RETURNS_FILE) and not path.name.endswith(".cases.toml")


def _load(files: list[Path], shared: Path) -> dict[str, Policy]:
    problems: list[Problem] = []
    tables = [open_table(path, problems) for path in (shared / STEPS_FILE, shared / RETURNS_FILE, *files)]
    _refuse(problems)
    steps = read_steps(tables[0])
    returns = _read_returns(tables[1], steps)
    policies = [_read_policy(table, path.stem, steps, returns) for table, path in zip(tables[2:], files, strict=True)]
    _refuse(problems)
    return {policy.name: policy for policy in policies}


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise RulesError(problems)


def _read_returns(table: Table, steps: Steps) -> tuple[Rule, ...]:
    words = Vocabulary(LETTERS, steps, (), Scope(frozenset(EVENTS), {}))
    returns = [read_return(item, words) for item in table.tables("return", "return")]
    table.close()
    return tuple(rule for rule in returns if rule)


def _read_policy(table: Table, name: str, steps: Steps, returns: tuple[Rule, ...]) -> Policy:
    title, source, stages = (
        table.text("title", required=True),
        table.text("source", required=True),
        table.texts("stages"),
    )
    if not stages:
        table.refuse("missing-key", "stages", 'Add the stages in order, for example stages = ["0", "1", "2", "3"].')
    own, enforcing = _read_own_letters(table)
    letters = {**LETTERS, **own}
    steps = replace(steps, enforcement_letters=steps.enforcement_letters | enforcing)
    events = frozenset((*EVENTS, *letters))
    milestones = {
        item.name: item for item in (read_milestone(item, events) for item in table.tables("milestone", "milestone"))
    }
    named: dict[str, Any] = table.take("condition", dict, "a table of named conditions") or {}
    words = Vocabulary(letters, steps, stages, Scope(frozenset((*events, *milestones)), named))
    for condition, values in named.items():
        read_when(Table(values, table.file, f'condition "{condition}"', table.problems), words.scope)
    rules = tuple(rule for item in table.tables("rule", "rule") if (rule := read_rule(item, words)))
    _refuse_repeated(table, [rule.id for rule in rules])
    terms = read_terms(table, words, rules, milestones)
    table.text("note")
    table.close()
    return Policy(name, title, source, terms, rules, returns, steps, events, milestones)


def _read_own_letters(table: Table) -> tuple[dict[str, str], frozenset[str]]:
    """Letters that only this policy knows, by id, and those of them that are steps of enforcement."""
    own, enforcing = {}, set()
    for item in table.tables("letter", "letter"):
        name = item.text("id", required=True)
        own[name] = item.text("title", required=True)
        if item.flag("enforcement"):
            enforcing.add(name)
        item.close()
    return own, frozenset(enforcing)


def _refuse_repeated(table: Table, names: list[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.refuse("repeated-rule", name, f'There are two rules "{name}". Give each its own id.')

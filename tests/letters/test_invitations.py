"""A letter names a meeting exactly where the rule that leads to it invites to one, in each of its wordings."""

from __future__ import annotations

import tomllib

import pytest

from service.decisions.policy import Rule, Variant
from service.decisions.reading.policies import load_policies
from service.letters.catalogue import Catalogue
from service.settings import shipped
from service.word.filling.message import MessageTemplate
from service.word.text import read_text

CATALOGUE = Catalogue(shipped("letter_templates"))
POLICIES = load_policies(shipped("rules"))
LETTERS = {f"{name}: {rule.id}": (name, rule) for name in POLICIES for rule in POLICIES[name].rules if rule.letter}
ROOM = "Room with the blue door"


def wordings(rule: Rule) -> list[Variant | None]:
    """Every wording that a rule may choose, of each of its versions; None where it has a single one."""
    return [variant for version in rule.versions for variant in version.variants or (None,)]


def written(policy: str, rule: Rule, wording: Variant | None) -> str:
    """The letter of a rule in one wording, with the example of every word."""
    template = CATALOGUE.open(rule.letter, policy).template
    values = {word: about["example"] for word, about in CATALOGUE.fields.items()}
    values |= {"meeting_place": ROOM, "variant": wording.name if wording else ""}
    if isinstance(template, MessageTemplate):
        return template.fill_text(values)
    return " ".join(read_text(template.fill(values)).split())


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_names_the_meetings_place_exactly_where_its_rule_invites(name) -> None:
    policy, rule = LETTERS[name]
    for wording in wordings(rule):
        invites = rule.invites and not (wording and wording.needs_no_meeting)
        assert (ROOM in written(policy, rule, wording)) == invites, wording


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_has_a_wording_for_each_variant_that_its_rules_may_choose(name) -> None:
    policy, rule = LETTERS[name]
    path = CATALOGUE.find(rule.letter, policy)
    settings = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    assert sorted(settings.get("variants", [])) == sorted({wording.name for wording in wordings(rule) if wording})

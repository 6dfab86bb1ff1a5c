"""Policy: in plain English, rule by rule, with source and date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response

from service.decisions.policy import ActiveRule
from service.memory.people.roles import EVERYBODY
from service.web.shared.policy_words import Labels, say_condition
from service.web.shared.site import here, show, site
from service.web.shared.visitor import allowed


@site.get("/policy")
@allowed(EVERYBODY)
def policy() -> Response:
    """What the school's policy says."""
    place = here()
    chosen = place.policy
    active = chosen.in_force(place.day)
    labels = active.terms.labels
    rules, returns = list(_describe(active.rules, labels)), list(_describe(active.returns, labels))
    return show("policy", policy=chosen, rules=rules, returns=returns)


def _describe(rules: tuple[ActiveRule, ...], labels: Labels) -> Iterator[dict[str, Any]]:
    for item in rules:
        rule, version = item.rule, item.version
        yield {
            "id": rule.id,
            "label": rule.label or rule.id.replace("_", " ").capitalize(),
            "stage": "" if rule.stage == "any" else rule.stage,
            "letter": rule.letter,
            "when": say_condition(version.when, labels),
            "reference": version.reference,
            "since": version.first,
            "review": str(version.review.duration) if version.review else "",
            "cautions": version.cautions,
            "checklist": version.checklist,
            "documents": version.documents,
        }

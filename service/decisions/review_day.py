"""The day on which a case is looked at again: of the last letter that was sent, and of a rule that holds now."""

from __future__ import annotations

from datetime import date

from service.decisions.facts import Facts
from service.decisions.policy import ActiveRule, PolicyOn
from service.decisions.terms import Terms


def review_of_last_letter(policy: PolicyOn, facts: Facts) -> date | None:
    """When the last letter sent is to be reviewed; None where none was sent, or its review has no set time.

    A letter whose own rule says nothing follows its stage.
    """
    last, terms = facts.events.last_letter, policy.terms
    if last is None:
        return None
    first_real_stage = terms.stages[min(1, len(terms.stages) - 1)]
    stage = terms.stage_of_event.get(last.event, first_real_stage)
    review = policy.letter_reviews.get(last.event) or terms.reviews.get(stage)
    return review.after_event(last, facts.calendar) if review else None


def review_of_rule(active: ActiveRule, stage: str, terms: Terms, facts: Facts) -> date | None:
    """When what a rule asks for today is to be reviewed: as its version says, else as its stage does."""
    review = active.version.review
    if review and review.since:
        event = facts.events.latest(review.since)
        return review.duration.after_event(event, facts.calendar) if event else None
    duration = review.duration if review else terms.reviews.get(stage)
    return duration.after(facts.on, facts.calendar) if duration else None

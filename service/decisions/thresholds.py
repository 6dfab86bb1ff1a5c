"""The numbers of the rules in force that letters and forms repeat, so that no number is written in two places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.decisions.conditions import FigureIs, Leaf, Limit, list_leaves
from service.decisions.facts import Facts
from service.decisions.policy import ActiveRule, PolicyOn
from service.decisions.windows.window import Span, Window

NOTICE_TO_IMPROVE = "notice_to_improve"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The window over which a figure is counted, and the limits within which it asks for something."""

    window: Window
    limits: tuple[Limit, ...]

    def is_reached(self, count: int) -> bool:
        """Whether a count stands within the limits."""
        return all(limit.holds(count) for limit in self.limits)


def find_threshold(policy: PolicyOn, word: str) -> Threshold | None:
    """What the statutory rules in force ask of a figure; None where they do not ask about it.

    A policy's own rules do not count: they may look at the same figure for a letter of their own.
    """
    for active in policy.returns:
        for leaf in _leaves(active):
            if isinstance(leaf, FigureIs) and leaf.word == word:
                return Threshold(_uncut(leaf.window), leaf.limits)
    return None


def span_of_notices(policy: PolicyOn, facts: Facts) -> Span | None:
    """The days over which earlier penalty notices to a parent count; None where no statutory rule counts them."""
    threshold = find_threshold(policy, "penalty_notices_to_one_parent")
    return facts.spans.of(threshold.window) if threshold else None


def improvement_window(policy: PolicyOn) -> Window | None:
    """The school days over which the policy in force watches attendance after a Notice to Improve; None without any.

    Without a rule about those days, the Notice's own review says so.
    """
    for active in policy.rules:
        for leaf in _leaves(active):
            if isinstance(leaf, FigureIs) and _is_improvement_period(leaf.window):
                return leaf.window
    review = policy.letter_reviews.get(NOTICE_TO_IMPROVE)
    if review is None or not review.school_days:
        return None
    return Window("first", review.school_days, "school days", (NOTICE_TO_IMPROVE,), review.in_post)


def _uncut(window: Window) -> Window:
    """The whole window, without the events after which a rule begins it anew."""
    return window if window.kind in ("since", "first") else window._replace(after=())


def _is_improvement_period(window: Window) -> bool:
    return (window.kind, window.unit) == ("first", "school days") and NOTICE_TO_IMPROVE in window.after


def _leaves(active: ActiveRule) -> Iterator[Leaf]:
    yield from list_leaves(active.version.when)
    for extra in active.version.extras:
        yield from list_leaves(extra.when)

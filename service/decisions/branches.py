"""Follows every value that an open figure or answer could still have, to see whether all lead to the same.

Where the rules stop because something is open, its values are taken in two parts and the rules are walked again for
each. What comes out is a tree: where both branches are the same, the open thing does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from service.decisions.conclusion import Conclusion, Open, Suggestion
from service.decisions.decision import Decision
from service.decisions.facts import Facts

MOST_WALKS = 32
"""Walks of the rules for one pupil; what is still open then counts as something that can change the decision."""

Walk = Callable[[Facts], tuple[Suggestion | Open, Conclusion]]


@dataclass(frozen=True, slots=True)
class Leaf:
    """What comes of one set of values; None where it was not followed to its end."""

    suggestion: Suggestion | None
    conclusions: tuple[Conclusion, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Fork:
    """Something open whose values lead to different ends."""

    open: Open
    branches: tuple[Tree, Tree]
    conclusion: Conclusion = field(compare=False)


Tree = Leaf | Fork


class Answer(NamedTuple):
    """What the rules lead to: a suggestion, undecided where `missing` names what could still change it."""

    suggestion: Suggestion
    conclusion: Conclusion
    missing: tuple[str, ...]

    def conclude(self) -> Decision:
        """The decision."""
        return self.conclusion.copy(self.conclusion.case).finish(self.suggestion)


def find_answer(facts: Facts, walk: Walk) -> Answer:
    """What every value of what is open leads to, or undecided."""
    found, conclusion = walk(facts)
    if isinstance(found, Suggestion):
        return Answer(found, conclusion, ())
    tree = _Branches(walk).grow(facts, found, conclusion)
    if isinstance(tree, Leaf) and tree.suggestion:
        conclusion.absorb(tree.conclusions)
        rule = tree.suggestion.rule
        conclusion.say(rule, "Some of this is not known, but the decision is the same either way.")
        return Answer(tree.suggestion, conclusion, ())
    missing = tuple(dict.fromkeys(_missing(tree)))
    rule, stage = (tree.open.rule, tree.open.stage) if isinstance(tree, Fork) else (found.rule, found.stage)
    conclusion.absorb(_conclusions(tree))
    return Answer(Suggestion("undecided", stage, rule, missing=missing), conclusion, missing)


class _Branches:
    """Grows the tree, up to a number of walks."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.left = MOST_WALKS

    def grow(self, facts: Facts, open: Open, conclusion: Conclusion) -> Tree:  # noqa: A002
        first, second = (self._follow(facts.supposing(open.question.key, part)) for part in open.question.parts)
        if first == second and not (isinstance(first, Leaf) and first.suggestion is None):
            return _join(first, second)
        return Fork(open, (first, second), conclusion)

    def _follow(self, facts: Facts) -> Tree:
        if self.left <= 0:
            return Leaf(None, ())
        self.left -= 1
        found, conclusion = self.walk(facts)
        if isinstance(found, Suggestion):
            return Leaf(found, (conclusion,))
        return self.grow(facts, found, conclusion)


def _join(first: Tree, second: Tree) -> Tree:
    if isinstance(first, Leaf) and isinstance(second, Leaf):
        return Leaf(first.suggestion, (*first.conclusions, *second.conclusions))
    return first


def _conclusions(tree: Tree) -> Iterator[Conclusion]:
    """What was found on the way to everything that is open."""
    if isinstance(tree, Fork):
        yield tree.conclusion
        for branch in tree.branches:
            yield from _conclusions(branch)


def _missing(tree: Tree) -> Iterator[str]:
    """The words of everything that can still change what comes out, what is asked first in front."""
    if isinstance(tree, Fork):
        yield from tree.open.question.missing
        for branch in tree.branches:
            yield from _missing(branch)

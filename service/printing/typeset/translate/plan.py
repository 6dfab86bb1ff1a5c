"""What a template's function is handed: its words, conditions and loops in the order in which it asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from service.printing.typeset.translate.tree import Control, Node, keyword


@dataclass(frozen=True, slots=True)
class Hole:
    """A word; one that is `held` is all of its paragraph and keeps the height of its line when it is empty."""

    tag: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop, and what each of its rows is handed."""

    tag: str
    inner: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Choice:
    """A condition: for each branch its tag and what it is handed."""

    branches: list[tuple[str, list[Entry]]] = field(default_factory=list)


Entry = Hole | Loop | Choice


class Plan:
    """The plan while a template is translated; its methods give the code that asks for what they add."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def word(self, tag: str, held: bool = False) -> str:
        """A word of the letter, as code."""
        return self._add(Hole(tag, held))

    def control(self, node: Control, write: Callable[[list[Node]], str], otherwise: str) -> str:
        """A condition or loop, as code; `write` gives the code of a branch."""
        if keyword(node.branches[0][0]) == "for":
            return self._loop(node, write, otherwise)
        choice = Choice()
        place = self._add(choice)
        texts = []
        for tag, nodes in node.branches:
            with self._inside() as entries:
                texts.append(write(nodes))
            choice.branches.append((tag, entries))
        cases = " else ".join(f"if e.at(0) == {n} {{ {text} }}" for n, text in enumerate(texts))
        return f"{{ let e = {place}; if e == none {{ {otherwise} }} else {{ let d = e.at(1); {cases} }} }}"

    def _loop(self, node: Control, write: Callable[[list[Node]], str], otherwise: str) -> str:
        tag, nodes = node.branches[0]
        loop = Loop(tag)
        place = self._add(loop)
        with self._inside() as entries:
            inner = write(nodes)
        loop.inner.extend(entries)
        return f"{place}.map(d => {inner}).sum(default: {otherwise})"

    def _add(self, entry: Entry) -> str:
        self.entries.append(entry)
        return f"d.at({len(self.entries) - 1})"

    @contextmanager
    def _inside(self) -> Iterator[list[Entry]]:
        outer, self.entries = self.entries, []
        yield self.entries
        self.entries = outer

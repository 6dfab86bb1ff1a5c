"""The holes of a template written in turn for another medium, by the same reading of its tags as the Word letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jinja2 import nodes

from service.word.filling.blocks import Filling, Out, Write, write_choice, write_each, write_loop, write_value
from service.word.filling.compile import PartCompiler
from service.word.filling.syntax import ENVIRONMENT
from service.word.filling.values import Encode


class PlanWriter(PartCompiler):
    """Compiles tags one by one; the template that they stand in has been found to be right."""

    def word(self, tag: str, encode: Encode) -> Write:
        """Writes the word of a tag such as {{ first_name }}."""
        node = _parse(tag).nodes[0]
        return write_value(self._read(node), self._word(node), encode)

    def loop(self, tag: str, inner: Callable[[], Write], after: bytes) -> Write:
        """Writes what `inner` compiles once for each row of a tag such as {% for session in sessions %}."""
        node = _parse(f"{tag}{{% endfor %}}")
        word, read = self._word(node.iter), self._read(node.iter)
        self._scopes.append((node.target.name, f"{word.pointer}/{{{len(self._scopes)}}}"))
        body = inner()
        self._scopes.pop()
        return write_loop(node.target.name, read, word, write_in_turn([body, _literal(after)]), _literal(b""))

    def choice(self, branches: Sequence[tuple[str, Write]], otherwise: bytes) -> Write:
        """Writes the first branch whose tag ({% if … %}, {% elif … %}, {% else %}) holds."""
        read = []
        for tag, write in branches:
            says = tag.strip("{%-+ }").partition(" ")[2]
            if says:
                test = _parse(f"{{% if {says} %}}{{% endif %}}").test
                read.append((self._needed(test), write))
            else:
                read.append((lambda filling: True, write))
        return write_choice(read, _literal(otherwise))


def _parse(source: str) -> Any:
    """The one node that a tag stands for."""
    body: list[nodes.Node] = ENVIRONMENT.parse(source).body
    return body[0]


def _literal(content: bytes) -> Write:
    def write(filling: Filling, out: Out) -> None:
        del filling
        if content:
            out.append(content)

    return write


def write_in_turn(steps: Sequence[bytes | Write]) -> Write:
    """Writes bytes and what functions write, one after another."""
    pairs: list[tuple[bytes, Write]] = []
    literal = b""
    for step in steps:
        if isinstance(step, bytes):
            literal += step
        else:
            pairs.append((literal, step))
            literal = b""
    return write_each(pairs, literal)

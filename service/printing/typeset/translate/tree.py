"""A template's parts as trees: Word's elements, and the conditions and loops around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from service.printing.typeset.translate.unknowns import stamp
from service.word.filling.template import prepare_source
from service.word.parts import Element, Part
from service.word.plain_xml import parse_xml

_TAG: Final = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})|\{#.*?#\}", re.DOTALL)
_BRACES: Final = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}


@dataclass(slots=True)
class Control:
    """A condition or loop: for each branch the tag that opens it and the elements inside."""

    branches: list[tuple[str, list[Any]]] = field(default_factory=list)


Node = Element | Control


def read_part(part: Part, *, is_filled: bool = False) -> Element:
    """A part prepared for filling, with each tag as a processing instruction where it stands; none in a filled one."""
    root = stamp(parse_xml(part.content), part.label)
    source = etree.tostring(root, encoding="unicode")
    if "{" in source and not is_filled:
        source = _TAG.sub(_as_instruction, prepare_source(source))
    return etree.fromstring(source.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


def _as_instruction(found: re.Match[str]) -> str:
    tag = found[1]
    return f"<?tag {tag.replace('?>', '? >')}?>" if tag else ""


def plain(text: str) -> str:
    """A text with the braces that an office wanted to be printed."""
    for escape, braces in _BRACES.items():
        text = text.replace(escape, braces)
    return text


def is_tag(element: Element) -> bool:
    """Whether this is a tag of the template."""
    return element.tag is etree.ProcessingInstruction


def is_value(tag: str) -> bool:
    """Whether a tag writes a word."""
    return tag.startswith("{{")


def keyword(tag: str) -> str:
    """The first word of a condition or loop: "if", "endfor"."""
    return (tag.strip("{%-+ }").split() or [""])[0]


def as_nodes(elements: Iterable[Element]) -> list[Node]:
    """Elements and tags in a row as a tree; comments are left out."""
    top: list[Node] = []
    rows, opened = [top], list[Control]()
    for one in elements:
        if not is_tag(one):
            if isinstance(one.tag, str):
                rows[-1].append(one)
            continue
        word = keyword(one.text)
        if word in ("if", "for"):
            opened.append(Control([(one.text, [])]))
            rows[-1].append(opened[-1])
            rows.append(opened[-1].branches[-1][1])
        elif word in ("elif", "else"):
            opened[-1].branches.append((one.text, []))
            rows[-1] = opened[-1].branches[-1][1]
        elif word in ("endif", "endfor"):
            rows.pop()
            opened.pop()
    return top


def leaves(node: Node) -> Iterator[Element]:
    """Every element in a node, in turn."""
    if isinstance(node, Control):
        for _, nodes in node.branches:
            for inner in nodes:
                yield from leaves(inner)
    else:
        yield node


def shared(node: Node, key: Callable[[Element], Any]) -> Any:
    """What every element of a node has for a key; None where they differ or have none."""
    found = {key(one) for one in leaves(node)}
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Found:
    """A tag in a text."""

    tag: str

    @property
    def is_value(self) -> bool:
        """Whether it writes a word."""
        return is_value(self.tag)


def split_words(text: str) -> list[str | Found]:
    """A text's words and tags in turn, without comments."""
    pieces: list[str | Found] = []
    at = 0
    for found in _TAG.finditer(text):
        pieces += [text[at : found.start()], *([Found(found[1])] if found[1] else [])]
        at = found.end()
    return [piece for piece in (*pieces, text[at:]) if piece != ""]

"""The styles of a template: what each paragraph and text inherits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from service.printing.typeset.translate.looks import Given, LookReader, Tabs, TextLook
from service.word.parts import Element, w

DEEPEST: Final = 20  # styles that build on one another
_YES: Final = ("1", "true", "on")


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says of the paragraph and of its text, with all it inherits."""

    paragraph: Given
    text: TextLook


def laid_over(below: Given, above: Given) -> Given:
    """What two layers of paragraph properties say together; tab stops come together."""
    together = below | above
    if "tabs" in together:
        together["tabs"] = _join_tabs(below.get("tabs", ()), above.get("tabs", ()))
    return together


def _join_tabs(before: Tabs, after: Tabs) -> Tabs:
    stops = {stop[0]: stop for stop in (*before, *after)}
    return tuple(stop for _, stop in sorted(stops.items()) if stop[1] != "clear")


class Stylesheet:
    """styles.xml, read as it is asked for."""

    def __init__(self, root: Element, reader: LookReader) -> None:
        self._reader = reader
        every = [] if root is None else list(root.iter(w("style")))
        self._elements: dict[str, Element] = {one.get(w("styleId")): one for one in every}
        self._defaults = {one.get(w("type")): one for one in every if one.get(w("default")) in _YES}
        self.base = Style(
            reader.paragraph(_default(root, "pPr")),
            replace(TextLook(), **reader.text(_default(root, "rPr"))),
        )
        self._known: dict[tuple[str, str], Style] = {}
        self._table = ""  # the style of the table that is being read

    @contextmanager
    def inside_table(self, key: str) -> Iterator[None]:
        """While a table is read, what its style says of paragraphs and text stands below that of their own styles."""
        outer, self._table = self._table, key
        yield
        self._table = outer

    def paragraph(self, key: str) -> Style:
        """A paragraph style with all it builds on; the default one where there is none of that key."""
        if key not in self._elements:
            default = self._defaults.get("paragraph")
            key = "" if default is None else default.get(w("styleId"))
        if (key, self._table) not in self._known:
            self._known[key, self._table] = self._build(key)
        return self._known[key, self._table]

    def text(self, key: str) -> Given:
        """What a character style says."""
        given: Given = {}
        for one in reversed(self._chain(key)):
            given |= self._reader.text(one.find(w("rPr")))
        return given

    def table(self, key: str) -> list[Element]:
        """A table style and all it builds on, the most basic first."""
        chain = list(reversed(self._chain(key)))
        default = self._defaults.get("table")
        return chain if default is None or default in chain else [default, *chain]

    def _build(self, key: str) -> Style:
        look, text = self.base.paragraph, self.base.text
        for one in (*self.table(self._table), *reversed(self._chain(key))):
            look = laid_over(look, self._reader.paragraph(one.find(w("pPr"))))
            text = replace(text, **self._reader.text(one.find(w("rPr"))))
        return Style(look, text)

    def _chain(self, key: str) -> list[Element]:
        chain: list[Element] = []
        while key in self._elements and len(chain) < DEEPEST:
            chain.append(self._elements[key])
            based = chain[-1].find(w("basedOn"))
            key = "" if based is None else based.get(w("val"), "")
        return chain


def _default(root: Element, kind: str) -> Element:
    return None if root is None else root.find(f"{w('docDefaults')}/{w(kind + 'Default')}/{w(kind)}")

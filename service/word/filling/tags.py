"""The tags of a template as an office typed them, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from service.errors import Problem
from service.word.parts import Part, w
from service.word.plain_xml import parse_xml

OPENING = re.compile(r"\{[{%#]")
CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
KINDS = {"{{": "value", "{%": "statement"}  # the others are comments
STRAY = re.compile(r"\{\{|\{%|\{#|\}\}|%\}")
ESCAPES = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}  # how an office prints braces, as in docxtpl
QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\xa0": " ", "\n": " "})
PREFIX = re.compile(r"(p|tr|tc|r)(?=\s)")
AROUND = 30
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
DRAWN_PARAGRAPH, DRAWN_TEXT = f"{DRAWN}p", f"{DRAWN}t"  # of charts and diagrams
SPOKEN = ("descr", "title", "alt")  # what a screen reader says of a picture


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of text that a tag has to stand in whole: a paragraph, a property or an attribute."""

    part: str
    spot: str
    text: str
    filled: bool = True

    def problem(self, code: str, start: int, end: int, sentence: str) -> Problem:
        """A fault in this place, with the words around it so that it can be found in Word."""
        first, last = max(0, start - AROUND), min(len(self.text), end + AROUND)
        words = self.text[first:last] if end - start < 200 else self.text[first : start + 100]
        excerpt = f"{'…' if first else ''}{words}{'…' if first + len(words) < len(self.text) else ''}"
        return Problem(code, f'In {self.part}, {self.spot}, "{" ".join(excerpt.split())}": {sentence}')


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its kind ("value" or "statement"), the prefix p, tr, tc or r, and what it says with plain quotes."""

    kind: str
    prefix: str
    says: str
    place: Place
    start: int
    end: int

    @property
    def keyword(self) -> str:
        """The first word of a statement: "if", "endfor"."""
        return (self.says.split() or [""])[0] if self.kind == "statement" else ""

    def problem(self, code: str, sentence: str) -> Problem:
        """A fault of this tag, with its place."""
        return self.place.problem(code, self.start, self.end, sentence)


def find_places(part: Part) -> Iterator[Place]:
    """Every stretch of text in a part, in its order; `filled` is false where a tag would print as typed."""
    root, number = parse_xml(part.content), 0
    for element in root.iter():
        number += element.tag == w("p")
        spot = f"paragraph {number}"
        if element.tag == w("p"):
            yield Place(part.label, spot, _paragraph_text(element))
        elif element.tag == DRAWN_PARAGRAPH:
            yield Place(part.label, spot, "".join(text.text or "" for text in element.iter(DRAWN_TEXT)), filled=False)
        elif part.kind == "properties":
            yield Place(part.label, etree.QName(element).localname, element.text or "")
        yield from (Place(part.label, spot, text, filled=False) for text in _text_outside_runs(element, part))
        for name, value in element.attrib.items():
            if "{" in str(value):
                attribute = str(etree.QName(name).localname)
                what = "the description of a picture" if attribute in SPOKEN else f"the setting {attribute}"
                yield Place(part.label, f"{spot}, {what}", str(value), filled=attribute in SPOKEN)


def _text_outside_runs(element: etree._Element, part: Part) -> Iterator[str]:
    """Text that is no running text: field codes, deleted words, drawings, and what stands between elements."""
    in_run = element.tag == w("t") and next(element.iterancestors(w("p")), None) is not None
    if element.text and not in_run and part.kind != "properties":
        yield element.text
    if element.tail:
        yield element.tail


def _paragraph_text(paragraph: etree._Element) -> str:
    """The paragraph's own text, without that of text boxes anchored in it."""
    pieces = []
    for element in paragraph.iter(w("t"), w("tab"), w("br"), w("cr")):
        if next(element.iterancestors(w("p"))) is paragraph:
            pieces.append(element.text or "" if element.tag == w("t") else " ")
    return "".join(pieces)


def text_of(element: etree._Element) -> str:
    """All running text inside an element, a space between paragraphs."""
    return " ".join("".join(text.text or "" for text in item.iter(w("t"))) for item in element.iter(w("p")))


def find_tags(place: Place) -> Iterator[Tag]:
    """The tags in one place, in order, without comments."""
    for mark, start, end in _find_braced(place.text):
        if mark in KINDS:
            says = place.text[start + 2 : end - 2].translate(QUOTES)
            prefix = PREFIX.match(says)
            says = says.removeprefix(prefix[1]) if prefix else says
            says = re.sub(r"^[-+]|[-+]$", "", says).strip()
            yield Tag(KINDS[mark], prefix[1] if prefix else "", says, place, start, end)


def _find_braced(text: str) -> Iterator[tuple[str, int, int]]:
    """How each tag and comment opens, where it starts and where it ends.

    A mark that nothing closes is looked for once: a pattern would look from each of a thousand to the text's end.
    """
    unclosed, place = set[str](), 0
    while found := OPENING.search(text, place):
        mark, place = found[0], found.start() + 1
        last = -1 if mark in unclosed else text.find(CLOSING[mark], found.end())
        if last < 0:
            unclosed.add(mark)
        else:
            place = last + 2
            yield mark, found.start(), place


def find_stray_braces(place: Place) -> Iterator[Problem]:
    """Braces that open or close a tag without their other half, within the same paragraph."""
    pieces, read = list[str](), 0
    for _, start, end in _find_braced(place.text):
        pieces += [place.text[read:start], "\0" * (end - start)]
        read = end
    for found in STRAY.finditer("".join(pieces) + place.text[read:]):
        mark = found[0]
        if mark.startswith("{"):
            sentence = f'"{mark}" is not closed: write "{CLOSING[mark]}" in the same paragraph.'
        else:
            sentence = (
                f'"{mark}" closes nothing: write "{ {"}}": "{{", "%}": "{%"}[mark] }" before it in the same paragraph.'
            )
        yield place.problem("tag-not-closed", found.start(), found.end(), sentence)

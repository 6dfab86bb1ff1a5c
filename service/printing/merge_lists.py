"""Numbered lists of many letters in one DOCX: each letter's start again at their first number."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from service.word.parts import Element, Parts, W, parse, serialise

NUMBERING: Final = "word/numbering.xml"
STYLES: Final = "word/styles.xml"
UNCOUNTED: Final = ("bullet", "none")
BEFORE_NUMBERS: Final = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")
AFTER_INDENT: Final = [
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
    "jc",
    "textDirection",
    "textAlignment",
    "textboxTightWrap",
    "outlineLvl",
    "divId",
    "cnfStyle",
    "rPr",
    "sectPr",
    "pPrChange",
]


def counts_through_a_style(parts: Parts) -> bool:
    """Whether a list takes its numbers from another list's style, which cannot be started again."""
    return any(word in parts.get(NUMBERING, b"") for word in (b"<w:numStyleLink", b"<w:styleLink"))


class ListCopies:
    """The lists of the merged document, and a copy of each counted one for every letter after the first."""

    def __init__(self, parts: Parts) -> None:
        self._root: Any = parse(parts[NUMBERING]) if NUMBERING in parts else None
        self._counted = _counted_lists(parts[NUMBERING]) if NUMBERING in parts else {}
        self._styles = _styles_with_lists(parts[STYLES]) if STYLES in parts and self._counted else {}
        numbers = (one.get(f"{W}numId", "") for one in self._nums())
        self._next = 1 + max((int(text) for text in numbers if text.isdecimal() and len(text) < 10), default=0)

    def renumber(self, body: Element, number: int) -> None:
        """Make the counted lists in this letter, the `number`th from 0, its own."""
        if number == 0 or not self._counted:
            return
        copies: dict[str, str] = {}
        for paragraph in body.iter(f"{W}p"):
            chosen = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
            if chosen is None:
                chosen = self._number_directly(paragraph)
            if chosen is not None and chosen.get(f"{W}val") in self._counted:
                chosen.set(f"{W}val", self._copy(chosen.get(f"{W}val"), copies))

    def write_to(self, parts: Parts) -> None:
        """Put the lists into the document's parts."""
        if self._root is not None:
            parts[NUMBERING] = serialise(self._root)

    def _nums(self) -> Iterator[Element]:
        return iter(()) if self._root is None else self._root.iterchildren(f"{W}num")

    def _copy(self, original: str, copies: dict[str, str]) -> str:
        if original not in copies:
            copies[original] = str(self._next)
            self._next += 1
            new = self._root.makeelement(f"{W}num", {f"{W}numId": copies[original]})
            abstract, starts = self._counted[original]
            new.append(new.makeelement(f"{W}abstractNumId", {f"{W}val": abstract}))
            for level, start in starts:
                override = new.makeelement(f"{W}lvlOverride", {f"{W}ilvl": level})
                override.append(override.makeelement(f"{W}startOverride", {f"{W}val": start}))
                new.append(override)
            last = [*self._nums()][-1]
            last.addnext(new)
        return copies[original]

    def _number_directly(self, paragraph: Element) -> Element | None:
        """The paragraph's own mention of the list that its style names, with the style's own indent beside it."""
        properties = paragraph.find(f"{W}pPr")
        style = None if properties is None else properties.find(f"{W}pStyle")
        if style is None or style.get(f"{W}val") not in self._styles:
            return None
        key, level, indent = self._styles[style.get(f"{W}val")]
        if key not in self._counted:
            return None
        numbers = properties.makeelement(f"{W}numPr")
        numbers.append(numbers.makeelement(f"{W}ilvl", {f"{W}val": level}))
        numbers.append(numbers.makeelement(f"{W}numId", {f"{W}val": key}))
        properties.insert(sum(_local(child) in BEFORE_NUMBERS for child in properties), numbers)
        if indent and properties.find(f"{W}ind") is None:
            at = next((i for i, child in enumerate(properties) if _local(child) in AFTER_INDENT), len(properties))
            properties.insert(at, properties.makeelement(f"{W}ind", dict(indent)))
        return numbers[1]


@lru_cache(maxsize=16)
def _counted_lists(numbering: bytes) -> dict[str, tuple[str, tuple[tuple[str, str], ...]]]:
    """The lists that count, by id: their definition and at what each level starts."""
    root = parse(numbering)
    levels: dict[str, tuple[tuple[str, str], ...]] = {}
    for abstract in root.iterchildren(f"{W}abstractNum"):
        formats = [one.get(f"{W}val", "") for one in abstract.iter(f"{W}numFmt")]
        if any(kind not in UNCOUNTED for kind in formats):
            levels[abstract.get(f"{W}abstractNumId", "")] = tuple(
                (level.get(f"{W}ilvl", "0"), _value(level, "start") or "0") for level in abstract.iter(f"{W}lvl")
            )
    counted = {}
    for one in root.iterchildren(f"{W}num"):
        abstract_id = _value(one, "abstractNumId")
        if abstract_id in levels:
            started = {o.get(f"{W}ilvl", "0"): _value(o, "startOverride") for o in one.iter(f"{W}lvlOverride")}
            starts = tuple((level, started.get(level) or start) for level, start in levels[abstract_id])
            counted[one.get(f"{W}numId", "")] = (abstract_id, starts)
    return counted


@lru_cache(maxsize=16)
def _styles_with_lists(styles: bytes) -> dict[str, tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Paragraph styles that number their paragraphs: the list's id, the level, and the style's own indent."""
    by_id = {style.get(f"{W}styleId", ""): style for style in parse(styles).iter(f"{W}style")}
    found = {}
    for key in by_id:
        style, seen = by_id.get(key), 0
        while style is not None and style.find(f"{W}pPr/{W}numPr/{W}numId") is None and seen < 20:
            style, seen = by_id.get(_value(style, "basedOn")), seen + 1
        numbers = None if style is None else style.find(f"{W}pPr/{W}numPr")
        if style is not None and numbers is not None:
            indent = style.find(f"{W}pPr/{W}ind")
            own = () if indent is None else tuple(indent.items())
            found[key] = (_value(numbers, "numId"), _value(numbers, "ilvl") or "0", own)
    return found


def _value(element: Element, name: str) -> str:
    child = element.find(f"{W}{name}")
    return "" if child is None else str(child.get(f"{W}val", ""))


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]

"""How text and paragraphs look, read from Word's properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from service.printing.typeset.translate.unknowns import Unknowns
from service.word.parts import Element, W, w

Given = dict[str, Any]
"""What some properties say, under the names of the fields of a look."""

Frame = tuple[tuple[str, str], ...]
Border = tuple[tuple[str, str], ...]
Tabs = tuple[tuple[float, str, str], ...]

SILENT: Final = frozenset(
    w(name)
    for name in (
        "proofErr bookmarkStart bookmarkEnd lastRenderedPageBreak noProof permStart permEnd lang webHidden specVanish "
        "snapToGrid adjustRightInd autoSpaceDE autoSpaceDN overflowPunct kinsoku wordWrap topLinePunct cs rtl "
        "suppressLineNumbers suppressAutoHyphens bCs iCs szCs textAlignment cnfStyle mirrorIndents rStyle pStyle "
        "hideMark noWrap commentRangeStart commentRangeEnd fitText eastAsianLayout oMath numberingChange rPr divId "
        "textboxTightWrap suppressOverlap smartTagPr sdtPr sdtEndPr"
    ).split()
)
"""Elements that say nothing about how a letter looks."""


@dataclass(frozen=True, slots=True)
class TextLook:
    """How running text looks; `size` in points, `tracking` in twips, `kerned_from` in points (0: never)."""

    font: str = "Times New Roman"
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    colour: str = ""
    tracking: float = 0.0
    kerned_from: float = 0.0
    language: str = "en-GB"
    underline: bool = False
    strike: bool = False
    capitals: bool = False
    raised: str = ""
    hidden: bool = False

    @property
    def is_kerned(self) -> bool:
        """Whether pairs of letters are moved together."""
        return 0 < self.kerned_from <= self.size


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """How a paragraph stands; lengths in twips, `line` in twips or 240ths of a line by `rule`."""

    before: float = 0.0
    after: float = 0.0
    line: float = 240.0
    rule: str = "auto"
    left: float = 0.0
    right: float = 0.0
    hanging: float = 0.0
    first: float = 0.0
    align: str = ""
    keep_next: bool = False
    keep_lines: bool = False
    widows: bool = True
    new_page: bool = False
    right_to_left: bool = False
    list_id: str = ""
    level: str = "0"
    outline: int = 9
    tabs: Tabs = ()
    frame: Frame = ()
    borders: tuple[tuple[str, Border], ...] = ()
    shade: str = ""
    contextual: bool = False

    @property
    def is_listed(self) -> bool:
        """Whether it has a bullet or a number."""
        return self.list_id not in ("", "0")

    @property
    def first_indent(self) -> float:
        """How far the first line stands right of the others."""
        return self.first - self.hanging


def is_on(element: Element) -> bool:
    """Whether a switch is on."""
    return element.get(w("val"), "1") not in ("0", "false", "off")


def measure_of(text: str | None, otherwise: float = 0.0) -> float:
    """A number of Word's, or another value where there is none."""
    try:
        return float(text or "")
    except ValueError:
        return otherwise


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


class LookReader:
    """Reads properties of runs and paragraphs; what is not known is noted."""

    def __init__(self, unknowns: Unknowns, theme: dict[str, str]) -> None:
        self._unknowns = unknowns
        self._theme = theme

    def text(self, properties: Element) -> Given:
        """What w:rPr says."""
        return self._read(properties, _TEXT, "the text property")

    def paragraph(self, properties: Element) -> Given:
        """What w:pPr says."""
        return self._read(properties, _PARAGRAPH, "the paragraph property")

    def font(self, element: Element) -> Given:
        """The font of Latin text, by name or by the theme."""
        theme = element.get(w("asciiTheme")) or element.get(w("hAnsiTheme"))
        named = element.get(w("ascii")) or element.get(w("hAnsi"))
        font = self._theme.get(theme[:5], named) if theme else named
        return {"font": font} if font else {}

    def _read(self, properties: Element, readers: dict[str, Reader], kind: str) -> Given:
        given: Given = {}
        for one in properties if properties is not None else ():
            name = local(one)
            if name in readers and str(one.tag).startswith(W):
                for what, value in readers[name](self, one):
                    if what == "?":
                        self._unknowns.note(value, one)
                    else:
                        given[what] = value
            elif one.tag not in SILENT:
                self._unknowns.note(f'{kind} "{name}"', one)
        return given


Reader = Callable[[LookReader, Element], Iterator[tuple[str, Any]]]


def _switch(field: str) -> Reader:
    def read(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
        yield field, is_on(element)

    return read


def _unknown(words: str, silent: tuple[str | None, ...] = ("none", "0", "false")) -> Reader:
    def read(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
        if element.get(w("val")) not in silent:
            yield "?", words

    return read


def _underline(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    kind = element.get(w("val"))
    if kind not in ("single", "none", "words", None):
        yield "?", f"the {kind} underline"
    yield "underline", kind not in ("none", None)


def _colour(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    value = element.get(w("val")) or ""
    if element.get(w("themeColor")) and not re.fullmatch("[0-9A-Fa-f]{6}", value):
        yield "?", "the colour of the theme"
    yield "colour", value if re.fullmatch("[0-9A-Fa-f]{6}", value) else ""


def _size(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    yield "size", measure_of(element.get(w("val")), 22) / 2


def _kern(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    yield "kerned_from", measure_of(element.get(w("val"))) / 2


def _font(reader: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    yield from reader.font(element).items()


def _language(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    if element.get(w("val")):
        yield "language", element.get(w("val"))


def _raised(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    value = element.get(w("val"))
    yield "raised", "" if value == "baseline" else value


def _tracking(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    yield "tracking", measure_of(element.get(w("val")))


def _shading(words: str) -> Reader:
    def read(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
        if element.get(w("fill"), "auto") not in ("auto", "") or element.get(w("val"), "clear") not in ("clear", "nil"):
            yield "?", words

    return read


_TEXT: Final[dict[str, Reader]] = {
    "b": _switch("bold"),
    "i": _switch("italic"),
    "strike": _switch("strike"),
    "dstrike": _switch("strike"),
    "caps": _switch("capitals"),
    "vanish": _switch("hidden"),
    "u": _underline,
    "color": _colour,
    "sz": _size,
    "kern": _kern,
    "rFonts": _font,
    "lang": _language,
    "vertAlign": _raised,
    "spacing": _tracking,
    "highlight": _unknown("the highlighted text"),
    "shd": _shading("the shaded text"),
    "smallCaps": _unknown("the small capitals"),
    "position": _unknown("the text set higher or lower", ("0",)),
    "w": _unknown("the text set wider", ("100",)),
    "bdr": _unknown("the border round a word"),
    "rPrChange": _unknown("the tracked change", ()),
    "ins": _unknown("the tracked change", ()),
    "del": _unknown("the tracked change", ()),
    **{
        name: _unknown(f"the {words} text")
        for name, words in (
            ("emboss", "embossed"),
            ("imprint", "engraved"),
            ("outline", "outlined"),
            ("shadow", "shadowed"),
            ("effect", "animated"),
            ("em", "emphasised"),
        )
    },
}


def _spacing(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    for name in ("before", "after", "line"):
        if element.get(w(name)) is not None:
            yield name, measure_of(element.get(w(name)))
    if element.get(w("line")) is not None:
        yield "rule", element.get(w("lineRule"), "auto")
    if any(element.get(w(f"{name}Autospacing")) in ("1", "true") for name in ("before", "after")):
        yield "?", "the automatic spacing"


_INDENTS: Final = {
    "left": ("left", "start"),
    "right": ("right", "end"),
    "hanging": ("hanging",),
    "first": ("firstLine",),
}


def _indents(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    for field, names in _INDENTS.items():
        given = [element.get(w(name)) for name in names if element.get(w(name)) is not None]
        if given:
            yield field, measure_of(given[-1])
            if field in ("hanging", "first"):
                yield {"hanging": "first", "first": "hanging"}[field], 0.0


def _align(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    yield "align", element.get(w("val"), "")


def _list(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    for field, name in (("list_id", "numId"), ("level", "ilvl")):
        found = element.find(w(name))
        if found is not None:
            yield field, found.get(w("val"), "0")


def _outline(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    yield "outline", int(measure_of(element.get(w("val")), 9))


def _tabs(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    yield (
        "tabs",
        tuple(
            (measure_of(stop.get(w("pos"))), stop.get(w("val"), "left"), stop.get(w("leader"), "none"))
            for stop in element
        ),
    )


def _frame(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    yield "frame", tuple(sorted((str(key).rpartition("}")[2], value) for key, value in element.attrib.items()))


def _borders(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    drawn = [side for side in element if side.get(w("val")) not in ("none", "nil")]
    yield (
        "borders",
        tuple(
            (local(side), tuple(sorted((str(k).rpartition("}")[2], v) for k, v in side.attrib.items())))
            for side in drawn
        ),
    )


def _paragraph_shade(_: LookReader, element: Element) -> Iterator[tuple[str, Any]]:
    fill = element.get(w("fill"), "auto")
    if element.get(w("val"), "clear") not in ("clear", "nil"):
        yield "?", "the patterned paragraph"
    yield "shade", "" if fill == "auto" else fill


_PARAGRAPH: Final[dict[str, Reader]] = {
    "keepNext": _switch("keep_next"),
    "keepLines": _switch("keep_lines"),
    "widowControl": _switch("widows"),
    "pageBreakBefore": _switch("new_page"),
    "bidi": _switch("right_to_left"),
    "contextualSpacing": _switch("contextual"),
    "spacing": _spacing,
    "ind": _indents,
    "jc": _align,
    "numPr": _list,
    "outlineLvl": _outline,
    "tabs": _tabs,
    "framePr": _frame,
    "pBdr": _borders,
    "shd": _paragraph_shade,
    "pPrChange": _unknown("the tracked change", ()),
    "sectPr": _unknown("the section break", ()),
    "textDirection": _unknown("the turned text", ()),
}

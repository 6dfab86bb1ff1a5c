"""What the translation of one template shares: its styles and lists, the page, and what has been written so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from service.printing.typeset.code import Definitions, points
from service.printing.typeset.translate.looks import Given, LookReader, ParagraphLook, TextLook, is_on, measure_of
from service.printing.typeset.translate.numbering import ListKind, read_lists
from service.printing.typeset.translate.plan import Plan
from service.printing.typeset.translate.stylesheet import Stylesheet, laid_over
from service.printing.typeset.translate.tree import Control, Node, keyword, plain
from service.printing.typeset.translate.unknowns import Unknowns
from service.printing.typeset.typefaces import Typefaces
from service.word.parts import Element, Parts, Relationship, parse, relationships_of, w

DRAWING_MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
OTHER_SETTINGS = ("evenAndOddHeaders", "autoHyphenation", "mirrorMargins", "gutterAtTop")


@dataclass(frozen=True, slots=True)
class Page:
    """A page's size, its margins, and where its header and footer stand, in points."""

    width: float = 595.3
    height: float = 841.9
    top: float = 72.0
    bottom: float = 72.0
    left: float = 72.0
    right: float = 72.0
    header: float = 36.0
    footer: float = 36.0

    @property
    def text_width(self) -> float:
        """How wide the text is."""
        return self.width - self.left - self.right


@dataclass
class Draft:
    """One template while it is translated."""

    parts: Parts
    faces: Typefaces
    is_filled: bool = False
    unknowns: Unknowns = field(default_factory=Unknowns)
    definitions: Definitions = field(default_factory=Definitions)
    plan: Plan = field(default_factory=Plan)
    page: Page = field(default_factory=Page)
    pictures: dict[str, bytes] = field(default_factory=dict)
    placed: list[str] = field(default_factory=list)
    """What stands at a place of the letter's first page."""
    is_measured: bool = False
    """Whether the margins are known only once a letter's head and foot have been measured."""

    def __post_init__(self) -> None:
        self.reader = LookReader(self.unknowns, _theme_fonts(self.parts))
        self.styles = Stylesheet(self._tree("word/styles.xml"), self.reader)
        self.base = ParagraphLook(**self.styles.base.paragraph)
        self.lists: dict[str, ListKind] = read_lists(self._tree("word/numbering.xml"), self.reader)
        self.counted: dict[tuple[str, int], int] = {}
        self.fonts: dict[str, None] = {}  # that text is set in
        self.is_new_word = False
        self.tab = 720.0
        self._read_settings(self._tree("word/settings.xml"))

    def _tree(self, name: str) -> Element:
        return parse(self.parts[name]) if name in self.parts else None

    def _read_settings(self, settings: Element) -> None:
        if settings is None:
            return
        stop = settings.find(w("defaultTabStop"))
        self.tab = 720.0 if stop is None else measure_of(stop.get(w("val")), 720)
        for one in settings.iter(w("compatSetting")):
            if one.get(w("name")) == "compatibilityMode":
                self.is_new_word = measure_of(one.get(w("val")), 12) >= 15
        for name in OTHER_SETTINGS:
            found = settings.find(w(name))
            if found is not None and is_on(found):
                self.unknowns.note(f'the setting "{name}"')

    def plain(self, text: str) -> str:
        """A text as it is printed: a template may write braces so that they are no tag."""
        return text if self.is_filled else plain(text)

    def relationship(self, part: str, key: str) -> Relationship | None:
        """What a part points at under a key."""
        return next((one for one in relationships_of(self.parts, part) if one.key == key), None)

    def at(self, x: float, y: float, body: str) -> str:
        """Code that puts something at a place of the page, in points."""
        if self.is_measured:
            return f"AT({points(x)}, {points(y)}, {body})"
        return f"place(top + left, dx: {points(x - self.page.left)}, dy: {points(y - self.page.top)}, {body})"

    def down_to(self, y: float) -> str:
        """Code that goes from the top of the text to a height of the page, in points."""
        return f"UP({points(y)})" if self.is_measured else f"v({points(y - self.page.top)})"

    def control(self, node: Control, write: Callable[[list[Node]], str], otherwise: str) -> str:
        """A condition or loop as code."""
        if keyword(node.branches[0][0]) == "for" and len(node.branches) > 1:
            self.unknowns.note("the loop with an else")
        return self.plan.control(node, write, otherwise)

    def looks_of(self, paragraph: Element) -> tuple[ParagraphLook, TextLook]:
        """How a paragraph stands, and how its plain text looks."""
        own = paragraph.find(w("pPr"))
        named = None if own is None else own.find(w("pStyle"))
        style = self.styles.paragraph("" if named is None else named.get(w("val"), ""))
        direct = {} if own is None else self.reader.paragraph(own)
        given = style.paragraph
        if direct.get("list_id", given.get("list_id")) != given.get("list_id"):
            given = {key: value for key, value in given.items() if key not in ("left", "hanging", "first")}
        return ParagraphLook(**self._with_level(laid_over(given, direct))), style.text

    def _with_level(self, given: Given) -> Given:
        """A list's own indents stand below those of the style."""
        if given.get("list_id", "0") == "0":
            return given
        kind = self.lists.get(given["list_id"])
        level = None if kind is None else kind.levels.get(given.get("level", "0"))
        if level is None:
            return given | {"list_id": "0"}
        return laid_over(level.indents, given)


def _theme_fonts(parts: Parts) -> dict[str, str]:
    """The fonts of headings ("major") and of text ("minor")."""
    if "word/theme/theme1.xml" not in parts:
        return {}
    root = parse(parts["word/theme/theme1.xml"])
    found = {key: root.find(f".//{DRAWING_MAIN}{key}Font/{DRAWING_MAIN}latin") for key in ("major", "minor")}
    return {key: latin.get("typeface", "") for key, latin in found.items() if isinstance(latin, etree._Element)}

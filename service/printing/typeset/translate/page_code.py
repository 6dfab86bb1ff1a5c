"""The page: its size, and what stands at its head and foot on the first page and on those after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.printing.typeset.code import number, points
from service.printing.typeset.translate.block_code import BlockWriter
from service.printing.typeset.translate.draft import Draft, Page
from service.printing.typeset.translate.looks import is_on, local, measure_of
from service.printing.typeset.translate.text_code import edges
from service.word.parts import DOCUMENT, Element, R, w

SECTION_NOT_KNOWN: Final = {
    "pgBorders": "the border round the page",
    "lnNumType": "the line numbers",
    "textDirection": "the turned text",
    "bidi": "the section from right to left",
    "rtlGutter": "the gutter on the right",
}
KINDS: Final = ("default", "first", "even")


@dataclass(frozen=True, slots=True)
class HeadsAndFeet:
    """The parts that stand at the head and foot: of the first page, and of the others; "" for none."""

    first_head: str
    head: str
    first_foot: str
    foot: str


def read_page(section: Element) -> Page:
    """The page's size and margins."""
    size, margins = section.find(w("pgSz")), section.find(w("pgMar"))
    values: dict[str, Any] = {}
    if size is not None:
        values |= {"width": measure_of(size.get(w("w"))) / 20, "height": measure_of(size.get(w("h"))) / 20}
    if margins is not None:
        names = ("top", "bottom", "left", "right", "header", "footer")
        values |= {name: abs(measure_of(margins.get(w(name)))) / 20 for name in names}
    return Page(**values)


def check_section(draft: Draft, section: Element) -> None:
    """Note what the section asks for and is not known."""
    for one in section:
        name, value = local(one), one.get(w("val"))
        if name in SECTION_NOT_KNOWN:
            draft.unknowns.note(SECTION_NOT_KNOWN[name])
        if name == "cols" and measure_of(one.get(w("num")), 1) > 1:
            draft.unknowns.note("the text in columns")
        if name == "vAlign" and value != "top":
            draft.unknowns.note("the text set in the middle of the page")
        if name == "pgNumType" and one.get(w("start")) not in (None, "1"):
            draft.unknowns.note("the page numbers that start elsewhere")
        if name == "pgMar" and measure_of(one.get(w("gutter"))):
            draft.unknowns.note("the gutter")


def find_heads_and_feet(draft: Draft, section: Element, trees: Mapping[str, Element]) -> HeadsAndFeet:
    """Which of the parts stand where."""
    flag = section.find(w("titlePg"))
    is_first_own = flag is not None and is_on(flag)
    found: dict[str, dict[str, str]] = {"headerReference": {}, "footerReference": {}}
    for one in section:
        if local(one) in found:
            to = draft.relationship(DOCUMENT, one.get(f"{R}id", ""))
            if to is not None and to.target not in trees:
                draft.unknowns.note(f"the {'header' if 'header' in local(one) else 'footer'} that is not in the file")
            elif to is not None:
                found[local(one)][one.get(w("type"), "default")] = to.target
    heads, feet = found.values()
    first = "first" if is_first_own else "default"
    return HeadsAndFeet(heads.get(first, ""), heads.get("default", ""), feet.get(first, ""), feet.get("default", ""))


class HeadFootWriter:
    """Writes what stands at the head and foot of a letter's pages."""

    def __init__(self, draft: Draft, trees: dict[str, Element]) -> None:
        self._draft = draft
        self._trees = trees

    def first_head(self, part: str) -> str:
        """The first page's header, in the flow: it pushes the text down as it does in Word, and is read aloud."""
        page = self._draft.page
        if not part:
            return "#EDGE\n"
        inside = BlockWriter(self._draft, part).write_all(self._trees[part])
        room = points(max(page.top - page.header, 0))
        grid = f"grid(columns: (100%, 0pt), inset: 0pt, EDGE + b + EDGE, block(width: 0pt, height: {room}))"
        name = self._draft.definitions.define("h", "b", f"{{ {self._draft.down_to(page.header)}; {grid} }}")
        return f"#{name}[{inside}]\n"

    def head(self, part: str) -> str:
        """The header of the following pages as a function of page and pages; "" for none."""
        if not part:
            return ""
        before, self._draft.placed = self._draft.placed, []
        inside = BlockWriter(self._draft, part).write_all(self._trees[part])
        placed, self._draft.placed = "".join(self._draft.placed), before
        page = self._draft.page
        code = f"{{ UNDER(a); v({points(page.header)}); EDGE; b }}"
        name = self._draft.definitions.define("h", "a, b", f"align(top, {code})")
        return f"(PG, NP) => {name}[{placed}][#EDGE{inside}]"

    def foot(self, heads: HeadsAndFeet) -> str:
        """The footer as a function of page and pages."""
        page = self._draft.page
        name = self._draft.definitions.define("k", "b", f"align(bottom, {{ b; v({points(page.footer)}) }})")
        first = self._write_foot(heads.first_foot)
        if self._are_same(heads.first_foot, heads.foot):
            return f"(PG, NP) => {name}[{first}]"
        rest = self._write_foot(heads.foot)
        return f'(PG, NP) => if PG == "1" {{ {name}[{first}] }} else {{ {name}[{rest}] }}'

    def _are_same(self, first: str, other: str) -> bool:
        """Whether the two are equal, so that their words are handed in once."""
        return first == other or (bool(first and other) and self._draft.parts[first] == self._draft.parts[other])

    def _write_foot(self, part: str) -> str:
        if not part:
            return ""
        before = list(self._draft.placed)
        written = BlockWriter(self._draft, part).write_all(self._trees[part])
        if self._draft.placed != before:
            self._draft.unknowns.note("the picture at a place of the page", self._trees[part])
        return written

    def height_of(self, part: str) -> float:
        """About how high a header or footer is, in points, where every second line needs another one."""
        total = 0.0
        for paragraph in self._trees[part].iter(w("p")) if part else ():
            look, text = self._draft.looks_of(paragraph)
            above, below = edges(self._draft, text, look)
            total += 2 * (float(above[:-2]) + float(below[:-2])) + (look.before + look.after) / 20
        return total


def page_code(page: Page, has_head: bool, is_foot_high: bool) -> str:
    """What the library's page rule says; a header or footer that may be higher than its margin is measured."""
    top = f'ROOM({points(page.top)}, {points(page.header)}, "head", {points(page.text_width)})'
    bottom = f'ROOM({points(page.bottom)}, {points(page.footer)}, "foot", {points(page.text_width)})'
    margins = (
        f"top: {top if has_head else points(page.top)}, bottom: {bottom if is_foot_high else points(page.bottom)}, "
        f"left: {points(page.left)}, right: {points(page.right)}"
    )
    head = "HEADER" if has_head else "none"
    return (
        f"width: {number(page.width)}pt, height: {number(page.height)}pt, margin: ({margins}), "
        f"header-ascent: 0pt, header: {head}, footer-descent: 0pt, footer: FOOTER"
    )

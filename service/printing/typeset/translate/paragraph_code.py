"""Paragraphs as code: a function for each kind, called with what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.printing.typeset.code import call, colour, points, sides, twips
from service.printing.typeset.translate.draft import Draft
from service.printing.typeset.translate.inline import (
    InlineReader,
    Mark,
    Token,
    Words,
    always_shows,
    holds,
    is_fixed,
    write_held,
    write_inline,
)
from service.printing.typeset.translate.looks import ParagraphLook, TextLook, measure_of
from service.printing.typeset.translate.text_code import strut, text_settings
from service.printing.typeset.translate.tree import Control
from service.word.parts import Element, w

ALIGNED: Final = {"center": "center", "right": "right", "end": "right"}
TURNED: Final = {"right": "left", "end": "left", "center": "center"}
JUSTIFIED: Final = ("both", "distribute")
STOPS: Final = {"left": "left", "start": "left", "center": "center", "right": "right", "end": "right"}
DRAWN: Final = ("single", "thick")


def write_paragraph(draft: Draft, element: Element, part: str) -> str:
    """A paragraph as markup."""
    look, text = draft.looks_of(element)
    if look.contextual and not look.is_listed:
        draft.unknowns.note("the space left out between paragraphs of a style", element)
    tokens = read_tokens(draft, element, part)
    if holds(tokens, "page"):
        return _write_broken(draft, tokens, look, text, element)
    name = paragraph_function(draft, look, text, element)
    written = f"{name}[{write_inside(draft, tokens, look, text, element)}]"
    return f"#{keep_fixed(draft, tokens, written)}\n"


def keep_fixed(draft: Draft, tokens: Sequence[Token], written: str) -> str:
    """What is written of these tokens, or the name under which it is kept; a letter's own words are set only once."""
    return draft.definitions.keep(written) if is_fixed(tokens) and not draft.is_filled else written


def read_tokens(draft: Draft, element: Element, part: str) -> list[Token]:
    """What stands in a paragraph."""
    look, text = draft.looks_of(element)
    return InlineReader(draft, part, look, text).read(element)


def write_inside(draft: Draft, tokens: Sequence[Token], look: ParagraphLook, text: TextLook, element: Element) -> str:
    """The inside of a paragraph as markup; where it may come out empty it keeps the height of a line."""
    if holds(tokens, "tab"):
        return _write_tabbed(draft, tokens, look, element)
    if len(tokens) == 1 and isinstance(tokens[0], Words) and len(tokens[0].pieces) == 1:
        return write_held(draft, tokens[0])
    inside = write_inline(draft, tokens)
    return inside if always_shows(tokens) else inside + strut(draft, text, look, element)


def _write_broken(draft: Draft, tokens: Sequence[Token], look: ParagraphLook, text: TextLook, element: Element) -> str:
    """A paragraph with page breaks: a paragraph on each page."""
    name = paragraph_function(draft, look, text, element)
    pages = _split(tokens, "page")
    if any(holds(page, "page") for page in pages):
        draft.unknowns.note("the page break in a condition", element)
    written = [write_inside(draft, page, look, text, element) if page else "" for page in pages]
    return "#pagebreak()\n".join(f"#{name}[{page}]\n" if page else "" for page in written)


def _split(tokens: Sequence[Token], kind: str) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    for one in tokens:
        if isinstance(one, Mark) and one.kind == kind:
            pieces.append([])
        else:
            pieces[-1].append(one)
    return pieces


def _write_tabbed(draft: Draft, tokens: Sequence[Token], look: ParagraphLook, element: Element) -> str:
    """Text with tabs: each piece is measured when it is set, and the space up to the stop put before it."""
    if holds(tokens, "line") or any(isinstance(one, Control) and holds([one], "tab") for one in tokens):
        draft.unknowns.note("the tab beside a condition or a line break", element)
    stops = [_stop(draft, stop, element) for stop in look.tabs if stop[1] not in ("clear", "num", "bar")]
    if look.hanging:
        stops.append(f'({twips(look.left)}, "left")')
    pieces = ", ".join(f"[{write_inline(draft, piece)}]" for piece in _split(tokens, "tab"))
    start = twips(look.left + look.first_indent)
    return f"#TABS({start}, {twips(draft.tab)}, ({''.join(f'{stop}, ' for stop in stops)}), {pieces})"


def _stop(draft: Draft, stop: tuple[float, str, str], element: Element) -> str:
    place, kind, leader = stop
    if kind not in STOPS or leader != "none":
        draft.unknowns.note("the tab with dots or for decimals", element)
    if place > draft.page.text_width * 20 + 1:
        draft.unknowns.note("the tab beyond the margin", element)
    return f'({twips(place)}, "{STOPS.get(kind, "left")}")'


def paragraph_function(draft: Draft, look: ParagraphLook, text: TextLook, element: Element) -> str:
    """The name of the function that sets a paragraph of this kind."""
    body = paragraph_body(draft, look, text, element)
    boxed = _box(draft, look, element)
    options = [
        f"above: {twips(look.before)}",
        f"below: {twips(look.after)}",
        "width: 100%",
        _option("inset", _indents(look)),
        "sticky: true" if look.keep_next else "",
        "breakable: false" if look.keep_lines else "",
    ]
    code = call("block", *options, call("block", *boxed, "width: 100%", body) if boxed else body)
    if look.new_page:
        code = f"{{ pagebreak(weak: true); {code} }}"
    return draft.definitions.define("p", "b", code)


def _option(name: str, value: str) -> str:
    return f"{name}: {value}" if value else ""


def _indents(look: ParagraphLook) -> str:
    left = look.left + min(look.first_indent, 0)
    return sides(left=twips(left) if left else "", right=twips(look.right) if look.right else "")


def paragraph_body(draft: Draft, look: ParagraphLook, text: TextLook, element: Element, *, bare: bool = False) -> str:
    """What sets the text `b` of a paragraph, without the space around it; `bare`: no paragraph of its own if it can."""
    settings = text_settings(draft, text, look, (draft.styles.base.text, draft.base), element)
    if not look.widows:
        settings.append("costs: (widow: 0%, orphan: 0%)")
    if look.right_to_left:
        settings.append("dir: rtl")
    body = _heading(look, text, settings) if look.outline < 6 else _plain(look, settings, bare)
    aligned = ALIGNED.get(look.align, "")
    if look.right_to_left:
        aligned = TURNED.get(look.align, "right")
    return call("align", aligned, body) if aligned else body


def _heading(look: ParagraphLook, text: TextLook, settings: list[str]) -> str:
    """A heading says its size and weight, or it would have Typst's own."""
    said = {one.partition(":")[0] for one in settings}
    own = (f"size: {points(text.size)}", f'weight: "{"bold" if text.bold else "regular"}"')
    settings = [*settings, *(one for one in own if one.partition(":")[0] not in said)]
    return call("heading", f"level: {look.outline + 1}", call("text", *settings, "b"))


def _plain(look: ParagraphLook, settings: list[str], bare: bool) -> str:
    options = []
    if look.first_indent < 0:
        options.append(f"hanging-indent: {twips(-look.first_indent)}")
    elif look.first_indent > 0:
        options.append(f"first-line-indent: (amount: {twips(look.first_indent)}, all: true)")
    if look.align in JUSTIFIED:
        options.append("justify: true")
    body = call("par", *options, "b") if options else ("b" if bare else "PAR(b)")
    return call("text", *settings, body) if settings else body


def _box(draft: Draft, look: ParagraphLook, element: Element) -> list[str]:
    """The lines and the shade round a paragraph."""
    if not look.borders and not look.shade:
        return []
    if any(_has_same_box(draft, look, beside) for beside in (element.getprevious(), element.getnext())):
        draft.unknowns.note("the border or shade that paragraphs share", element)
    widths: dict[str, float] = {}
    lines: dict[str, str] = {}
    spaces: dict[str, float] = {}
    for side, values in look.borders:
        said = dict(values)
        if side not in ("top", "bottom", "left", "right") or said.get("val") not in DRAWN or "shadow" in said:
            draft.unknowns.note("the border of an unusual kind", element)
        widths[side] = measure_of(said.get("sz"), 4) / 8
        lines[side] = f"{points(widths[side])} + {colour(said.get('color', 'auto'))}"
        spaces[side] = measure_of(said.get("space"))
    inner = {side: points(spaces[side] + widths[side]) for side in ("top", "bottom") if side in widths}
    outer = {side: points(spaces[side]) for side in ("left", "right") if side in widths}
    fill = f"fill: {colour(look.shade)}" if look.shade else ""
    return [
        fill,
        _option("stroke", sides(**lines)),
        _option("inset", sides(**inner)),
        _option("outset", sides(**outer)),
    ]


def _has_same_box(draft: Draft, look: ParagraphLook, beside: Element) -> bool:
    if beside is None or beside.tag != w("p"):
        return False
    other, _ = draft.looks_of(beside)
    return (other.borders, other.shade) == (look.borders, look.shade)


def without_space(look: ParagraphLook) -> ParagraphLook:
    """The same look without the space and indents that something around it gives."""
    return replace(look, before=0.0, after=0.0, left=0.0, hanging=0.0, first=0.0)

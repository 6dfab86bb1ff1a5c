"""Lists as code: items of one look in a row become one list, so that a screen reader counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.printing.typeset.code import call, quote, twips
from service.printing.typeset.translate.draft import Draft
from service.printing.typeset.translate.inline import holds
from service.printing.typeset.translate.looks import ParagraphLook, TextLook
from service.printing.typeset.translate.numbering import Level
from service.printing.typeset.translate.paragraph_code import (
    paragraph_body,
    read_tokens,
    without_space,
    write_inside,
)
from service.printing.typeset.translate.text_code import text_settings
from service.printing.typeset.translate.tree import Control, Node, leaves
from service.word.parts import Element, w

SYMBOLS: Final = {"\uf0b7": "•", "\uf0a7": "▪", "o": "o", "\uf0d8": "➢"}
"""Bullets of the fonts Symbol and Wingdings, and what is drawn instead."""
PATTERNS: Final = {"decimal": "1", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


def list_key(draft: Draft, element: Element) -> tuple[object, ...] | None:
    """What items of one list have in common; None for what is no item."""
    if element.tag != w("p"):
        return None
    look, text = draft.looks_of(element)
    return (look, text) if look.is_listed and not look.frame else None


def write_list(draft: Draft, nodes: Sequence[Node], part: str) -> str:
    """Items of one look as markup."""
    first = next(leaves(nodes[0]))
    look, text = draft.looks_of(first)
    level = draft.lists[look.list_id].levels[look.level]
    if level.set_right or look.hanging <= 0 or level.suffix != "tab":
        draft.unknowns.note("the list whose labels do not hang", first)
    if level.kind == "bullet":
        return _write_bullets(draft, nodes, part, look, text, level, first)
    return _write_numbers(draft, nodes, part, look, text, level, first)


def _write_bullets(
    draft: Draft, nodes: Sequence[Node], part: str, look: ParagraphLook, text: TextLook, level: Level, first: Element
) -> str:
    label, drawn = level.label, replace(text, **level.text)
    if label in SYMBOLS or not draft.faces.has(drawn.font):
        label, drawn = SYMBOLS.get(label, label), text
    marker = f"marker: {_label(draft, look, drawn, quote(label))}"
    items = "..items.pos().map(f)"
    code = f"let f(b) = {_item(draft, look, text, first)}; if items.pos().len() > 0 {{ " + (
        f"{call('block', *_block(look), call('list', *_spacing(look), marker, items))} }}"
    )
    name = draft.definitions.define("l", "..items", f"{{ {code} }}")
    return f"#{name}({_items(draft, nodes, part)})\n"


def _write_numbers(
    draft: Draft, nodes: Sequence[Node], part: str, look: ParagraphLook, text: TextLook, level: Level, first: Element
) -> str:
    depth = int(look.level)
    others = [f"%{other}" for other in range(1, 10) if other != depth + 1]
    if level.kind not in PATTERNS or any(one in level.label for one in others):
        draft.unknowns.note("the list numbered in an unusual way", first)
    if any(isinstance(one, Control) for one in nodes):
        draft.unknowns.note("the numbered list in a condition or loop", first)
    head, _, tail = level.label.partition(f"%{depth + 1}")
    label = f'{quote(head)} + numbering("{PATTERNS.get(level.kind, "1")}", n) + {quote(tail)}'
    numbers = f"numbering: n => {_label(draft, look, replace(text, **level.text), label)}"
    options = (*_spacing(look), "start: n", "number-align: start + top", numbers, "..items.pos().map(f)")
    code = f"{{ let f(b) = {_item(draft, look, text, first)}; {call('block', *_block(look), call('enum', *options))} }}"
    name = draft.definitions.define("e", "n, ..items", code)
    return f"#{name}({_count(draft, look, level, len(nodes))}, {_items(draft, nodes, part)})\n"


def _count(draft: Draft, look: ParagraphLook, level: Level, items: int) -> int:
    """The number of the first of some items; a level starts again below another item of a higher one."""
    definition, depth = draft.lists[look.list_id].definition, int(look.level)
    for other in [key for key in draft.counted if key[0] == definition and key[1] > depth]:
        del draft.counted[other]
    first = draft.counted.get((definition, depth), level.start)
    draft.counted[definition, depth] = first + items
    return first


def _label(draft: Draft, look: ParagraphLook, text: TextLook, label: str) -> str:
    settings = text_settings(draft, text, look, (draft.styles.base.text, draft.base))
    return f"box(width: {twips(look.hanging)}, align(left, {call('text', *settings, label)}))"


def _item(draft: Draft, look: ParagraphLook, text: TextLook, first: Element) -> str:
    return paragraph_body(draft, without_space(look), text, first)


def _spacing(look: ParagraphLook) -> tuple[str, ...]:
    between = 0 if look.contextual else max(look.before, look.after)
    indent = f"indent: {twips(look.left - look.hanging)}"
    return indent, "body-indent: 0pt", f"spacing: {twips(between)}", "tight: false"


def _block(look: ParagraphLook) -> tuple[str, ...]:
    kept = "sticky: true" if look.keep_next else ""
    whole = "breakable: false" if look.keep_lines else ""
    return f"above: {twips(look.before)}", f"below: {twips(look.after)}", kept, whole


def _items(draft: Draft, nodes: Sequence[Node], part: str) -> str:
    return "".join(_write_item(draft, one, part) for one in nodes)


def _write_item(draft: Draft, node: Node, part: str) -> str:
    if isinstance(node, Control):
        return f"..{draft.control(node, lambda inner: f'({_items(draft, inner, part)})', '()')},"
    look, text = draft.looks_of(node)
    tokens = read_tokens(draft, node, part)
    if holds(tokens, "tab") or holds(tokens, "page"):
        draft.unknowns.note("the tab or page break in a list", node)
    return f"[{write_inside(draft, tokens, look, text, node)}],"

"""Lists as code: items of one look in a row become one list, so that a screen reader counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
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
MOST_WHOLE: Final = 12
"""Items that are kept together; more might not have room on a page, where Typst prints over its end."""
PATTERNS: Final = {"decimal": "1", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


def list_key(draft: Draft, element: Element) -> tuple[object, ...] | None:
    """What items of one list have in common; None for what is no item."""
    if element.tag != w("p"):
        return None
    look, text = draft.looks_of(element)
    return (replace(look, keep_next=False), text) if look.is_listed and not look.frame else None


@dataclass(frozen=True, slots=True)
class _Run:
    """Items that become one list: how they look, the first of them, and how their block is kept on a page."""

    nodes: Sequence[Node]
    look: ParagraphLook
    text: TextLook
    level: Level
    first: Element
    block: tuple[str, ...]


def write_list(draft: Draft, nodes: Sequence[Node], part: str) -> str:
    """Items that differ at most in whether they stand on the page of the next, as markup."""
    kept = [[draft.looks_of(one)[0].keep_next for one in leaves(node)] for node in nodes]
    *others, last = (one for each in kept for one in each)
    if all(others) or not any((*others, last)):
        return _write_run(draft, nodes, part, is_whole=len(others) > 0 and all(others), is_kept=last)
    runs = groupby(zip(nodes, kept, strict=True), lambda one: one[1])
    together = [([node for node, _ in run], each) for each, run in runs]
    if any(len(set(each)) > 1 for _, each in together):
        draft.unknowns.note("the list of which only some items are kept with the next", next(leaves(nodes[0])))
    return "".join(_write_run(draft, some, part, is_whole=False, is_kept=each[0]) for some, each in together)


def _write_run(draft: Draft, nodes: Sequence[Node], part: str, *, is_whole: bool, is_kept: bool) -> str:
    first = next(leaves(nodes[0]))
    look, text = draft.looks_of(first)
    level = draft.lists[look.list_id].levels[look.level]
    if level.set_right or look.hanging <= 0 or level.suffix != "tab":
        draft.unknowns.note("the list whose labels do not hang", first)
    run = _Run(nodes, look, text, level, first, _block(look, is_whole=is_whole, is_kept=is_kept))
    return (_write_bullets if level.kind == "bullet" else _write_numbers)(draft, run, part)


def _write_bullets(draft: Draft, run: _Run, part: str) -> str:
    label, drawn = run.level.label, replace(run.text, **run.level.text)
    if label in SYMBOLS or not draft.faces.has(drawn.font):
        label, drawn = SYMBOLS.get(label, label), run.text
    marker = f"marker: {_label(draft, run.look, drawn, quote(label))}"
    items = "..items.pos().map(f)"
    code = f"let f(b) = {_item(draft, run)}; if items.pos().len() > 0 {{ " + (
        f"{call('block', *run.block, call('list', *_spacing(run.look), marker, items))} }}"
    )
    name = draft.definitions.define("l", "..items", f"{{ {code} }}")
    return f"#{name}({_items(draft, run.nodes, part)})\n"


def _write_numbers(draft: Draft, run: _Run, part: str) -> str:
    level, depth = run.level, int(run.look.level)
    others = [f"%{other}" for other in range(1, 10) if other != depth + 1]
    if level.kind not in PATTERNS or any(one in level.label for one in others):
        draft.unknowns.note("the list numbered in an unusual way", run.first)
    if any(isinstance(one, Control) for one in run.nodes):
        draft.unknowns.note("the numbered list in a condition or loop", run.first)
    head, _, tail = level.label.partition(f"%{depth + 1}")
    label = f'{quote(head)} + numbering("{PATTERNS.get(level.kind, "1")}", n) + {quote(tail)}'
    numbers = f"numbering: n => {_label(draft, run.look, replace(run.text, **level.text), label)}"
    options = (*_spacing(run.look), "start: n", "number-align: start + top", numbers, "..items.pos().map(f)")
    code = f"{{ let f(b) = {_item(draft, run)}; {call('block', *run.block, call('enum', *options))} }}"
    name = draft.definitions.define("e", "n, ..items", code)
    return f"#{name}({_count(draft, run.look, level, len(run.nodes))}, {_items(draft, run.nodes, part)})\n"


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


def _item(draft: Draft, run: _Run) -> str:
    return paragraph_body(draft, without_space(run.look), run.text, run.first)


def _spacing(look: ParagraphLook) -> tuple[str, ...]:
    between = 0 if look.contextual else max(look.before, look.after)
    indent = f"indent: {twips(look.left - look.hanging)}"
    return indent, "body-indent: 0pt", f"spacing: {twips(between)}", "tight: false"


def _block(look: ParagraphLook, *, is_whole: bool, is_kept: bool) -> tuple[str, ...]:
    kept = "sticky: true" if is_kept else ""
    whole = f"breakable: items.pos().len() > {MOST_WHOLE}" if is_whole or look.keep_lines else ""
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

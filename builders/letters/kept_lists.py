"""Lists that stay on one page with what leads to them: no bullet begins a page alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from builders.letters.wording import Block, Paragraph, Tag

BULLET, TEXT = "ListBullet", "BodyText"
FOR, END = "{% for ", "{% endfor %}"
ALL_BUT_LAST = (Tag("{% if loop.revindex != 1 %}"), Tag("{% else %}"), Tag("{% endif %}"))


def keep_lists(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks; a list, and the text before it, is kept with what follows, but for its last bullet."""
    out: list[Block] = []
    at = 0
    while at < len(blocks):
        items = _items_from(blocks, at)
        if items:
            if out and isinstance(out[-1], Paragraph) and out[-1].style == TEXT:
                out[-1] = replace(out[-1], is_kept=True)
            out += _kept(items)
        else:
            out.append(blocks[at])
        at += sum(map(len, items)) or 1
    return tuple(out)


def _items_from(blocks: Sequence[Block], at: int) -> list[Sequence[Block]]:
    """The items of a list that begins here: a bullet, or a loop with one."""
    items: list[Sequence[Block]] = []
    while at < len(blocks) and (size := _size_of_item(blocks[at : at + 3])):
        items.append(blocks[at : at + size])
        at += size
    return items


def _size_of_item(blocks: Sequence[Block]) -> int:
    if _is_bullet(blocks[0]):
        return 1
    if len(blocks) < 3 or not (isinstance(blocks[0], Tag) and isinstance(blocks[2], Tag)):
        return 0
    is_loop = blocks[0].text.startswith(FOR) and blocks[2].text == END
    return 3 if is_loop and _is_bullet(blocks[1]) else 0


def _is_bullet(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.style == BULLET


def _kept(items: Sequence[Sequence[Block]]) -> list[Block]:
    out = [_keep(block) for item in items[:-1] for block in item]
    if len(items[-1]) == 1:
        return [*out, *items[-1]]
    start, bullet, end = items[-1]
    when, otherwise, done = ALL_BUT_LAST
    return [*out, start, when, _keep(bullet), otherwise, bullet, done, end]


def _keep(block: Block) -> Block:
    return replace(block, is_kept=True) if isinstance(block, Paragraph) else block

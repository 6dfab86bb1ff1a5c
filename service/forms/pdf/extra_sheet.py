"""The sheets that texts continue on when they are longer than their boxes: each text under its field's label."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from service.forms.pdf.base import Base
from service.forms.pdf.boxes import FormField
from service.forms.pdf.fonts import FontShelf
from service.forms.pdf.lines import break_lines
from service.forms.pdf.palette import Palette

SIZE, LABEL_SIZE, HEADING_SIZE = 10.0, 9.0, 14.0
LEADING, MARGIN = 13.5, 50.0

Item = tuple[str, float, float]
"""Content to show, the room from the line above it, and how deep it reaches."""


def extra_sheets(
    base: Base,
    texts: list[tuple[FormField, str]],
    palette: Palette,
    shelf: FontShelf,
    allot: Callable[[int], int],
) -> list[tuple[int, str]]:
    """The objects of as many sheets as the texts need, and of the list of pages with them at its end."""
    objects: list[tuple[int, str]] = []
    numbers = []
    for content in _pages(base, texts, palette, shelf):
        page = allot(2)
        numbers.append(page)
        objects.append((page + 1, f"<</Length {len(content)}>>stream\n{content}\nendstream"))
        objects.append(
            (
                page,
                f"<</Type/Page/Parent {base.pages_number} 0 R/MediaBox[0 0 {base.sheet.width:g} {base.sheet.height:g}]"
                f"/Resources {base.resources} 0 R/Contents {page + 1} 0 R>>",
            )
        )
    kids = " ".join(f"{number} 0 R" for number in numbers)
    pages = f"{base.pages_head}/Kids[{base.pages_kids} {kids}]/Count {base.pages_count + len(numbers)}>>"
    return [*objects, (base.pages_number, pages)]


def _pages(base: Base, texts: list[tuple[FormField, str]], palette: Palette, shelf: FontShelf) -> Iterator[str]:
    """The content of each sheet."""
    shown: list[str] = []
    height = 0.0
    for text, above, below in _lines(base, texts, palette, shelf):
        if not shown or height - above - below < MARGIN:
            if shown:
                yield _page_content(shown)
            shown, height = [], base.sheet.height - MARGIN
            for heading, step, _ in _heading(palette, shelf):
                height -= step
                shown.append(f"1 0 0 1 {MARGIN:g} {height:.2f} Tm {heading}")
        height -= above
        shown.append(f"1 0 0 1 {MARGIN:g} {height:.2f} Tm {text}")
    yield _page_content(shown)


def _heading(palette: Palette, shelf: FontShelf) -> Iterator[Item]:
    yield from _items("Extra sheet", HEADING_SIZE, 1000.0, palette, shelf)
    yield from _items(
        "Text that is longer than its box on the form continues here.", LABEL_SIZE, 5000.0, palette, shelf
    )


def _lines(base: Base, texts: list[tuple[FormField, str]], palette: Palette, shelf: FontShelf) -> Iterator[Item]:
    room = base.sheet.width - 2 * MARGIN
    for field, text in texts:
        label = f"{field.label} (page {field.box.page})"
        first = True
        for content, above, below in _items(label, LABEL_SIZE, room, palette, shelf):
            yield f"0.12 0.23 0.37 rg {content}", above + (14.0 if first else 0.0), below + LEADING
            first = False
        for content, above, below in _items(text, SIZE, room, palette, shelf):
            yield f"0 g {content}", above, below


def _items(text: str, size: float, room: float, palette: Palette, shelf: FontShelf) -> Iterator[Item]:
    depth = 0.0
    for line in break_lines(text, room * 1000 / size, palette.text_font.widths, shelf):
        above = max(LEADING * size / SIZE, (line.up + depth) * size / 1000)
        depth = line.down
        yield line.draw(size, palette), above, depth * size / 1000


def _page_content(shown: list[str]) -> str:
    return f"BT {' '.join(shown)} ET"

"""What is drawn in a form's box: text that wraps, shrinks and at last continues elsewhere; ticks as strokes.

Every drawing is a piece of PDF content in points from the box's lower left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from service.forms.pdf.fonts import FontShelf
from service.forms.pdf.lines import Line, break_lines, one_line, text_of
from service.forms.pdf.palette import Palette
from service.forms.pdf.shaping import split_clusters

SMALLEST = 8.0
"""Points; smaller letters are not readable on paper, so longer text continues on an extra sheet."""

LARGEST_AUTOMATIC = 12.0
LEADING = 1.25
CAPITAL = 0.714


@dataclass(frozen=True, slots=True)
class TextBox:
    """A box for text. `size` 0 means chosen to fit; `align` is 0 left, 1 centre, 2 right; `cells` a comb's, or 0."""

    width: float
    height: float
    size: float
    align: int
    colour: str
    frame: str
    padding: float
    multiline: bool
    cells: int

    @property
    def room(self) -> float:
        """The width for text, in points."""
        return self.width - 2 * self.padding

    def first_size(self) -> float:
        """The size that text starts with before it is shrunk."""
        if self.size:
            return self.size
        if self.multiline:
            return 10.0
        return max(4.0, min(LARGEST_AUTOMATIC, floor(self.height / 1.4 * 2) / 2))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn in a box, and the text that has to continue on an extra sheet (empty when all of it fits)."""

    content: str
    rest: str = ""


def draw_text(box: TextBox, text: str, palette: Palette, shelf: FontShelf) -> Drawing:
    """A clean text in its box, as large as it fits between the box's own size and the smallest readable one."""
    if not text:
        return Drawing(_wrap(box, ""))
    if box.cells:
        return _draw_comb(box, text, palette, shelf)
    if box.multiline:
        return _draw_lines(box, text, palette, shelf)
    return _draw_one_line(box, text.replace("\n", " "), palette, shelf)


def _draw_one_line(box: TextBox, text: str, palette: Palette, shelf: FontShelf) -> Drawing:
    line = one_line(text, palette.text_font.widths, shelf)
    size = _size_that_fits(box, line)
    if size >= min(SMALLEST, box.first_size()):
        return Drawing(_wrap(box, _place(box, line, size, _base_of(box, line, size), palette)))
    size = min(SMALLEST, box.first_size())
    mark = one_line(" …", palette.text_font.widths, shelf)
    head = break_lines(text, max(box.room * 1000 / size - mark.width, 1), palette.text_font.widths, shelf)[0]
    shown = one_line(head.text.rstrip() + " …", palette.text_font.widths, shelf)
    size = min(size, _size_that_fits(box, shown))
    return Drawing(_wrap(box, _place(box, shown, size, _base_of(box, shown, size), palette)), text)


def _size_that_fits(box: TextBox, line: Line) -> float:
    """The largest size, in tenths of a point, at which the line's ink stays in the box."""
    size = box.first_size()
    if line.width * size > box.room * 1000:
        size = floor(box.room * 10000 / line.width) / 10
    if (line.up + line.down) > 1250 and (line.up + line.down) * size > (box.height - 1) * 1000:
        size = floor((box.height - 1) * 10000 / (line.up + line.down)) / 10
    return size


def _base_of(box: TextBox, line: Line, size: float) -> float:
    """Where the line stands: its capitals in the middle, unless its ink would then leave the box."""
    base = (box.height - CAPITAL * size) / 2
    if line.up + line.down > 1250:
        lowest, highest = 0.5 + line.down * size / 1000, box.height - 0.5 - line.up * size / 1000
        base = min(max(base, lowest), max(highest, lowest))
    return base


def _draw_lines(box: TextBox, text: str, palette: Palette, shelf: FontShelf) -> Drawing:
    size = box.first_size()
    smallest = min(size, SMALLEST)
    while True:
        lines = break_lines(text, box.room * 1000 / size, palette.text_font.widths, shelf)
        places = _bases(box, lines, size)
        if len(places) == len(lines):
            return Drawing(_wrap(box, _place_all(box, lines, places, size, palette)))
        if size <= smallest:
            return _draw_beginning(box, text, lines, size, palette, shelf)
        size = max(size - 0.5, smallest)


def _bases(box: TextBox, lines: list[Line], size: float) -> list[float]:
    """The height of every line that fits, from the top down."""
    places: list[float] = []
    base = box.height - 2.0
    depth = 0.0
    for place, line in enumerate(lines):
        step = line.up if place == 0 else max(LEADING * 1000, line.up + depth)
        base -= step * size / 1000
        depth = line.down
        if base - depth * size / 1000 < 0.5:
            break
        places.append(base)
    return places


def _draw_beginning(
    box: TextBox, text: str, lines: list[Line], size: float, palette: Palette, shelf: FontShelf
) -> Drawing:
    """As many lines as there is room for, the last of them saying that the text goes on."""
    places = _bases(box, lines, size)
    if len(places) < 2:
        flat = TextBox(box.width, box.height, size, box.align, box.colour, box.frame, box.padding, False, 0)
        return _draw_one_line(flat, text.replace("\n", " "), palette, shelf)
    kept = lines[: len(places) - 1]
    note = one_line("… continued on the extra sheet", palette.text_font.widths, shelf)
    if note.width * size > box.room * 1000:
        note = one_line("…", palette.text_font.widths, shelf)
    content = _place_all(box, [*kept, note], places, size, palette)
    return Drawing(_wrap(box, content), text_of(lines[len(kept) :]))


def _draw_comb(box: TextBox, text: str, palette: Palette, shelf: FontShelf) -> Drawing:
    size, cell = box.first_size(), box.width / box.cells
    parts = []
    for place, cluster in enumerate(split_clusters(text)):
        line = one_line(cluster, palette.text_font.widths, shelf)
        x = place * cell + (cell - line.width * size / 1000) / 2
        parts.append(f"1 0 0 1 {x:.2f} {_base_of(box, line, size):.2f} Tm {line.draw(size, palette)}")
    return Drawing(_wrap(box, " ".join(parts)))


def _place_all(box: TextBox, lines: list[Line], places: list[float], size: float, palette: Palette) -> str:
    return " ".join(_place(box, line, size, base, palette) for line, base in zip(lines, places, strict=True))


def _place(box: TextBox, line: Line, size: float, base: float, palette: Palette) -> str:
    spare = box.room - line.width * size / 1000
    align = 2 if line.leftwards and box.multiline and box.align == 0 else box.align
    x = box.padding + spare * align / 2 - line.lead * size / 1000
    return f"1 0 0 1 {x:.2f} {base:.2f} Tm {line.draw(size, palette)}"


def _wrap(box: TextBox, text: str) -> str:
    if not text:
        return f"{box.frame}/Tx BMC EMC"
    return f"{box.frame}/Tx BMC q BT {box.colour} {text} ET Q EMC"

"""Text broken into lines: ordinary text quickly, any other through shaping. Widths in thousandths of an em."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from service.forms.pdf.fonts import FontShelf
from service.forms.pdf.palette import Palette
from service.forms.pdf.shaping import (
    Run,
    Word,
    drawing_order,
    reads_right_to_left,
    shape_words,
    split_clusters,
)

TEXT_UP, TEXT_DOWN = 1000.0, 250.0
"""How far ordinary letters reach above the line (with two accents on a capital) and below it."""


@dataclass(frozen=True, slots=True)
class PlainLine:
    """A line of ordinary text: one glyph for each character, from left to right."""

    text: str
    width: float
    last: bool = True
    leftwards: bool = False
    lead: float = 0.0
    up: float = TEXT_UP
    down: float = TEXT_DOWN

    def draw(self, size: float, palette: Palette) -> str:
        """The operators that show it from the current point."""
        return f"/T {size:g} Tf <{self.text.rstrip(' ').encode('utf-16-be').hex()}> Tj"


@dataclass(frozen=True, slots=True)
class ShapedLine:
    """A line of any script: runs in drawing order; `lead` is the room that spaces at its end take on the left."""

    text: str
    width: float
    runs: tuple[Run, ...]
    last: bool
    leftwards: bool
    lead: float
    up: float
    down: float

    def draw(self, size: float, palette: Palette) -> str:
        """The operators that show it from the current point."""
        return " ".join(palette.show(run, size) for run in self.runs)


Line = PlainLine | ShapedLine


def break_lines(text: str, room: float, widths: Mapping[str, float], shelf: FontShelf) -> list[Line]:
    """The lines of a clean text in a room so wide. A word wider than the room is broken between its letters."""
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        try:
            lines += _fill_plain(paragraph, room, widths)
        except KeyError:
            lines += _fill_shaped(paragraph, room, shelf)
    return lines


def one_line(text: str, widths: Mapping[str, float], shelf: FontShelf) -> Line:
    """The whole text on one line, however wide."""
    try:
        return PlainLine(text, sum(map(widths.__getitem__, text)))
    except KeyError:
        return _shaped_line(shape_words(text, shelf), reads_right_to_left(text), True)


def text_of(lines: list[Line]) -> str:
    """What the lines say, with the paragraphs' ends where they were."""
    return "".join(line.text + ("\n" if line.last else "") for line in lines).rstrip("\n")


def _fill_plain(paragraph: str, room: float, widths: Mapping[str, float]) -> list[PlainLine]:
    space = widths[" "]
    lines: list[PlainLine] = []
    text, width = "", 0.0
    for word in paragraph.split(" "):
        wide = sum(map(widths.__getitem__, word))
        if text and width + wide > room:
            lines.append(PlainLine(text, width - space, last=False))
            text, width = "", 0.0
        while wide > room and len(word) > 1:
            head = _letters_that_fit(word, room, widths)
            lines.append(PlainLine(word[:head], sum(map(widths.__getitem__, word[:head])), last=False))
            word = word[head:]
            wide = sum(map(widths.__getitem__, word))
        text += word + " "
        width += wide + space
    return [*lines, PlainLine(text[:-1], width - space)]


def _letters_that_fit(word: str, room: float, widths: Mapping[str, float]) -> int:
    width = 0.0
    for place, character in enumerate(word):
        width += widths[character]
        if width > room:
            return max(place, 1)
    return len(word)


def _fill_shaped(paragraph: str, room: float, shelf: FontShelf) -> list[ShapedLine]:
    leftwards = reads_right_to_left(paragraph)
    lines, words, width = [], list[Word](), 0.0
    for word in _narrow_words(shape_words(paragraph, shelf), room, shelf):
        if words and width + word.width - word.trailing > room:
            lines.append(_shaped_line(words, leftwards, False))
            words, width = [], 0.0
        words.append(word)
        width += word.width
    return [*lines, _shaped_line(words, leftwards, True)]


def _narrow_words(words: list[Word], room: float, shelf: FontShelf) -> Iterator[Word]:
    """The words, those wider than the room cut into their letters."""
    for word in words:
        if word.width - word.trailing <= room:
            yield word
        else:
            yield from chain.from_iterable(shape_words(cluster, shelf) for cluster in split_clusters(word.text))


def _shaped_line(words: list[Word], leftwards: bool, last: bool) -> ShapedLine:
    runs = [run for word in words for run in word.runs]
    trailing = words[-1].trailing if words else 0.0
    width = sum(word.width for word in words) - trailing
    up, down = _reach(runs)
    text = "".join(word.text for word in words)
    return ShapedLine(
        text, width, tuple(drawing_order(runs)), last, leftwards, trailing if leftwards else 0.0, up, down
    )


def _reach(runs: list[Run]) -> tuple[float, float]:
    up, down = TEXT_UP, TEXT_DOWN
    for run in runs:
        ink: Callable[[int], tuple[float, float]] = run.typeface.ink
        for glyph in run.glyphs:
            top, bottom = ink(glyph.number)
            up, down = max(up, top + glyph.up), max(down, -bottom - glyph.up)
    return up, down

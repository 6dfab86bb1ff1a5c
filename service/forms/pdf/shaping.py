"""Text of any script as glyphs in the order they are drawn: joined, reordered, marks placed, right to left where due.

Ordinary text (one glyph for each character, left to right) never comes here; `appearance.py` draws it directly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import uharfbuzz as hb
from bidi import algorithm as bidi

from service.forms.pdf.fonts import FontShelf, Typeface

_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_JOINERS = "\u200c\u200d"
_NEVER_DRAWN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_WORDS = re.compile(r"[^ ]* *")
_EAST_ASIAN = re.compile("([\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph: where it stands against the pen, how far it moves it, and the text it is the first glyph of."""

    number: int
    advance: float
    right: float
    up: float
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one typeface in one direction, already in drawing order; `level` is odd from right to left."""

    typeface: Typeface
    level: int
    text: str
    glyphs: tuple[Glyph, ...]

    @property
    def width(self) -> float:
        """In thousandths of an em."""
        return sum(glyph.advance for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class Word:
    """Text that no line break may split: its runs in reading order, its width, and that of its trailing spaces."""

    text: str
    runs: tuple[Run, ...]
    width: float
    trailing: float


def clean_text(text: str) -> str:
    """The text composed (NFC), with one kind of line break and no characters that show nothing."""
    if text.isascii() and "\r" not in text and "\t" not in text:
        return text
    composed = unicodedata.normalize("NFC", _BREAKS.sub("\n", text))
    return _NEVER_DRAWN.sub("", composed).replace("\t", " ")


def undrawable_characters(text: str, shelf: FontShelf) -> list[str]:
    """Each character of a clean text that no font draws, or that is a control or direction character, once."""
    found = {}
    for cluster in split_clusters(text.replace("\n", " ")):
        hidden = [character for character in cluster if _is_forbidden(character)]
        drawn = cluster if all(mark in _JOINERS for mark in cluster) else cluster.translate(_WITHOUT_JOINERS)
        if hidden:
            found.update(dict.fromkeys(hidden))
        elif drawn.strip(_JOINERS) and _typeface_of(drawn, shelf) is None:
            found.update(dict.fromkeys(_missing_in(drawn, shelf)))
    return list(found)


def split_clusters(text: str) -> list[str]:
    """The text as letters, each with the marks and joiners that follow it."""
    clusters: list[str] = []
    for character in text:
        if clusters and (unicodedata.category(character).startswith("M") or character in _JOINERS):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def reads_right_to_left(paragraph: str) -> bool:
    """Whether the first letter with a direction is Arabic, Hebrew or the like."""
    return bool(bidi.get_base_level(paragraph) == 1)


def shape_words(paragraph: str, shelf: FontShelf) -> list[Word]:
    """One paragraph (no line break in it) as the words a line can be filled with."""
    levels = _levels(paragraph)
    words, start = [], 0
    for piece in _split_words(paragraph):
        end = start + len(piece)
        runs = tuple(_shape_runs(piece, levels[start:end], shelf))
        width = sum(run.width for run in runs)
        bare = len(piece.rstrip(" "))
        words.append(Word(piece, runs, width, (len(piece) - bare) * _space(shelf)))
        start = end
    return words


def drawing_order(runs: list[Run]) -> list[Run]:
    """The runs of one line from left to right (rule L2 of the Unicode bidirectional algorithm)."""
    ordered = list(runs)
    for level in range(max((run.level for run in ordered), default=0), 0, -1):
        groups = [(high, list(group)) for high, group in groupby(ordered, key=lambda run: run.level >= level)]
        ordered = [run for high, group in groups for run in (reversed(group) if high else group)]
    return ordered


def _split_words(paragraph: str) -> Iterator[str]:
    for word in _WORDS.findall(paragraph):
        pieces = _EAST_ASIAN.split(word) if word else []
        yield from (piece for piece in pieces if piece)


def _levels(paragraph: str) -> list[int]:
    """The embedding level of every character; 0 throughout for text without right-to-left letters."""
    if not any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in paragraph):
        return [0] * len(paragraph)
    storage = bidi.get_empty_storage()
    base = bidi.get_base_level(paragraph)
    storage["base_level"], storage["base_dir"] = base, ("L", "R")[base]
    bidi.get_embedding_levels(paragraph, storage)
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    levels = [character["level"] for character in storage["chars"]]
    if len(levels) != len(paragraph):  # joiners were taken out: each keeps its neighbour's level
        kept = iter(levels)
        levels = _spread_levels(paragraph, kept, base)
    return levels


def _spread_levels(paragraph: str, kept: Iterator[int], base: int) -> list[int]:
    levels: list[int] = []
    for character in paragraph:
        removed = unicodedata.bidirectional(character) == "BN"
        levels.append((levels[-1] if levels else base) if removed else next(kept, base))
    return levels


def _shape_runs(piece: str, levels: list[int], shelf: FontShelf) -> Iterator[Run]:
    """A word's runs: cut where typeface or direction changes."""
    parts: list[tuple[Typeface, int, str]] = []
    place = 0
    for cluster in split_clusters(piece):
        previous = parts[-1][0] if parts else None
        typeface = _typeface_of(cluster, shelf, previous) or shelf.text
        level = levels[place]
        place += len(cluster)
        if parts and parts[-1][:2] == (typeface, level):
            parts[-1] = (typeface, level, parts[-1][2] + cluster)
        else:
            parts.append((typeface, level, cluster))
    for typeface, level, text in parts:
        yield Run(typeface, level, text, _shape(typeface, text, level % 2 == 1))


def _shape(typeface: Typeface, text: str, leftwards: bool) -> tuple[Glyph, ...]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.language = "en"  # else the machine's own locale would decide
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if leftwards else "ltr"
    hb.shape(typeface.font, buffer)
    starts = sorted({info.cluster for info in buffer.glyph_infos})
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    glyphs, scale, said = [], typeface.scale, set()
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        says = "" if info.cluster in said else text[info.cluster : ends[info.cluster]]
        said.add(info.cluster)
        glyphs.append(
            Glyph(
                info.codepoint, position.x_advance * scale, position.x_offset * scale, position.y_offset * scale, says
            )
        )
    return tuple(glyphs)


def _typeface_of(cluster: str, shelf: FontShelf, previous: Typeface | None = None) -> Typeface | None:
    """The typeface of a cluster; punctuation and spaces stay in the typeface of what they follow."""
    drawn = cluster.translate(_WITHOUT_JOINERS) or " "
    if previous is not None and not drawn[0].isalpha() and previous.has(drawn):
        return previous
    return shelf.typeface_for(drawn)


def _missing_in(cluster: str, shelf: FontShelf) -> list[str]:
    missing = [character for character in cluster if shelf.typeface_for(character) is None]
    return missing or [cluster]


def _is_forbidden(character: str) -> bool:
    """Control, surrogate, private, unassigned and direction-changing characters: nothing a form can show."""
    return unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn", "Cf"} and character not in _JOINERS


@cache
def _space(shelf: FontShelf) -> float:
    return shelf.text.advance(shelf.text.glyph(" "))


_WITHOUT_JOINERS = {ord(joiner): None for joiner in _JOINERS}

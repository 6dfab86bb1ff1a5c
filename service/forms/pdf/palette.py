"""The fonts one filling draws with: the one prepared with the template, and others as their glyphs are needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from service.forms.pdf.embedded_font import REPERTOIRE, cut_font, font_objects
from service.forms.pdf.fonts import FontShelf, Typeface
from service.forms.pdf.shaping import Run


class TextFont:
    """The text font as it is embedded in every prepared template: one file under two names.

    `/T` takes UTF-16 codes, so that ordinary text needs no look-up; `/G` takes glyph numbers, for shaped text.
    `widths` holds every character that `/T` draws by itself, in thousandths of an em.
    """

    def __init__(self, shelf: FontShelf) -> None:
        typeface = self.typeface = shelf.text
        codes = {
            code: typeface.glyph(chr(code))
            for first, last in REPERTOIRE
            for code in range(first, last + 1)
            if code in typeface.characters
        }
        self.codes = codes
        self.glyphs = frozenset(codes.values())
        self.texts = {glyph: chr(code) for code, glyph in sorted(codes.items(), reverse=True)}
        self.widths = {chr(code): typeface.advance(glyph) for code, glyph in codes.items() if not 0x300 <= code < 0x370}

    def objects(self, first: int) -> tuple[list[str], dict[str, int]]:
        """The bodies of its objects numbered from `first`, and the number of each named font."""
        subset = cut_font(self.typeface, self.glyphs, keep_numbers=True)
        by_code = font_objects(self.typeface, subset, self.codes, {code: chr(code) for code in self.codes}, first)
        second = first + len(by_code)
        by_glyph = font_objects(self.typeface, subset, {g: g for g in self.glyphs}, self.texts, second)
        one_file = by_glyph[2].replace(f"/FontFile2 {second + 3} 0 R", f"/FontFile2 {first + 3} 0 R")
        return [*by_code, *by_glyph[:2], one_file, "null", by_glyph[4]], {"T": first, "G": second}


@dataclass(slots=True)
class _Added:
    """A font added for one filling: the code of each glyph, given out in order of use, and what each code says."""

    name: str
    codes: dict[int, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Palette:
    """What is drawn with in one filling; collects the fonts that must be added to the file."""

    text_font: TextFont
    added: dict[Typeface, _Added] = field(default_factory=dict)

    def show(self, run: Run, size: float) -> str:
        """The operators that show a run from the current point, with its text for those who copy or listen."""
        parts, font, up = [], "", 0.0
        shown: list[str] = []

        def close() -> None:
            if shown:
                parts.append(f"[{''.join(shown)}] TJ")
                shown.clear()

        for glyph in run.glyphs:
            name, code = self._code(run.typeface, glyph.number, glyph.text)
            if name != font or glyph.up != up:
                close()
                parts.append(f"/{name} {size:g} Tf {glyph.up * size / 1000:g} Ts")
                font, up = name, glyph.up
            natural = run.typeface.advance(glyph.number)
            before, after = -glyph.right, glyph.right + natural - glyph.advance
            shown.append(f"{_kern(before)}<{code:04x}>{_kern(after)}")
        close()
        says = run.text.encode("utf-16-be").hex()
        return f"/Span<</ActualText<feff{says}>>>BDC {' '.join(parts)} 0 Ts EMC"

    def _code(self, typeface: Typeface, glyph: int, text: str) -> tuple[str, int]:
        if typeface is self.text_font.typeface and glyph in self.text_font.glyphs:
            return "G", glyph
        added = self.added.setdefault(typeface, _Added(f"X{len(self.added)}"))
        code = added.codes.setdefault(glyph, len(added.codes) + 1)
        if text:
            added.texts.setdefault(code, text)
        return added.name, code

    def objects(self, allot: Callable[[int], int]) -> tuple[list[tuple[int, str]], dict[str, int]]:
        """The numbered bodies of the added fonts and the number of each by name; `allot(n)` gives n free numbers."""
        objects: list[tuple[int, str]] = []
        names = {}
        for typeface, added in self.added.items():
            subset = cut_font(typeface, frozenset({0, *added.codes}))
            first = allot(0)
            codes = {code: glyph for glyph, code in added.codes.items()}
            bodies = font_objects(typeface, subset, codes, added.texts, first)
            allot(len(bodies))
            objects += [(first + place, body) for place, body in enumerate(bodies)]
            names[added.name] = first
        return objects, names


def _kern(amount: float) -> str:
    return f"{amount:.5g}" if abs(amount) >= 0.01 else ""

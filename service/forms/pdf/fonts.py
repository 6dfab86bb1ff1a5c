"""The fonts of this machine, and which of them draws a character.

Fonts come from the operating system's packages (fonts-noto-core and the like); none is shipped. A font that a school
installs is found as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock

import uharfbuzz as hb

from service.errors import Problem, TemplateError
from service.printing.machine_fonts import find_font_files

TEXT_FONTS = ("NotoSans-Regular.ttf", "DejaVuSans.ttf")
"""What ordinary text is drawn in: the first one found. Both hold Latin, Greek, Cyrillic and Vietnamese."""

FALLBACK_FONTS = (
    "NotoSansArabic-Regular.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansBengali-Regular.ttf",
    "NotoSansGujarati-Regular.ttf",
    "NotoSansGurmukhi-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansTamil-Regular.ttf",
    "NotoSansSinhala-Regular.ttf",
    "NotoSansEthiopic-Regular.ttf",
    "NotoSansArmenian-Regular.ttf",
    "NotoSansGeorgian-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "DroidSansFallbackFull.ttf",
    "wqy-microhei.ttc",
    "DejaVuSans.ttf",
)
"""Asked in this order for a character that the text font lacks, before any other font of the machine."""


class Typeface:
    """One font file, opened once: its characters, its glyphs' widths, and its metrics in thousandths of an em."""

    def __init__(self, path: str, index: int = 0) -> None:
        self.path = path
        self.name = Path(path).stem
        self.face = hb.Face(hb.Blob.from_file_path(path), index)
        self.font = hb.Font(self.face)
        self.scale = 1000 / self.face.upem
        self.characters = frozenset(self.face.unicodes)
        self._advances: dict[int, float] = {}

    def has(self, text: str) -> bool:
        """Whether every character of a text has a glyph of its own."""
        return all(ord(character) in self.characters for character in text)

    def glyph(self, character: str) -> int:
        """The number of a character's glyph; 0 when there is none."""
        return self.font.get_nominal_glyph(ord(character)) or 0

    def advance(self, glyph: int) -> float:
        """How far a glyph moves the pen."""
        found = self._advances.get(glyph)
        if found is None:
            found = self._advances[glyph] = self.font.get_glyph_h_advance(glyph) * self.scale
        return found

    def ink(self, glyph: int) -> tuple[float, float]:
        """How high above and how deep below the line a glyph's ink reaches; the depth is negative."""
        extents = self.font.get_glyph_extents(glyph)
        if extents is None:
            return 0.0, 0.0
        top = extents.y_bearing * self.scale
        return top, top + extents.height * self.scale

    def metric(self, tag: hb.OTMetricsTag) -> float:
        """One of the font's own measures, such as the height of a capital."""
        return float(self.font.get_metric_position_with_fallback(tag) * self.scale)

    def can_be_embedded(self) -> bool:
        """Whether it holds TrueType outlines, which is what goes into a PDF here."""
        return {"glyf", "loca"} <= set(self.face.table_tags)


class FontShelf:
    """Every font that may draw a form: one for ordinary text, and others asked for what it lacks."""

    def __init__(self, text: Typeface, fallbacks: Iterable[tuple[str, int]]) -> None:
        self.text = text
        self._waiting = deque(fallbacks)
        self._opened: list[Typeface] = []
        self._unknown: set[str] = set()
        self._opening = Lock()

    @classmethod
    def open(cls, files: tuple[str, ...] = ()) -> FontShelf:
        """The shelf of this machine, or of the font files named (the first one draws ordinary text), and only those.

        Raises TemplateError when no font for ordinary text is installed.
        """
        if files:
            return cls(Typeface(files[0]), [(file, 0) for file in files[1:]])
        installed = find_font_files()
        text = next((installed[name] for name in TEXT_FONTS if name in installed), None)
        if text is None:
            raise TemplateError(
                Problem(
                    "no-font",
                    f"No font to draw forms with is installed: none of {', '.join(TEXT_FONTS)}. "
                    "Install one, on Debian: apt-get install fonts-noto-core",
                )
            )
        others = [name for name in sorted(installed) if "Regular" in name and name not in FALLBACK_FONTS]
        return cls(Typeface(*text), [installed[name] for name in (*FALLBACK_FONTS, *others) if name in installed])

    def typeface_for(self, cluster: str) -> Typeface | None:
        """The first font that has every character of a cluster (a letter with its marks), or None."""
        if self.text.has(cluster):
            return self.text
        if cluster in self._unknown:
            return None
        found = next((typeface for typeface in self._opened if typeface.has(cluster)), None) or self._open_until(
            cluster
        )
        if found is None and len(cluster) == 1:
            self._unknown.add(cluster)
        return found

    def _open_until(self, cluster: str) -> Typeface | None:
        """Opens the fonts that wait, one after another, until one of them has the cluster."""
        with self._opening:
            while self._waiting:
                typeface = Typeface(*self._waiting.popleft())
                if typeface.can_be_embedded():
                    self._opened.append(typeface)
                    if typeface.has(cluster):
                        return typeface
        return next((typeface for typeface in self._opened if typeface.has(cluster)), None)


@cache
def shared_shelf() -> FontShelf:
    """The shelf of this machine, opened once for the whole process."""
    return FontShelf.open()

"""The typefaces that letters are set in: the one that a template asks for, and a chain of others for its characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from service.printing.typeset.font_files import FontFile, install

STAND_INS: Final = {
    "Arial": ("Liberation Sans",),
    "Liberation Sans": ("Arial",),
    "Helvetica": ("Liberation Sans", "Arial"),
    "Times New Roman": ("Liberation Serif",),
    "Liberation Serif": ("Times New Roman",),
    "Courier New": ("Liberation Mono",),
    "Calibri": ("Carlito",),
    "Cambria": ("Caladea",),
    "Arial Narrow": ("Liberation Sans Narrow",),
}
"""Families whose letters are as wide, and so stand for one another."""

TEXT: Final = ("Arial", "Liberation Sans")
OTHERS: Final = (
    ("Noto Sans", "Segoe UI", "DejaVu Sans"),
    ("Noto Sans Arabic", "Noto Naskh Arabic", "Geeza Pro"),
    ("Noto Sans Hebrew",),
    ("Noto Sans Bengali", "Nirmala UI", "Kohinoor Bangla"),
    ("Noto Sans Gujarati", "Kohinoor Gujarati"),
    ("Noto Sans Gurmukhi", "Gurmukhi MN"),
    ("Noto Sans Devanagari", "Kohinoor Devanagari"),
    ("Noto Sans Tamil", "Tamil Sangam MN"),
    ("Noto Sans Sinhala",),
    ("Noto Sans Ethiopic", "Ebrima", "Kefa"),
    ("Noto Sans Armenian",),
    ("Noto Sans Georgian",),
    ("Noto Sans Thai", "Leelawadee UI", "Thonburi"),
    ("Droid Sans Fallback", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei"),
    ("DejaVu Sans",),
    ("Noto Sans Symbols2", "Noto Sans Symbols 2", "Segoe UI Symbol", "Apple Symbols"),
)
"""Asked in this order for a character that the text font lacks; of each group the first one that is there."""

NO_FONT: Final = (
    "Install Arial or Liberation Sans: neither is on this machine, and letters cannot be set without one. "
    "On Debian: apt-get install fonts-liberation"
)
NEVER_DRAWN: Final = ("Cc", "Cf", "Zs", "Zl", "Zp", "Cs")
SIGNS: Final = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"  # are drawn, round what follows
SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
PLAIN: Final = re.compile("[ -~\n\t£’‘“”–—·]*")


@dataclass(frozen=True, eq=False)
class Family:
    """A typeface: its upright face, and those beside it that are bold or italic."""

    name: str
    files: tuple[FontFile, ...]

    @cached_property
    def characters(self) -> frozenset[int]:
        """What every one of its faces draws."""
        return frozenset.intersection(*(file.characters for file in self.files))

    @property
    def measures(self) -> tuple[float, float, float]:
        """Ascent, descent and gap of its first face, in em."""
        return self.files[0].measures


class Typefaces:
    """The fonts of this machine, as far as letters are set in them."""

    def __init__(self, families: Mapping[str, Family]) -> None:
        self._families = families
        chosen = (next((one for one in group if one in families), "") for group in OTHERS)
        self._others = tuple(dict.fromkeys(one for one in chosen if one))

    @classmethod
    def of(cls, listed: Iterable[Mapping[str, Any]]) -> Typefaces:
        """The typefaces among the fonts that Typst has found."""
        files: dict[str, dict[tuple[bool, bool], FontFile]] = {}
        for one in listed:
            if one["weight"] in (400, 700) and one["stretch"] == 1.0 and one["style"] in ("normal", "italic"):
                look = (one["weight"] == 700, one["style"] == "italic")
                files.setdefault(one["family"], {}).setdefault(look, FontFile(one["path"], one["index"], *look))
        upright = {name: faces for name, faces in files.items() if (False, False) in faces}
        return cls(
            {name: Family(name, tuple(face for _, face in sorted(faces.items()))) for name, faces in upright.items()}
        )

    def why_not(self) -> str:
        """What to install where letters cannot be set in any face, or nothing."""
        return "" if any(one in self._families for one in TEXT) else NO_FONT

    def has(self, font: str) -> bool:
        """Whether there is this font, or one with letters as wide."""
        return any(one in self._families for one in (font, *STAND_INS.get(font, ())))

    def chain(self, font: str) -> tuple[str, ...]:
        """The families that draw text in this font, the first one first."""
        first = next((one for one in (font, *STAND_INS.get(font, ()), *TEXT) if one in self._families), "")
        return tuple(dict.fromkeys(one for one in (first, *self._others) if one))

    def measures(self, font: str) -> tuple[float, float, float]:
        """Ascent, descent and gap between lines in em; those of Arial where there is no font at all."""
        chain = self.chain(font)
        return self._families[chain[0]].measures if chain else (0.905, 0.212, 0.033)

    def install(self, families: Iterable[str], folder: Path) -> None:
        """Put families into a folder for Typst."""
        install([file for name in families for file in self._families[name].files], folder)

    def undrawable(self, text: str, fonts: Iterable[str] = TEXT[:1]) -> tuple[str, ...]:
        """The characters that text in these fonts would not show, as "U+16A0 RUNIC LETTER FEHU FEOH FE F".

        A letter and its marks count as one: they have to be in one face together. Each is named once, in the order of
        the text.
        """
        if PLAIN.fullmatch(text):
            return ()
        missing: dict[str, None] = {}
        for font in fonts:
            families = [self._families[name] for name in self.chain(font)]
            for cluster in dict.fromkeys(clusters(text)):
                missing |= dict.fromkeys(_lacking(cluster, families))
        return tuple(f"U+{ord(one):04X} {unicodedata.name(one, 'UNNAMED CHARACTER')}" for one in missing)


def clusters(text: str) -> list[str]:
    """A text cut into characters with their marks; what is never drawn is left out."""
    found: list[str] = []
    for character in SELECTORS.sub("", text):
        kind = unicodedata.category(character)
        if kind in NEVER_DRAWN and character not in SIGNS:
            continue
        if kind.startswith("M") and found:
            found[-1] += character
        else:
            found.append(character)
    return found


def _lacking(cluster: str, families: list[Family]) -> str:
    """The characters of a cluster that keep it from being drawn; "" when one family draws it whole."""
    wanted = {ord(one) for one in cluster}
    if any(wanted <= family.characters for family in families):
        return ""
    composed = unicodedata.normalize("NFC", cluster)
    if any({ord(one) for one in composed} <= family.characters for family in families):
        return ""
    alone = [one for one in cluster if not any(ord(one) in family.characters for family in families)]
    return "".join(alone) or cluster[1:]

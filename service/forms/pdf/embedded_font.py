"""A font's glyphs as objects of a PDF: cut to what is needed, with widths and the way back to the text."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import uharfbuzz as hb

from service.forms.pdf.fonts import Typeface

_LAYOUT_TABLES = (b"GSUB", b"GPOS", b"GDEF", b"GSUB", b"cmap", b"name", b"post", b"OS/2", b"gasp", b"kern")

REPERTOIRE = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x24F),
    (0x2BB, 0x2BD),
    (0x300, 0x36F),
    (0x370, 0x3FF),
    (0x400, 0x4FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x202F, 0x203A),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2190, 0x2193),
    (0x2200, 0x22FF),
)
"""Latin with its extensions (Welsh, Polish, Romanian, Turkish, Vietnamese …), Greek, Cyrillic, marks, punctuation."""


@dataclass(frozen=True, slots=True)
class Subset:
    """A cut font file, and where in it each glyph of the whole font stands."""

    program: bytes
    places: Mapping[int, int]


@lru_cache(maxsize=64)
def cut_font(typeface: Typeface, glyphs: frozenset[int], keep_numbers: bool = False) -> Subset:
    """The font with only these glyphs; a whole font's numbers are kept for a repertoire that is cut once."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    if keep_numbers:
        wanted.flags |= hb.SubsetFlags.RETAIN_GIDS
    dropped = wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
    dropped.update(int.from_bytes(tag, "big") for tag in _LAYOUT_TABLES)
    plan = hb.SubsetPlan(typeface.face, wanted)
    places = plan.old_to_new_glyph_mapping
    return Subset(bytes(plan.execute().blob.data), {glyph: places[glyph] for glyph in glyphs})


def font_objects(
    typeface: Typeface, subset: Subset, codes: Mapping[int, int], texts: Mapping[int, str], first: int
) -> list[str]:
    """The bodies of five objects numbered from `first`: the font, its descendant, descriptor, file and ToUnicode.

    `codes` maps each two-byte code to the whole font's glyph, `texts` each code to what it says. A sixth body, the
    map from code to glyph, follows unless the codes are the glyph's own numbers. Latin-1 text, as PDF is bytes.
    """
    name = f"/{_tag(subset)}+{typeface.name}"
    places = {code: subset.places[glyph] for code, glyph in codes.items()}
    identical = all(code == place for code, place in places.items())
    to_glyph = "/Identity" if identical else f"{first + 5} 0 R"
    widths = _widths({code: typeface.advance(glyph) for code, glyph in codes.items()})
    font = (
        f"<</Type/Font/Subtype/Type0/BaseFont{name}/Encoding/Identity-H"
        f"/DescendantFonts[{first + 1} 0 R]/ToUnicode {first + 4} 0 R>>"
    )
    descendant = (
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        f"/Supplement 0>>/FontDescriptor {first + 2} 0 R/DW 0/W[{widths}]/CIDToGIDMap {to_glyph}>>"
    )
    bodies = [
        font,
        descendant,
        descriptor(typeface, name, first + 3),
        stream(subset.program, f"/Length1 {len(subset.program)}"),
        stream(_to_unicode(texts)),
    ]
    return bodies if identical else [*bodies, stream(_code_map(places))]


def descriptor(typeface: Typeface, name: str, file_number: int) -> str:
    """The body of the object that describes a font and points to its file."""
    tags = hb.OTMetricsTag
    up, down = typeface.metric(tags.HORIZONTAL_ASCENDER), typeface.metric(tags.HORIZONTAL_DESCENDER)
    return (
        f"<</Type/FontDescriptor/FontName{name}/Flags 4/FontBBox[-1000 {down:.0f} 3000 {up:.0f}]/ItalicAngle 0"
        f"/Ascent {up:.0f}/Descent {down:.0f}/CapHeight {typeface.metric(tags.CAP_HEIGHT):.0f}/StemV 80"
        f"/FontFile2 {file_number} 0 R>>"
    )


def stream(content: bytes, entries: str = "", level: int = 9) -> str:
    """A deflated stream's body."""
    packed = zlib.compress(content, level)
    return f"<</Filter/FlateDecode/Length {len(packed)}{entries}>>stream\n{packed.decode('latin-1')}\nendstream"


def _tag(subset: Subset) -> str:
    """The six letters that set one cut of a font apart from another."""
    check = zlib.crc32(subset.program)
    return "".join(chr(65 + check // 26**place % 26) for place in range(6))


def _widths(advances: Mapping[int, float]) -> str:
    parts = []
    for _, run in groupby(enumerate(sorted(advances)), lambda pair: pair[1] - pair[0]):
        codes = [code for _, code in run]
        parts.append(f"{codes[0]}[{' '.join(f'{advances[code]:.4g}' for code in codes)}]")
    return "".join(parts)


def _code_map(places: Mapping[int, int]) -> bytes:
    table = bytearray(2 * (max(places) + 1))
    for code, place in places.items():
        table[2 * code : 2 * code + 2] = place.to_bytes(2, "big")
    return bytes(table)


def _to_unicode(texts: Mapping[int, str]) -> bytes:
    lines = [f"<{code:04x}> <{text.encode('utf-16-be').hex()}>" for code, text in sorted(texts.items()) if text]
    blocks = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in _hundreds(lines)]
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + "".join(blocks)
        + "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _hundreds(lines: list[str]) -> Iterable[list[str]]:
    return (lines[start : start + 100] for start in range(0, len(lines), 100))

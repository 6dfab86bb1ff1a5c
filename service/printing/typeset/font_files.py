"""Font files: what a letter's typesetting needs to know of them, and copies that Typst can set in every direction."""

from __future__ import annotations

import os
import shutil
import struct
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import uharfbuzz as hb

SIMPLE: Final = (b"\0\1\0\0", b"OTTO", b"true")  # a file of one font, not a collection
OLD_KERNING: Final = b"kern"


@dataclass(frozen=True, eq=False)
class FontFile:
    """One face of a family: where it is, and whether it is bold or italic."""

    path: str
    index: int
    bold: bool
    italic: bool

    @cached_property
    def _face(self) -> Any:
        return hb.Face(hb.Blob.from_file_path(self.path), self.index)

    @cached_property
    def characters(self) -> frozenset[int]:
        """The characters that it draws, by number."""
        return frozenset(self._face.unicodes)

    @cached_property
    def measures(self) -> tuple[float, float, float]:
        """Ascent, descent and gap between lines, in em, from the table that LibreOffice reads."""
        up, down, gap = struct.unpack_from(">hhh", bytes(self._face.reference_table("hhea").data), 4)
        em = self._face.upem
        return up / em, -down / em, max(gap, 0) / em


def install(files: list[FontFile], folder: Path) -> None:
    """Put fonts into a folder for Typst; those with an old kerning table as copies that are plainer.

    Typst 0.15 panics over text from right to left in a font with that table while kerning is off.
    """
    for number, file in enumerate(dict.fromkeys(one.path for one in files)):
        target = folder / f"{number}{Path(file).suffix.lower()}"
        if _has_old_kerning(Path(file)):
            target.write_bytes(plainer(file))
        else:
            _link(file, target)


def _link(file: str, target: Path) -> None:
    with suppress(OSError, NotImplementedError):  # not every system lets everybody link
        os.symlink(file, target)
        return
    shutil.copyfile(file, target)


def _has_old_kerning(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(12)
        if head[:4] not in SIMPLE:
            return False
        (tables,) = struct.unpack_from(">H", head, 4)
        directory = opened.read(16 * tables)
    return any(directory[at : at + 4] == OLD_KERNING for at in range(0, len(directory), 16))


def plainer(file: str) -> bytes:
    """The font without its old kerning table and its hints, which would be two fifths of a letter's PDF.

    Hints fit letters to the dots of old screens; nothing that prints a PDF or shows it today follows them.
    """
    wanted = hb.SubsetInput()
    wanted.keep_everything()
    wanted.flags |= hb.SubsetFlags.NO_HINTING
    wanted.drop_table_tag_set.add(int.from_bytes(OLD_KERNING, "big"))
    return bytes(hb.subset(hb.Face(hb.Blob.from_file_path(file)), wanted).blob.data)

"""What a picture is and how large, read from its own first bytes."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from service.errors import Problem, TemplateError

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE = b"\xff\xd8\xff"
MAX_BYTES = 2_000_000
MAX_PIXELS = 10_000  # on one side
JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the markers that carry a size (ITU T.81, table B.1)
JPEG_ALONE = {0x01, *range(0xD0, 0xD9)}  # the markers without a length


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG: its ending ("png", "jpeg"), its width and height in pixels, and its bytes."""

    ending: str
    width: int
    height: int
    content: bytes


def read_picture(content: bytes) -> Picture:
    """The picture in these bytes; raises TemplateError when it is no PNG or JPEG, damaged or too large."""
    if len(content) > MAX_BYTES:
        detail = f"The logo has {len(content):,} bytes; {MAX_BYTES:,} is the most. Make it smaller."
        raise _refused("logo-too-large", detail)
    found = _measure(content)
    if found is None:
        raise _refused("logo-not-png-or-jpeg", "The logo is not a PNG or JPEG picture. Save it as one of these.")
    ending, size = found
    if size is None:
        raise _refused("logo-damaged", f"The logo is a {ending.upper()} picture, but damaged. Save it once more.")
    if not all(0 < side <= MAX_PIXELS for side in size):
        detail = f"The logo is {size[0]} by {size[1]} pixels; each side must have from 1 to {MAX_PIXELS}."
        raise _refused("logo-too-large", detail)
    return Picture(ending, *size, content)


def read_part_picture(name: str, content: bytes) -> Problem | None:
    """What is wrong with a picture of a letter, where it is damaged or has more pixels than paper shows."""
    _, size = _measure(content) or ("", None)
    if size is None:
        return Problem("picture-damaged", f"The picture {name} is damaged: take it out and insert it again.")
    if not all(0 < side <= MAX_PIXELS for side in size):
        most = f"each side must have from 1 to {MAX_PIXELS:,}"
        sentence = f"The picture {name} is {size[0]:,} by {size[1]:,} pixels; {most}. Make it smaller."
        return Problem("picture-too-large", sentence)
    return None


def _measure(content: bytes) -> tuple[str, tuple[int, int] | None] | None:
    """What kind of picture it is and its size, None for the size where it is damaged; None for no PNG or JPEG."""
    if content.startswith(PNG_SIGNATURE):
        return "png", _png_size(content)
    if content.startswith(JPEG_SIGNATURE):
        return "jpeg", _jpeg_size(content)
    return None


def _refused(code: str, detail: str) -> TemplateError:
    return TemplateError(Problem(code, detail))


def _png_size(content: bytes) -> tuple[int, int] | None:
    """Width and height, or None when a chunk is cut short or its checksum is wrong."""
    size, at = None, len(PNG_SIGNATURE)
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body, checksum = content[at + 4 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if checksum != struct.pack(">I", zlib.crc32(body)):
            return None
        if kind == b"IHDR" and length == 13:
            size = struct.unpack_from(">II", content, at + 8)
        if kind == b"IEND":
            return size
        at += 12 + length
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of the first frame, or None when there is none."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in JPEG_FRAMES:
            return _jpeg_frame(content, at)
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker in JPEG_ALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _jpeg_frame(content: bytes, at: int) -> tuple[int, int] | None:
    if at + 9 > len(content) or b"\xff\xd9" not in content[at:]:
        return None
    height, width = struct.unpack_from(">HH", content, at + 5)
    return width, height

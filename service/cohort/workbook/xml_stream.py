"""An XML part of a workbook, parsed piece by piece within a budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

LONGEST_TOKEN = 256 * 1024
"""Bytes of one tag or comment: the parser looks through an unfinished one again with every piece."""
_CHUNK = 1 << 16


def feed(parser: Any, part: IO[bytes]) -> Iterator[None]:
    """Parse a part, pausing after each piece. Raises ExpatError where it is broken, ValueError at an endless tag."""
    fed = 0
    while chunk := part.read(_CHUNK):
        parser.Parse(chunk, False)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > LONGEST_TOKEN + _CHUNK:
            raise ValueError
        yield
    parser.Parse(b"", True)
    yield

"""Postal addresses: forgiving in, strict out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_POSTCODE = re.compile(r"(GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|BFPO ?[0-9]{1,4})")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address as it is printed: lines without the postcode, and the postcode as Royal Mail writes it."""

    lines: tuple[str, ...]
    postcode: str

    @property
    def printed_lines(self) -> tuple[str, ...]:
        """The lines for an envelope, the postcode last on a line of its own."""
        return (*self.lines, self.postcode) if self.postcode else self.lines

    @property
    def is_complete(self) -> bool:
        """Whether a letter would arrive: at least one line and a real postcode."""
        return bool(self.lines) and is_postcode(self.postcode)


NO_ADDRESS = PostalAddress((), "")


def read_address(lines: Iterable[str], postcode: str = "") -> PostalAddress:
    """An address from lines as people type them: spaces and commas tidied, empty lines dropped, a postcode at the end
    of the last line taken out of it."""
    tidy = [line for line in (_tidy(line) for line in lines) if line]
    code = tidy_postcode(postcode)
    if tidy and is_postcode(last := tidy_postcode(tidy[-1])) and code in ("", last):
        code = last
        tidy.pop()
    return PostalAddress(tuple(tidy), code)


def tidy_postcode(postcode: str) -> str:
    """A postcode in capitals with one space before its last three characters; other text only trimmed."""
    compact = _SPACES.sub("", postcode).upper()
    if not _POSTCODE.fullmatch(compact):
        return _tidy(postcode)
    if compact.startswith("BFPO"):
        return f"BFPO {compact[4:]}"
    return f"{compact[:-3]} {compact[-3:]}"


def is_postcode(text: str) -> bool:
    """Whether a text is a United Kingdom postcode, as far as its shape tells."""
    return bool(_POSTCODE.fullmatch(text))


def _tidy(line: str) -> str:
    return _SPACES.sub(" ", line).strip(" ,;")

"""The parts of an address in columns of their own, or all of it in one cell -> its lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

PARTS_OF_AN_ADDRESS = frozenset("flat house_name house_number street district town county country address".split())
_BARE_FLAT = re.compile(r"\d{1,4}[a-z]?|[a-z]", re.I)
_AT_HOME = frozenset("uk unitedkingdom gb greatbritain england".split())
_LINES = 5


def compose_address(lines: Sequence[str], parts: Mapping[str, str]) -> list[str]:
    """The lines of an address, at most five: those given, then building and street, then the places around them."""
    given = [line.strip() for line in lines if line.strip()] or split_block(parts.get("address", ""))
    flat = parts.get("flat", "")
    flat = f"Flat {flat}" if _BARE_FLAT.fullmatch(flat) else flat
    street = " ".join(filter(None, (parts.get("house_number"), parts.get("street"))))
    building = ", ".join(filter(None, (flat, parts.get("house_name"), street)))
    if given and building and not parts.get("street"):
        given[0] = f"{building}{' ' if parts.get('house_number') and not flat else ', '}{given[0]}"
        building = ""
    around = [parts[word] for word in ("district", "town", "county") if parts.get(word)]
    country = parts.get("country", "")
    if country and re.sub(r"[\W_]", "", country).casefold() not in _AT_HOME:
        around.append(country)
    told = {line.casefold() for line in given}
    found = [line for line in (building, *around) if line and line.casefold() not in told]
    whole = [*given, *found] if given else found
    return [*whole[: _LINES - 1], ", ".join(whole[_LINES - 1 :])] if len(whole) > _LINES else whole


def fold_line(text: str) -> str:
    """A line without what makes no difference between two ways of writing it."""
    return re.sub(r"[\W_]+", "", text).casefold()


def split_block(text: str) -> list[str]:
    """The lines of an address in one cell: at line breaks, else at commas; a number alone belongs to what follows."""
    pieces = re.split(r"[\r\n]+", text) if "\n" in text or "\r" in text else text.split(",")
    lines: list[str] = []
    for piece in (one.strip(" ,") for one in pieces):
        if lines and re.fullmatch(r"\d+[a-zA-Z]?", lines[-1]):
            lines[-1] += f" {piece}"
        elif piece:
            lines.append(piece)
    return lines

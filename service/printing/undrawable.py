"""A letter with a character that no font on this machine draws is held back from paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from service.errors import Problem
from service.printing.machine_fonts import list_fonts
from service.printing.office.converter_settings import allowed_environment

NEVER_DRAWN: Final = ("Cc", "Cf", "Zs", "Zl", "Zp", "Cs")
VARIATION_SELECTORS: Final = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
STAND_INS: Final = ("last resort", "lastresort", "adobe blank")  # fonts that claim every character and draw none


def say_undrawable(missing: Sequence[str], recipient: str = "") -> Problem | None:
    """What holds a letter back from paper: characters of its words that no font draws.

    `recipient` is the id of whom it goes to, where it has one; no name stands in the sentence.
    """
    if not missing:
        return None
    what = ", ".join(missing) + (f" in the letter to recipient {recipient}" if recipient else "")
    sentence = f"No font on this machine draws {what}. Install one, or print this letter from Word."
    return Problem("undrawable-character", sentence)


def undrawable_characters(text: str) -> tuple[str, ...]:
    """The characters of the text that would print as a box or not at all, as "U+16A0 RUNIC LETTER FEHU FEOH FE F".

    Each is named once, in the order of the text. Raises ConversionError where the installed fonts cannot be listed.
    """
    drawable = drawable_characters()
    missing = dict.fromkeys(one for one in text if ord(one) not in drawable and _is_drawn(one))
    return tuple(f"U+{ord(one):04X} {unicodedata.name(one, 'UNNAMED CHARACTER')}" for one in missing)


@lru_cache(maxsize=1)
def drawable_characters() -> frozenset[int]:
    """Every character that some installed font draws, by its number; looked up once, as LibreOffice finds fonts."""
    characters: set[int] = set()
    for line in list_fonts("%{family}\t%{charset}", allowed_environment()):
        family, _, ranges = line.partition("\t")
        if not family.casefold().startswith(STAND_INS):
            for one in ranges.split():
                first, _, last = one.partition("-")
                characters.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(characters)


def _is_drawn(character: str) -> bool:
    if any(ord(character) in selectors for selectors in VARIATION_SELECTORS):
        return False
    return unicodedata.category(character) not in NEVER_DRAWN

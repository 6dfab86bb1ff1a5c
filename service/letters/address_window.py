"""Whether an address fits what an envelope's window shows, and how it is made to fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil
from typing import Final, NamedTuple

from service.letters.profile import PROFILES

POINTS: Final = 72 / 25.4  # in a millimetre
SPARE: Final = 0.98  # of the frame's width, so that a line that is set a hair wider still fits
OTHER_WIDTH: Final = 600
WIDE: Final = 1000  # of Chinese, Japanese and Korean
WIDEST: Final = 1015
# How wide Arial sets characters, in thousandths of its size; Liberation Sans is the same.
WIDTHS: Final = {
    character: width
    for width, characters in (
        (191, "'"),
        (222, "ijl‘’"),
        (260, "|"),
        (278, " !,./:;I[\\]ft"),
        (333, "()-`r"),
        (334, "{}"),
        (355, '"'),
        (389, "*"),
        (469, "^"),
        (500, "Jcksvxyz"),
        (556, "#$0123456789?L_abdeghnopqu–"),
        (584, "+<=>~"),
        (611, "FTZ"),
        (667, "&ABEKPSVXY"),
        (722, "CDHNRUw"),
        (778, "GOQ"),
        (833, "Mm"),
        (889, "%"),
        (944, "W"),
        (1015, "@"),
    )
    for character in characters
}


class Setting(NamedTuple):
    """How an address is set, in points."""

    size: float
    line_height: float

    def rows(self, lines: Iterable[str], profile: str) -> int:
        """How many rows lines take in the window, broken where they have to be."""
        room = PROFILES[profile].address_width * POINTS * SPARE * 1000 / self.size
        return sum(_count_rows(line, room) for line in lines if line)

    def most(self, profile: str) -> int:
        """How many rows the window shows."""
        return int(PROFILES[profile].address_height * POINTS / self.line_height)


SETTINGS: Final = {"wide": Setting(11, 13), "close": Setting(10, 10.75), "tight": Setting(9, 9.25)}
"""The letters' styles "Address", "AddressClose" and "AddressTight": the first that an address fits."""
TIGHT: Final = SETTINGS["tight"]


def choose_setting(lines: Sequence[str], profile: str) -> str:
    """How an address is set: "wide" where it fits so, else "close", else "tight"."""
    fitting = (name for name, setting in SETTINGS.items() if setting.rows(lines, profile) <= setting.most(profile))
    return next(fitting, "tight")


def fit_address(name: str, lines: Sequence[str], postcode: str, profile: str) -> tuple[str, ...] | None:
    """The lines between name and postcode so that all of it fits the window, or None when it cannot.

    Where there are too many, neighbours that fit one line are joined with a comma, the last of them first.
    """
    fitted = list(lines)
    while TIGHT.rows((name, *fitted, postcode), profile) > TIGHT.most(profile):
        pairs = [place for place in range(len(fitted) - 1) if TIGHT.rows((_join(fitted, place),), profile) == 1]
        if not pairs:
            return None
        fitted[pairs[-1] : pairs[-1] + 2] = [_join(fitted, pairs[-1])]
    return tuple(fitted)


def _join(lines: Sequence[str], place: int) -> str:
    return f"{lines[place]}, {lines[place + 1]}"


def _count_rows(text: str, room: float) -> int:
    """How many rows a text becomes in so many thousandths of its size, broken between words, or in a longer word."""
    if len(text) * WIDEST <= room:
        return 1
    count, used = 1, 0.0
    for word in text.split():
        width = _width(word)
        if used and used + _width(" ") + width > room:
            count, used = count + 1, 0.0
        used += (_width(" ") if used else 0.0) + width
        if used > room:
            count, used = count + ceil(used / room) - 1, room
    return count


def _width(text: str) -> float:
    return sum(map(_character_width, text))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    """The width of a character; one with an accent is as wide as without."""
    base = unicodedata.normalize("NFD", character)[0]
    if unicodedata.combining(base):
        return 0
    return WIDTHS.get(base, WIDE if unicodedata.east_asian_width(base) in "WF" else OTHER_WIDTH)

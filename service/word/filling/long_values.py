"""Long values of attributes, set aside while a template is prepared: it is read through some thirty times for that.

Word keeps whole pictures in an attribute, base64 of megabytes; nothing in them can be a tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONG: Final = re.compile(r'(?<==")[^"<>{}\s&]{1000,}(?=")')
PRIVATE: Final = range(0xE000, 0xF900)  # characters that no alphabet has


@dataclass(frozen=True, slots=True)
class SetAside:
    """Values by their number, and the character that stands before and after the number in the text."""

    values: tuple[str, ...] = ()
    mark: str = ""

    def put_back(self, text: str) -> str:
        """The text with every value in its place."""
        if not self.values or self.mark not in text:
            return text
        pieces = text.split(self.mark)
        pieces[1::2] = [self.values[int(number)] for number in pieces[1::2]]
        return "".join(pieces)


NONE: Final = SetAside()


def set_aside(xml: str) -> tuple[str, SetAside]:
    """The XML with a number in the place of each long value, and the values."""
    values = tuple(LONG.findall(xml))
    mark = next((chr(code) for code in PRIVATE if chr(code) not in xml), "") if values else ""
    if not mark:
        return xml, NONE
    numbers = iter(range(len(values)))
    return LONG.sub(lambda _: f"{mark}{next(numbers)}{mark}", xml), SetAside(values, mark)

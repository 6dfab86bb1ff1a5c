"""Names whose letters an encoding destroyed: which characters show it, and what they probably were."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_QUESTION = "?\N{REPLACEMENT CHARACTER}"
_SIGNS = frozenset("¡¦¬¯¿ªº§¶©®°^~")
_TWICE_ENCODED = re.compile("[\u00c2-\u00c6][\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u2122]")
_OF_A_PAGE = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});", re.I)
_EASTERN = (("cp1252", "cp1250"), ("latin-1", "iso8859-2"))
"""How Central European letters are misread: the encoding that was used, and the one they were written in."""


def is_twice_encoded(name: str) -> bool:
    """Whether a name shows UTF-8 that was read as Windows-1252."""
    return bool(_TWICE_ENCODED.search(name))


def has_lost_letters(name: str) -> bool:
    """Whether a name holds what is no letter of a name: ?, a pound sign, a web page's &#39;, or UTF-8 misread."""
    return any(map(_is_no_letter, name)) or is_twice_encoded(name) or bool(_OF_A_PAGE.search(name))


def say_lost_letters(name: str) -> Iterator[str]:
    """For each lost letter of a name what stands there and what it probably was; never the name itself."""
    if is_twice_encoded(name):
        yield "it was written in UTF-8 and read as something else"
        return
    if found := _OF_A_PAGE.search(name):
        yield f"{found[0]} is how web pages write it"
        return
    for sign in dict.fromkeys(filter(_is_no_letter, name)):
        letter = "" if sign in _QUESTION else probable_letter(sign)
        yield f"{sign} was probably {letter}" if letter else f"{sign} stands in its place"


def probable_letter(sign: str) -> str:
    """The letter that a sign probably was before its encoding was mistaken; "" when there is none."""
    for used, written in _EASTERN:
        try:
            letter = sign.encode(used).decode(written)
        except UnicodeError:
            continue
        if letter != sign and letter.isalpha():
            return letter
    return ""


def _is_no_letter(sign: str) -> bool:
    if sign.isalpha() and sign not in _SIGNS:
        return False
    return sign in _QUESTION or sign in _SIGNS or unicodedata.category(sign) in ("Sc", "Sm", "No")

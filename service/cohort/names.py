"""Names whose letters an old encoding lost: told apart from the right ones, which another file may hold."""

from __future__ import annotations

import re

NAME_WORDS = ("first_name", "last_name", "preferred_name")
_LOST = re.compile("[?\N{REPLACEMENT CHARACTER}]")
_TWICE_ENCODED = re.compile("[\u00c2-\u00c6][\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u2122]")
_FIRST_FOREIGN = 128


def is_mangled(name: str) -> bool:
    """Whether a name shows the marks of a wrong encoding: "?ukasz", or UTF-8 that was read as Windows-1252."""
    return bool(_LOST.search(name) or _TWICE_ENCODED.search(name))


def is_mangled_form(mangled: str, right: str) -> bool:
    """Whether one name is the other with letters lost, and nothing else."""
    if is_mangled(right) or mangled == right:
        return False
    if _TWICE_ENCODED.search(mangled):
        return _decode_again(mangled) == right
    return len(mangled) == len(right) and all(
        one == other or (_LOST.match(one) and ord(other) >= _FIRST_FOREIGN)
        for one, other in zip(mangled, right, strict=True)
    )


def _decode_again(name: str) -> str:
    try:
        return name.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""

"""Names whose letters an old encoding lost, and the right ones, which another file may hold."""

from __future__ import annotations

from service.attendance.holding.lost_letters import has_lost_letters, is_twice_encoded

NAME_WORDS = ("first_name", "last_name", "preferred_name", "preferred_last_name")
_FIRST_FOREIGN = 128


def is_mangled_form(mangled: str, right: str) -> bool:
    """Whether one name is the other with letters lost, and nothing else."""
    if mangled == right or not has_lost_letters(mangled) or has_lost_letters(right):
        return False
    if is_twice_encoded(mangled):
        return _decode_again(mangled) == right
    return len(mangled) == len(right) and all(
        one == other or (has_lost_letters(one) and ord(other) >= _FIRST_FOREIGN)
        for one, other in zip(mangled, right, strict=True)
    )


def _decode_again(name: str) -> str:
    try:
        return name.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""

"""The check letter of a unique pupil number."""

from __future__ import annotations

import re

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The letters a number may begin or end with: I, O and S are left out."""
_LENGTH = 13
_SHAPE = re.compile(rf"[{ALPHABET}][0-9]{{11}}[0-9{ALPHABET}]")


def tidy_upn(text: str) -> str:
    """A pupil's number or reference in capitals; the spaces within a UPN are taken out, those of others stay."""
    plain = text.strip().lstrip("'").upper()  # a spreadsheet's sign that a number is a text
    if len(plain) == _LENGTH or " " not in plain:
        return plain
    compact = "".join(plain.split())
    return compact if len(compact) == _LENGTH and compact[0].isalpha() and compact[1:12].isdigit() else plain


def upn_warning(upn: str) -> str:
    """What to tell a person about a number that looks mistyped, or "" when it looks right.

    A warning and never a refusal: independent schools have no such numbers, and exports damage them.
    Source: the check letter rule of the Department for Education's guide to unique pupil numbers.
    """
    if not _SHAPE.fullmatch(upn):
        return "Check the UPN: it should be a letter followed by 12 digits."
    if upn[0] != check_letter(upn[1:]):
        return f"The UPN should begin with {check_letter(upn[1:])}; please check it."
    return ""


def check_letter(rest: str) -> str:
    """The first letter that belongs to the other twelve characters of a number."""
    total = sum(place * _value(character) for place, character in enumerate(rest, 2))
    return ALPHABET[total % 23]


def _value(character: str) -> int:
    return int(character) if character.isdigit() else ALPHABET.index(character)

"""Words that stand in the place of what nobody knows: a dash, N/A, Unknown, TBC."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_DASHES = frozenset(("-", "--", "\N{EN DASH}", "\N{EM DASH}", ".", "n/a"))
_NOTHING = _DASHES | {"na", "none", "nil", "null"}
"""Nothing is there; None, Null and Na are people's names as well."""
_UNKNOWN = frozenset(
    ("unknown", "not known", "tbc", "tba", "?", "??", "to be confirmed", "not recorded", "not given", "not provided")
)
_NAMES = _DASHES | _UNKNOWN | {"x", "xx", "xxx"}
_EVERYTHING = _NOTHING | _UNKNOWN
_BRACKETS = frozenset("()[]")
_NAME_WORDS = ("first_name", "last_name", "full_name")
_CHOSEN_NAMES = ("preferred_name", "preferred_last_name")
_DOOR = ("address_line_1", "street", "address", "town", "postcode")
_BESIDE_THE_DOOR = ("address_line_2", "address_line_3", "address_line_4", "address_line_5", "district", "county")
_STOPGAPS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(_NAME_WORDS, _NAMES),
        **dict.fromkeys(_CHOSEN_NAMES, _NAMES | {"none", "nil", "null", "same"}),
        **dict.fromkeys(_BESIDE_THE_DOOR, _NOTHING),
        **dict.fromkeys(_DOOR, frozenset[str]()),
        **dict.fromkeys(("letters_held", "court_order", "no_contact", "do_not_write_until"), frozenset[str]()),
        "date_of_leaving": _NOTHING,
    }
)
"""What counts as empty, by word. What may stop a letter is never passed over because somebody does not know it, and an
address that lacks its door is no shorter address."""


def stopgaps_for(word: str) -> frozenset[str]:
    """The texts, in small letters, that leave a word of a record unknown."""
    return _STOPGAPS.get(word, _EVERYTHING)


def is_stopgap(word: str, text: str) -> bool:
    """Whether a text only says that a word is not known."""
    return text.strip().casefold() in stopgaps_for(word)


def has_a_note(name: str) -> bool:
    """Whether something stands beside a name that would be printed with it: (LAC), [see file], a star."""
    return not _BRACKETS.isdisjoint(name) or any(word != word.strip("*") for word in name.split())

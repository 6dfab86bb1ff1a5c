"""The words of a letter as its template asks for them: names, parts of groups, comparisons, filters."""

from __future__ import annotations

import operator
from collections.abc import Callable

from jinja2.filters import do_capitalize, do_title

from service.word.filling.blocks import MISSING, NOT_THERE, Filling, Read, Word
from service.word.filling.values import UnusableValueError, to_words


def read_name(name: str) -> Read:
    """A word by its name."""
    return lambda filling: filling.words.get(name, MISSING)


def read_item(read: Read, key: str | int) -> Read:
    """A word of a group by its name, or a row of a list by its number; never an attribute or method of an object."""

    def item(filling: Filling) -> object:
        whole = read(filling)
        if isinstance(whole, dict):
            return whole.get(key, MISSING)
        if isinstance(whole, list | tuple) and isinstance(key, int) and -len(whole) <= key < len(whole):
            return whole[key]
        return MISSING

    return item


LOOP_WORDS: dict[str, Callable[[int, int], object]] = {
    "index": lambda index, length: index + 1,
    "index0": lambda index, length: index,
    "revindex": lambda index, length: length - index,
    "first": lambda index, length: index == 0,
    "last": lambda index, length: index == length - 1,
    "length": lambda index, length: length,
}


def read_loop(attribute: str) -> Read:
    """loop.index and its sisters, of the innermost loop."""
    count = LOOP_WORDS[attribute]
    return lambda filling: count(*filling.loops[-1])


def read_present(read: Read, word: Word) -> Read:
    """The value of a word that has to be there: absent, it is noted and counts as nothing."""

    def present(filling: Filling) -> object:
        value = read(filling)
        if value is MISSING:
            filling.note("missing-word", word, NOT_THERE)
            return None
        return value

    return present


COMPARISONS: dict[str, Callable[[object, object], object]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,  # type: ignore[dict-item]  # operands that cannot be compared raise, and are noted
    "lteq": operator.le,  # type: ignore[dict-item]
    "gt": operator.gt,  # type: ignore[dict-item]
    "gteq": operator.ge,  # type: ignore[dict-item]
    "in": lambda left, right: left in right,  # type: ignore[operator]
    "notin": lambda left, right: left not in right,  # type: ignore[operator]
}


def read_comparison(first: Read, others: list[tuple[str, Read]], word: Word) -> Read:
    """Whether a chain of comparisons holds, as in 80 <= x < 90."""
    pairs = [(COMPARISONS[name], read) for name, read in others]

    def holds(filling: Filling) -> object:
        left = first(filling)
        for compare, read in pairs:
            right = read(filling)
            try:
                if not compare(left, right):
                    return False
            except TypeError:
                filling.note("cannot-be-compared", word, "is compared with something of another kind.")
                return False
            left = right
        return True

    return holds


FILTERS: dict[str, Callable[[str], object]] = {
    "capitalize": do_capitalize,
    "length": len,
    "lower": str.lower,
    "title": do_title,
    "trim": str.strip,
    "upper": str.upper,
}


def read_filtered(read: Read, name: str, argument: str, word: Word) -> Read:
    """A word put through one of the few filters."""

    def filtered(filling: Filling) -> object:
        value = read(filling)
        try:
            if name == "join" and isinstance(value, list | tuple):
                return argument.join(to_words(row) for row in value)
            if name == "length" and isinstance(value, list | tuple | dict):
                return len(value)
            return FILTERS[name](to_words(value)) if name in FILTERS else to_words(value)
        except UnusableValueError as fault:
            filling.note(fault.code, word, str(fault))
            return None

    return filtered


def read_default(read: Read, otherwise: object) -> Read:
    """A word, or this instead when it was not handed in."""

    def default(filling: Filling) -> object:
        value = read(filling)
        return otherwise if value is MISSING else value

    return default

"""A part of a template compiled once: literal bytes, and between them small functions that write one word each."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field

from jinja2.filters import do_capitalize, do_title

from service.documents.letter_values import SPECIAL, Encode, UnusableValueError, encode_plain, encode_text, to_words
from service.errors import FillError, Problem

MAX_ROWS = 20_000  # rows of all loops of a letter together


class Missing:
    """What stands for a word that was not handed in."""


MISSING = Missing()


@dataclass(slots=True)
class Filling:
    """One letter being filled: its words (loop variables among them), where bytes go, and what was wrong so far."""

    words: dict[str, object]
    write: Callable[[bytes], None]
    problems: list[Problem] = field(default_factory=list)
    loops: list[list[int]] = field(default_factory=list)
    rows_left: int = MAX_ROWS

    def note(self, code: str, word: Word, sentence: str) -> None:
        """Remembers a fault of one word, with its row when it stands in a loop, never with its value."""
        rows = [index + 1 for index, _ in self.loops]
        row = f" (row {rows[-1]})" if rows else ""
        pointer = word.pointer.format(*(index for index, _ in self.loops))
        self.problems.append(Problem(code, f'The word "{word.label}"{row} {sentence}', pointer))


@dataclass(frozen=True, slots=True)
class Word:
    """What a template calls a value ("session.date") and its JSON pointer, indices left open ("/sessions/{0}/date")."""

    label: str
    pointer: str


Write = Callable[[Filling], None]
Read = Callable[[Filling], object]
NOT_THERE = "was not handed in: fill it, or take it out of the template."


def write_value(read: Read, word: Word, encode: Encode) -> Write:
    """Writes one value; text without anything special in it, nearly all of it, goes straight through."""
    search = SPECIAL.search
    direct = encode in (encode_text, encode_plain)

    def write(filling: Filling) -> None:
        value = read(filling)
        if direct and type(value) is str and search(value) is None:
            filling.write(value.encode())
        elif value is MISSING:
            filling.note("missing-word", word, NOT_THERE)
        else:
            try:
                filling.write(encode(to_words(value)))
            except UnusableValueError as fault:
                filling.note(fault.code, word, str(fault))

    return write


def write_block(steps: list[tuple[bytes, Write]], tail: bytes) -> Write:
    """Writes literal bytes and values in turn."""
    if not steps:
        return lambda filling: filling.write(tail)

    def write(filling: Filling) -> None:
        put = filling.write
        for literal, step in steps:
            put(literal)
            step(filling)
        put(tail)

    return write


def write_choice(branches: list[tuple[Read, Write]], otherwise: Write) -> Write:
    """Writes the first branch whose condition holds."""

    def write(filling: Filling) -> None:
        for holds, body in branches:
            if holds(filling):
                body(filling)
                return
        otherwise(filling)

    return write


def write_loop(target: str, read: Read, word: Word, body: Write, otherwise: Write) -> Write:
    """Writes the body once for each row, with the row under its name and `loop` counting."""

    def write(filling: Filling) -> None:
        rows = read(filling)
        if not isinstance(rows, list | tuple):
            sentence = NOT_THERE if rows is MISSING else "is not a list, but the template has a row for each of it."
            filling.note("missing-word" if rows is MISSING else "not-a-list", word, sentence)
            return
        if not rows:
            otherwise(filling)
            return
        filling.rows_left -= len(rows)
        if filling.rows_left < 0:
            sentence = f"makes this letter longer than {MAX_ROWS:,} rows: hand in fewer."
            raise FillError(Problem("too-many-rows", f'The word "{word.label}" {sentence}'))
        words, before = filling.words, filling.words.get(target, MISSING)
        count = [0, len(rows)]
        filling.loops.append(count)
        for count[0], words[target] in enumerate(rows):
            body(filling)
        filling.loops.pop()
        words.pop(target)
        if before is not MISSING:
            words[target] = before

    return write


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

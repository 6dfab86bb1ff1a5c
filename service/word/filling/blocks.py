"""A part of a template compiled once: literal bytes, and between them small functions that write one word each."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from service.errors import FillError, Problem
from service.word.filling.values import Encode, UnusableValueError, encode_together, to_words

MAX_ROWS = 20_000  # rows of all loops of a letter together


class Missing:
    """What stands for a word that was not handed in."""


MISSING = Missing()


@dataclass(slots=True)
class Filling:
    """One letter being filled: its words (loop variables among them) and what was wrong so far."""

    words: dict[str, object]
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


Out = list[bytes]
Write = Callable[[Filling, Out], None]
Read = Callable[[Filling], object]
NOT_THERE = "has no value: give it one, or remove it from the template."


@dataclass(frozen=True, slots=True)
class Step:
    """Literal bytes and the function that writes what follows them.

    `direct`: where that is one plain word in running text, the loop variable or group it is part of ("" for none) and
    its name. Several such words in turn are written at once.
    """

    literal: bytes
    write: Write
    direct: tuple[str, str] | None = None


def write_value(read: Read, word: Word, encode: Encode) -> Write:
    """Writes one value."""

    def write(filling: Filling, out: Out) -> None:
        value = read(filling)
        if value is MISSING:
            filling.note("missing-word", word, NOT_THERE)
            return
        try:
            out.append(encode(to_words(value)))
        except UnusableValueError as fault:
            filling.note(fault.code, word, str(fault))

    return write


def write_block(steps: Sequence[Step], tail: bytes) -> Write:
    """Writes literal bytes and values in turn."""
    parts: list[Write] = []
    for source, group in itertools.groupby(steps, lambda step: step.direct and step.direct[0]):
        together = list(group)
        one_by_one = write_each([(step.literal, step.write) for step in together])
        keys = [step.direct[1] for step in together if step.direct]
        is_plain = source is not None and len(keys) > 1
        parts.append(_write_words(together, source or "", keys, one_by_one) if is_plain else one_by_one)

    def write(filling: Filling, out: Out) -> None:
        for part in parts:
            part(filling, out)
        out.append(tail)

    return write


def write_each(steps: Sequence[tuple[bytes, Write]], tail: bytes = b"") -> Write:
    """Writes bytes and what a function writes, for each step in turn, and last the tail."""

    def write(filling: Filling, out: Out) -> None:
        for literal, step in steps:
            out.append(literal)
            step(filling, out)
        if tail:
            out.append(tail)

    return write


def _write_words(steps: Sequence[Step], source: str, keys: Sequence[str], one_by_one: Write) -> Write:
    """Writes several plain words at once, which is nearly all of a letter.

    They are joined, looked through and encoded as one text; anything but text without anything special in it
    goes `one_by_one`.
    """
    literals = [piece for step in steps for piece in (step.literal, b"")]
    get = operator.itemgetter(*keys)

    def write(filling: Filling, out: Out) -> None:
        words = filling.words[source] if source else filling.words
        try:
            values = encode_together(get(words)) if type(words) is dict else None
        except (KeyError, TypeError):  # a word is absent or no text
            values = None
        if values is None:
            one_by_one(filling, out)
            return
        pieces = literals.copy()
        pieces[1::2] = values
        out += pieces

    return write


def write_choice(branches: list[tuple[Read, Write]], otherwise: Write) -> Write:
    """Writes the first branch whose condition holds."""

    def write(filling: Filling, out: Out) -> None:
        for holds, body in branches:
            if holds(filling):
                body(filling, out)
                return
        otherwise(filling, out)

    return write


def write_loop(target: str, read: Read, word: Word, body: Write, otherwise: Write) -> Write:
    """Writes the body once for each row, with the row under its name and `loop` counting."""

    def write(filling: Filling, out: Out) -> None:
        rows = read(filling)
        if not isinstance(rows, list | tuple):
            sentence = NOT_THERE if rows is MISSING else "is not a list, but the template has a row for each of it."
            filling.note("missing-word" if rows is MISSING else "not-a-list", word, sentence)
            return
        if not rows:
            otherwise(filling, out)
            return
        filling.rows_left -= len(rows)
        if filling.rows_left < 0:
            sentence = f"makes this letter longer than {MAX_ROWS:,} rows: give fewer."
            raise FillError(Problem("too-many-rows", f'The word "{word.label}" {sentence}'))
        words, before = filling.words, filling.words.get(target, MISSING)
        count = [0, len(rows)]
        filling.loops.append(count)
        for count[0], words[target] in enumerate(rows):
            body(filling, out)
        filling.loops.pop()
        words.pop(target)
        if before is not MISSING:
            words[target] = before

    return write

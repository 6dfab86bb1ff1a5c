"""One letter as Typst code: a call of its template's function with its words, which stand there as strings only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.errors import FillError, Problem
from service.printing.typeset.code import quote
from service.printing.typeset.translate.plan import Choice, Entry, Hole
from service.printing.typeset.translate.translate import Translation
from service.word.filling.blocks import Filling, Write
from service.word.filling.plan_writer import PlanWriter, write_in_turn
from service.word.filling.values import UnusableValueError, clean_text

LONGEST_LETTER: Final = 2_000_000
"""Bytes of one letter's words: some thousand pages, which Typst sets in a few seconds."""
LONGEST_WORD: Final = 100_000
_SIMPLE: Final = re.compile('[^\\\\"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]*')


@dataclass(frozen=True, slots=True)
class LetterCall:
    """A letter ready to be set: its template, the call of its function, and its title; both are Typst code."""

    translation: Translation
    call: str
    title: str


class CallWriter:
    """Writes the calls of one template's letters."""

    def __init__(self, translation: Translation) -> None:
        self.translation = translation
        self._write = _write_row(translation.entries, PlanWriter())
        self._write_title = _write_row(translation.title_entries, PlanWriter())

    def fill(self, fields: Mapping[str, object]) -> LetterCall:
        """The letter with these words. FillError names every one that is missing or unusable."""
        filling = Filling(dict(fields))
        row = _run(self._write, filling)
        title = f"{{ let d = {_run(self._write_title, filling)}; {self.translation.title} }}"
        if filling.problems:
            raise FillError(list(dict.fromkeys(filling.problems)))
        if len(row) > LONGEST_LETTER:
            sentence = f"The letter has more than {LONGEST_LETTER:,} characters: make it shorter."
            raise FillError(Problem("letter-too-long", sentence))
        return LetterCall(self.translation, f"#{self.translation.function}({row})\n", title)


def _run(write: Write, filling: Filling) -> str:
    out: list[bytes] = []
    write(filling, out)
    return b"".join(out).decode()


def _write_row(entries: Sequence[Entry], writer: PlanWriter) -> Write:
    """Writes an array of what the entries say, in turn."""
    steps: list[bytes | Write] = [b"("]
    for entry in entries:
        steps += [_write_entry(entry, writer), b","]
    return write_in_turn([*steps, b")"])


def _write_entry(entry: Entry, writer: PlanWriter) -> Write:
    if isinstance(entry, Hole):
        return writer.word(entry.tag, encode_held if entry.held else encode_word)
    if isinstance(entry, Choice):
        branches = [
            (tag, write_in_turn([b"(%d," % number, _write_row(inner, writer), b")"]))
            for number, (tag, inner) in enumerate(entry.branches)
        ]
        return writer.choice(branches, b"none")
    rows = writer.loop(entry.tag, lambda: _write_row(entry.inner, writer), b",")
    return write_in_turn([b"(", rows, b")"])


def encode_word(value: str) -> bytes:
    """A word as a Typst string; where it has several lines, as content of a string for each."""
    if _SIMPLE.fullmatch(value) and len(value) <= LONGEST_WORD:
        return b'"' + value.encode() + b'"'
    text = clean_text(value)
    if len(text) > LONGEST_WORD:
        raise UnusableValueError("word-too-long", f"has more than {LONGEST_WORD:,} characters: shorten it.")
    lines = [_encode_line(line) for line in text.split("\n")]
    return ("[" + "#linebreak()".join(lines) + "]").encode() if len(lines) > 1 else lines[0].removeprefix("#").encode()


def encode_held(value: str) -> bytes:
    """A word that is all of its paragraph: an empty one keeps the height of the line."""
    return encode_word(value) if value else b'"\\u{200b}"'


def _encode_line(line: str) -> str:
    """A line of a word; a tab in it is as wide as some spaces."""
    return "#" + quote(line.replace("\t", "    "))

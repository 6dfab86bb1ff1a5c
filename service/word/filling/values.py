"""One word of a letter as the bytes that stand in its XML, or why it cannot stand there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

MAX_LINES = 200  # lines of one word; Word and LibreOffice slow down long before a letter is useful with more
MAX_DIGITS = 18
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
TAB = '</w:t><w:tab/><w:t xml:space="preserve">'  # inside the run, so that its properties stay
RUN_START, RUN_END = '<w:r><w:t xml:space="preserve">', "</w:t></w:r>"

NOT_PRINTABLE = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"  # XML 1.0 section 2.2 refuses these
TURNS_AROUND = "\u202a-\u202e\u2066-\u2069"  # bidirectional overrides: what is read is not what is written
UNUSABLE = re.compile(f"[{NOT_PRINTABLE}{TURNS_AROUND}]")
SPECIAL = re.compile(f"[&<>\t\n\r{NOT_PRINTABLE}{TURNS_AROUND}]")
CONTROLS = bytes(range(1, 32))  # of these only the newline and the tab may stand in a word, as elements
SUSPECT = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

UNPRINTED: dict[type | tuple[type, ...], str] = {
    bool: "True or False",
    (list, tuple): "a list",
    dict: "a group of words",
    (float, Decimal): "a decimal number, not yet written out",
    date: "a date, not yet written out",
}

Encode = Callable[[str], bytes]


class UnusableValueError(ValueError):
    """A word that cannot be printed; code and a sentence that never shows the word itself."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def encode_text(value: str) -> bytes:
    """A word inside w:t: line breaks and tabs become Word's own."""
    if SPECIAL.search(value) is None:
        return value.encode()
    return _escape(value).replace("\n", BREAK).replace("\t", TAB).encode()


def encode_together(values: Sequence[str]) -> list[bytes] | None:
    """Each of several texts as it stands in w:t; None when any has to be looked at by itself, TypeError for no text."""
    joined = "\0".join(values).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not joined.isascii() and SUSPECT.search(joined):
        return None
    raw = joined.encode()
    pieces = raw.split(b"\0")
    return pieces if len(pieces) == len(values) and len(raw.translate(None, CONTROLS)) == len(raw) else None


def encode_run(value: str) -> bytes:
    """A word that stands between runs ({{r …}}) and so needs a run of its own."""
    return RUN_START.encode() + encode_text(value) + RUN_END.encode() if value else b""


def encode_attribute(value: str) -> bytes:
    """A word inside an attribute, where XML knows no lines."""
    return _escape(value).replace("\n", " ").replace("\t", " ").replace('"', "&quot;").encode()


def encode_plain(value: str) -> bytes:
    """A word inside an element that is no running text, such as a document property."""
    return _escape(value).encode()


ENCODERS: dict[str, Encode] = {
    "attribute": encode_attribute,
    "text": encode_text,
    "run": encode_run,
    "plain": encode_plain,
}


def to_words(value: object) -> str:
    """What is printed of a value: text, a whole number's digits, nothing of None; UnusableValueError for the rest."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, str):
        return str.__str__(value)  # a text that calls itself safe XML is text all the same
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) < 10**MAX_DIGITS:
            return str(value)
        raise UnusableValueError("number-too-long", f"is a number of more than {MAX_DIGITS} digits.")
    kind = next((words for kinds, words in UNPRINTED.items() if isinstance(value, kinds)), type(value).__name__)
    raise UnusableValueError("not-a-word", f"is {kind}; a letter prints only text and whole numbers.")


def _escape(value: str) -> str:
    """The value with its markup harmless and each line end as one newline; UnusableValueError."""
    return clean_text(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clean_text(value: str) -> str:
    """The value with each line end as one newline; UnusableValueError for what cannot be printed."""
    if UNUSABLE.search(value):
        unusable = sorted(set(UNUSABLE.findall(value)))
        names = ", ".join(_name_character(character) for character in unusable[:5])
        raise UnusableValueError("unusable-character", f"holds {names}, which cannot be printed: remove it.")
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if value.count("\n") >= MAX_LINES:
        lines = value.count("\n") + 1
        raise UnusableValueError("too-many-lines", f"has {lines:,} lines, the limit is {MAX_LINES}: shorten it.")
    return value


def _name_character(character: str) -> str:
    """ "U+202E RIGHT-TO-LEFT OVERRIDE"."""
    name = unicodedata.name(character, "")
    kinds = {"Cs": "half of a character", "Cc": "a control character"}
    return f"U+{ord(character):04X} {name or kinds.get(unicodedata.category(character), 'no character')}"

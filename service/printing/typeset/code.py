"""Typst code in small: strings, lengths, and definitions named after what they hold."""

from __future__ import annotations

import hashlib
import re

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_UNSEEN = re.compile("[\x00-\x1f\x7f\u2028\u2029]")
_SIX_DIGITS = re.compile("[0-9A-Fa-f]{6}")


def quote(text: str) -> str:
    """A text as a Typst string, which nothing in it can end."""
    return '"' + _UNSEEN.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text.translate(_ESCAPES)) + '"'


def number(value: float) -> str:
    """A number as short as it can be written to a ten-thousandth."""
    return f"{round(value, 4) + 0:g}"


def points(value: float) -> str:
    """A length in points."""
    return f"{number(value)}pt"


def twips(value: float) -> str:
    """A length that Word gives in twentieths of a point."""
    return points(value / 20)


def colour(hexadecimal: str) -> str:
    """Word's six digits as a colour; black for "auto" and what is no colour."""
    return f'rgb("#{hexadecimal}")' if _SIX_DIGITS.fullmatch(hexadecimal) else "black"


def call(name: str, *arguments: str) -> str:
    """A call with those of the arguments that say something."""
    return f"{name}({', '.join(one for one in arguments if one)})"


def sides(**lengths: str) -> str:
    """A dictionary of sides, such as insets; empty when no side says anything."""
    said = ", ".join(f"{side}: {length}" for side, length in lengths.items() if length)
    return f"({said})" if said else ""


class Definitions:
    """Functions that letters share. The same code has the same name in every template, so it is written once."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}

    def define(self, kind: str, parameters: str, code: str) -> str:
        """The name of a function with these parameters and this code; `kind` is the first letter of the name."""
        name = kind + _digest(f"{parameters}|{code}")
        self.lines.setdefault(name, f"#let {name}({parameters}) = {code}")
        return name

    def keep(self, code: str) -> str:
        """The name of what is the same in every letter: it is made once, and not again for each."""
        name = "o" + _digest(code)
        self.lines.setdefault(name, f"#let {name} = {code}")
        return name


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()

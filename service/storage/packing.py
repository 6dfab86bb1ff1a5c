"""What is known of a pupil -> text for a row of the database, and back; what is not known takes no room."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from service.attendance.address import PostalAddress
from service.attendance.record import AttendanceRecord, Contact, Event, Summary
from service.attendance.register import Register
from service.errors import Problem

APART = frozenset(("register", "contacts", "history", "history_known"))
"""What a record's row leaves to rows and columns of their own."""
_VALUES = (AttendanceRecord, Contact, Event, Summary, Register, PostalAddress, Problem)
_BY_NAME = {kind.__name__: kind for kind in _VALUES}


def pack(value: Any, without: frozenset[str] = frozenset()) -> str:
    """A value of the service as one line of text."""
    return json.dumps(_plain(value, without), ensure_ascii=False, separators=(",", ":"))


def unpack(text: str) -> Any:
    """The value that `pack` wrote; a word that this version does not know is left out."""
    return _rich(json.loads(text))


def squeeze(text: str) -> bytes:
    """A text in few bytes."""
    return zlib.compress(text.encode(), 6)


def unsqueeze(content: bytes) -> str:
    """The text that `squeeze` made small."""
    return zlib.decompress(content).decode()


def _plain(value: Any, without: frozenset[str] = frozenset()) -> Any:
    if isinstance(value, _VALUES):
        given = {
            item.name: _plain(found)
            for item in fields(value)
            if item.name not in without and (found := getattr(value, item.name)) != _default(item)
        }
        return {"=": type(value).__name__, **given}
    if isinstance(value, Mapping):
        return {"=": "map", **{word: _plain(item) for word, item in value.items()}}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    for kind, (name, write, _) in _SIMPLE.items():
        if isinstance(value, kind):
            return {"=": name, "": write(value)}
    return value


@lru_cache(maxsize=256)
def _default(item: Field[Any]) -> Any:
    return item.default_factory() if item.default_factory is not MISSING else item.default


def _rich(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_rich, value))
    if not isinstance(value, dict):
        return value
    kind = value.pop("=")
    if kind in _READERS:
        return _READERS[kind](value[""])
    words = {word: _rich(item) for word, item in value.items()}
    if kind == "map":
        return words
    known = _known(_BY_NAME[kind])
    return _BY_NAME[kind](**{word: item for word, item in words.items() if word in known})


@lru_cache(maxsize=32)
def _known(kind: type) -> frozenset[str]:
    return frozenset(item.name for item in fields(kind))


_SIMPLE: dict[type, tuple[str, Callable[[Any], str], Callable[[str], Any]]] = {
    date: ("day", date.isoformat, date.fromisoformat),
    Fraction: ("part", str, Fraction),
    bytes: ("bytes", lambda content: b64encode(content).decode(), b64decode),
}
_READERS = {name: read for name, _, read in _SIMPLE.values()}

"""Which pupil a row of any file is about: by UPN, by reference, by a reference without its zeros, or by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

NAME_KEY = "name:"
"""Begins the key of a pupil whom only a name tells apart."""
_KEY_LENGTH = 12
_LETTERS = re.compile(r"[^\W\d_]+")
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": ""})


@dataclass
class PupilKeys:
    """What the list of pupils calls each of them; until it was read every key stays as it is."""

    known: set[str] = field(default_factory=set)
    references: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    by_zeros: set[str] = field(default_factory=set)
    by_name: set[str] = field(default_factory=set)
    _without_zeros: dict[str, str] = field(default_factory=dict)

    def add_pupils(self, keys: Iterable[str], references: dict[str, str], names: dict[str, str]) -> None:
        """Take the keys of a list of pupils; `references` and `names` lead to them, "" where two pupils share one."""
        for key in keys:
            self.known.add(key)
            if key.isdigit():
                _add(self._without_zeros, key.lstrip("0"), key)
        for reference, key in references.items():
            _add(self.references, reference, key)
            if reference.isdigit():
                _add(self._without_zeros, reference.lstrip("0"), key)
        for name, key in names.items():
            _add(self.names, name, key)

    def resolve(self, key: str) -> str:
        """The key of the list of pupils that a key of another file means; the same key where there is none."""
        if key in self.known or not self.known:
            return key
        if key.startswith(NAME_KEY):
            return self._resolve_name(key)
        if found := self.references.get(key):
            return found
        if key.isdigit() and (found := self._without_zeros.get(key.lstrip("0"))):
            self.by_zeros.add(found)
            return found
        return key

    def _resolve_name(self, key: str) -> str:
        found = self.names.get(key) or self.names.get(key.partition("|")[0])
        if found:
            self.by_name.add(found)
        return found or key

    def notices(self) -> Iterator[str]:
        """What a person should know about pupils who were found in a roundabout way."""
        if self.by_zeros:
            yield (
                f"Zeros were lost at the beginning of {_count(self.by_zeros, 'reference')} in one of the files; each "
                "fits only one pupil and was joined. Format that column as text before you save it again."
            )
        if self.by_name:
            yield (
                f"{_count(self.by_name, 'pupil')} could only be found by name, because a file has no UPN or reference. "
                "Add the UPN to that export."
            )


def name_keys(first: str, last: str, group: str) -> tuple[str, ...]:
    """The keys that a name gives, the closest first; capitals, accents and the order of the names make no difference.

    The name itself cannot be read from them.
    """
    words = _LETTERS.findall(fold_name(f"{first} {last}"))
    if not words:
        return ()
    name = NAME_KEY + sha256(" ".join(sorted(words)).encode()).hexdigest()[:_KEY_LENGTH]
    return (f"{name}|{fold_name(group).replace(' ', '')}", name) if group.strip() else (name,)


def fold_name(text: str) -> str:
    """A name as it is compared: small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _add(found: dict[str, str], name: str, key: str) -> None:
    """Remember what a name leads to; "" where it leads to two."""
    found[name] = key if found.get(name, key) == key else ""


def _count(found: set[str], noun: str) -> str:
    return f"{len(found):,} {noun}{'' if len(found) == 1 else 's'}"

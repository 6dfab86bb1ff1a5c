"""Shape files: where things are in another system's JSON, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.attendance.reading.strict_toml import UnreadableTomlError, read_toml
from service.cohort.columns.aliases import contact_words, is_column_word
from service.did_you_mean import did_you_mean
from service.errors import CohortError, Problem

KINDS = ("pupil", "mark", "week", "dates")
"""What a row is: a pupil, a mark, a pupil's week, or a pupil with a map of dates."""
_ROOM = Path(__file__).parent
_KEYS = frozenset(
    "title kind rows recognise recognise_one_of more same_pupil no_code no_code_sentence dates morning afternoon "
    "columns contacts".split()
)
_LISTS = ("recognise", "recognise_one_of", "more", "same_pupil")
_TEXTS = ("no_code", "no_code_sentence", "dates", "morning", "afternoon")

Pointers = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a list of rows is, and where in a row each word is: the first of its JSON pointers that leads somewhere."""

    rows: str
    words: Mapping[str, Pointers]


@dataclass(frozen=True, slots=True)
class Shape:
    """One system's JSON. Pointers are those of RFC 6901; `recognise` all have to lead somewhere."""

    name: str
    title: str
    kind: str
    columns: Columns
    recognise: Pointers
    recognise_one_of: Pointers = ()
    more: Pointers = ()
    """Where the file says that there are more pages."""
    same_pupil: Pointers = ()
    """Where a row names its pupil by a number that other rows explain."""
    no_code: str = ""
    no_code_sentence: str = ""
    dates: str = ""
    morning: str = ""
    afternoon: str = ""
    contacts: Columns = field(default_factory=lambda: Columns("", {}))

    def fits(self, values: Any) -> bool:
        """Whether a JSON document looks like this system's."""
        if not all(find_value(values, pointer) is not None for pointer in self.recognise):
            return False
        return not self.recognise_one_of or any(has_value(values, pointer) for pointer in self.recognise_one_of)


def find_value(values: Any, pointer: str) -> Any:
    """What a JSON pointer leads to; None where it leads nowhere."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(values, Mapping):
            values = values.get(key)
        elif isinstance(values, list) and key.isdecimal() and int(key) < len(values):
            values = values[int(key)]
        else:
            return None
    return values


def has_value(values: Any, pointer: str) -> bool:
    """Whether a JSON pointer leads to something."""
    return find_value(values, pointer) is not None


@lru_cache(maxsize=1)
def shipped_shapes() -> tuple[Shape, ...]:
    """The shapes that come with the service."""
    return tuple(read_shape(path) for path in sorted(_ROOM.glob("*.toml")))


def find_shape(name: str, values: Any) -> Shape | None:
    """The shape of that name, or a file's own; without a name the one that the document fits, None where none does.

    Raises CohortError when there is no such shape.
    """
    if not name:
        return next((shape for shape in shipped_shapes() if shape.fits(values)), None)
    if name.endswith(".toml") and Path(name).is_file():
        return read_shape(Path(name))
    known = {shape.name: shape for shape in shipped_shapes()}
    if name not in known:
        sentence = f'There is no shape "{name}"; there are {", ".join(known)}.{did_you_mean(name, known)}'
        raise CohortError(Problem("unknown-shape", sentence))
    return known[name]


def read_shape(path: Path) -> Shape:
    """The shape of a file. Raises CohortError with everything that is wrong with it."""
    try:
        table = read_toml(path)
    except UnreadableTomlError as error:
        raise CohortError(Problem("shape-problem", str(error), file=path.name)) from None
    if faults := list(_find_faults(table)) or list(_find_unknown_words(table)):
        raise CohortError(Problem("shape-problem", fault, file=path.name) for fault in faults)
    contacts = table.get("contacts", {})
    return Shape(
        name=path.stem,
        title=table["title"],
        kind=table["kind"],
        columns=Columns(table["rows"], _pointers(table["columns"])),
        contacts=Columns(contacts.get("rows", ""), _pointers(contacts.get("columns", {}))),
        recognise=tuple(table.get("recognise", ())),
        recognise_one_of=tuple(table.get("recognise_one_of", ())),
        more=tuple(table.get("more", ())),
        same_pupil=tuple(table.get("same_pupil", ())),
        **{word: table[word] for word in _TEXTS if word in table},
    )


def _pointers(columns: Mapping[str, str | Sequence[str]]) -> dict[str, Pointers]:
    return {word: (where,) if isinstance(where, str) else tuple(where) for word, where in columns.items()}


def _find_faults(table: Mapping[str, Any]) -> Iterator[str]:
    for key in table.keys() - _KEYS:
        yield f'"{key}" is not a word of a shape file.{did_you_mean(key, _KEYS)}'
    for key in ("title", "kind", "rows", "columns"):
        if key not in table:
            yield f"Add {key}."
    if table.get("kind") not in KINDS:
        yield f"Write as kind one of {', '.join(KINDS)}."
    for key in ("title", "rows", *_TEXTS):
        if not isinstance(table.get(key, ""), str):
            yield f"Write {key} as a text in quotation marks."
    for key in _LISTS:
        if not _are_texts(table.get(key, [])):
            yield f"Write {key} as a list of texts in quotation marks."
    yield from _find_no_columns(table, "columns")
    contacts = table.get("contacts", {})
    if not isinstance(contacts, Mapping) or not isinstance(contacts.get("rows", ""), str):
        yield "Write contacts as a table with rows, a text, and columns."
    else:
        yield from _find_no_columns(contacts, "contacts.columns")


def _find_no_columns(table: Mapping[str, Any], name: str) -> Iterator[str]:
    """Columns that are no table, or lead to no place."""
    columns = table.get("columns", {})
    if not isinstance(columns, Mapping):
        yield f"Write {name} as a table of words, each with its place."
        return
    for word, where in columns.items():
        if not isinstance(where, str) and not _are_texts(where):
            yield f"Write in {name} the place of {word} as a text, or as a list of texts."


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _find_unknown_words(table: Mapping[str, Any]) -> Iterator[str]:
    for word in table.get("columns", {}):
        if not is_column_word(word):
            yield f'"{word}" is not a word that a column can hold.'
    for word in table.get("contacts", {}).get("columns", {}):
        if word not in contact_words():
            yield f'"{word}" is not a word of a contact.{did_you_mean(word, contact_words())}'

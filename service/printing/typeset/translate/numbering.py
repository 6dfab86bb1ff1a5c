"""The lists of a template: what stands before each level."""

from __future__ import annotations

from dataclasses import dataclass

from service.printing.typeset.translate.looks import Given, LookReader, measure_of
from service.word.parts import Element, w


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: the kind of its label, the label's words and look, and its indents."""

    kind: str
    label: str
    start: int
    set_right: bool
    suffix: str
    text: Given
    indents: Given


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list: the definition that it counts by, and its levels."""

    definition: str
    levels: dict[str, Level]


def read_lists(root: Element, reader: LookReader) -> dict[str, ListKind]:
    """Every list of numbering.xml by its id."""
    if root is None:
        return {}
    definitions = {one.get(w("abstractNumId")): one for one in root.iter(w("abstractNum"))}
    lists = {}
    for one in root.iter(w("num")):
        link = one.find(w("abstractNumId"))
        key = "" if link is None else link.get(w("val"), "")
        if key in definitions:
            lists[one.get(w("numId"), "")] = ListKind(key, _levels(one, definitions[key], reader))
    return lists


def _levels(instance: Element, definition: Element, reader: LookReader) -> dict[str, Level]:
    elements = {one.get(w("ilvl"), "0"): one for one in definition.iter(w("lvl"))}
    starts: dict[str, int] = {}
    for change in instance.iter(w("lvlOverride")):
        key = change.get(w("ilvl"), "0")
        if change.find(w("lvl")) is not None:
            elements[key] = change.find(w("lvl"))
        if change.find(w("startOverride")) is not None:
            starts[key] = int(measure_of(change.find(w("startOverride")).get(w("val")), 1))
    return {key: _level(one, starts.get(key), reader) for key, one in elements.items()}


def _level(element: Element, start: int | None, reader: LookReader) -> Level:
    def said(name: str, otherwise: str) -> str:
        found = element.find(w(name))
        return otherwise if found is None else str(found.get(w("val"), otherwise))

    return Level(
        kind=said("numFmt", "decimal"),
        label=said("lvlText", ""),
        start=int(measure_of(said("start", "1"), 1)) if start is None else start,
        set_right=said("lvlJc", "left") not in ("left", "start"),
        suffix=said("suff", "tab"),
        text=reader.text(element.find(w("rPr"))),
        indents=reader.paragraph(element.find(w("pPr"))),
    )

"""Many letters in one DOCX: a section each, with its own letterhead, footer and page numbers."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Hashable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

from service.printing.merge_lists import ListCopies
from service.printing.merge_parts import OWN, UNUSED, LetterParts
from service.printing.merge_section import (
    count_own_pages,
    mark_ends,
    point_to_own_pages,
    properties_of,
    rename_bookmarks,
    start_at_page_one,
)
from service.word.parts import (
    CONTENT_TYPES,
    DOCUMENT,
    Element,
    Parts,
    R,
    Relationship,
    W,
    read_content_types,
    relationships_of,
    relationships_part,
    serialise,
    write_content_types,
    write_relationships,
)

PARAGRAPH_IDS: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def merge_letters(letters: Sequence[LetterParts]) -> Parts:
    """One document of all the letters, whose `shared` must be equal.

    Each letter is a section (or several) from page 1, its "page x of y" counts its own pages, and `start_of(n)` and
    `end_of(n)` are bookmarks on its first and last page.
    """
    merged = _Merged(dict(letters[0].parts))
    root = deepcopy(letters[0].root)
    body = root[0]
    body.clear()
    lists = ListCopies(letters[0].parts)
    for number, letter in enumerate(letters):
        last = number == len(letters) - 1
        body.extend(_section_of(letter, number, merged, lists, last=last))
    merged.parts[DOCUMENT] = serialise(root)
    lists.write_to(merged.parts)
    return merged.finish(letters[0])


@dataclass(slots=True)
class _Merged:
    """The document being made: its parts, and by what they hold the parts that letters have brought."""

    parts: Parts
    brought: dict[Hashable, str] = field(default_factory=dict)
    relationships: list[Relationship] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    shown: dict[tuple[str, str], str] = field(default_factory=dict)  # the header each section would inherit

    def bring(self, letter: LetterParts, one: Relationship, number: int) -> str:
        """The relationship id here of what the letter points at; equal parts are brought once."""
        if one.external:
            return self._relate(("external", one.kind, one.target), one)
        name, key = self._bring_part(letter, one.target, number, one.noun)
        return self._relate((one.kind, key), Relationship("", one.kind, name, False))

    def _relate(self, key: Hashable, one: Relationship) -> str:
        if key not in self.brought:
            self.brought[key] = f"rIdL{len(self.relationships)}"
            self.relationships.append(Relationship(self.brought[key], one.kind, one.target, one.external))
        return self.brought[key]

    def _bring_part(self, letter: LetterParts, name: str, number: int, noun: str) -> tuple[str, Hashable]:
        content = letter.parts[name]
        if noun in ("header", "footer"):
            content = count_own_pages(content, number)
        inner: list[Relationship] = []
        for one in relationships_of(letter.parts, name):
            target = one.target if one.external else self._bring_part(letter, one.target, number, one.noun)[0]
            inner.append(Relationship(one.key, one.kind, target, one.external))
        key = ("part", noun, hashlib.sha256(content).digest(), tuple(inner))
        if key not in self.brought:
            self.brought[key] = self._add(name, content, inner, letter)
        return self.brought[key], key

    def _add(self, name: str, content: bytes, inner: list[Relationship], letter: LetterParts) -> str:
        folder, file = posixpath.split(name)
        stem, ending = posixpath.splitext(file)
        new = posixpath.join(folder, f"{stem}_l{len(self.brought)}{ending}")
        self.parts[new] = content
        if inner:
            self.parts[relationships_part(new)] = write_relationships(inner)
        endings, names = read_content_types(letter.parts[CONTENT_TYPES])
        self.types[new] = names.get(name) or endings.get(ending[1:].lower(), "application/octet-stream")
        return new

    def finish(self, first: LetterParts) -> Parts:
        """All parts of the merged document; those that only the first letter's own relationships named are gone."""
        common = [one for one in first.relationships if one.noun not in OWN | UNUSED]
        self.parts[relationships_part(DOCUMENT)] = write_relationships([*common, *self.relationships])
        for one in first.relationships:
            if one.noun in OWN and not one.external:
                for left in (one.target, relationships_part(one.target)):
                    self.parts.pop(left, None)
        endings, names = read_content_types(first.parts[CONTENT_TYPES])
        kept = {name: kind for name, kind in names.items() if name in self.parts}
        self.parts[CONTENT_TYPES] = write_content_types(endings, kept | self.types)
        return self.parts


def _section_of(letter: LetterParts, number: int, merged: _Merged, lists: ListCopies, *, last: bool) -> list[Element]:
    """The letter's paragraphs and tables with its section's end inside its last paragraph (or after it, at the end)."""
    body = deepcopy(letter.body)
    rename_bookmarks(body, number)
    point_to_own_pages(body, number)
    lists.renumber(body, number)
    targets = {one.key: one for one in letter.relationships}
    sections = list(body.iter(f"{W}sectPr"))
    for element in body.iter():
        for name, key in element.items():
            if name.startswith(R) and key in targets and element.getparent() not in sections:
                element.set(name, merged.bring(letter, targets[key], number))
            elif name.startswith(PARAGRAPH_IDS):
                del element.attrib[name]
        if element.tag == DRAWING:
            element.set("id", str(number * 1000 + int(element.get("id", "0") or 0) % 1000 + 1))
    for section in sections:
        _inherit_headers(section, letter, targets, merged, number)
    start_at_page_one(sections[0])
    mark_ends(body, number)
    content = list(body)
    if not last:
        properties = properties_of(content[-2])
        properties.append(content.pop())
    return content


def _inherit_headers(
    section: Element, letter: LetterParts, targets: dict[str, Relationship], merged: _Merged, number: int
) -> None:
    """Name only the headers and footers that differ from the section before: LibreOffice lays the rest out faster."""
    for reference in [child for child in section if child.get(f"{R}id")]:
        place = (reference.tag, reference.get(f"{W}type", ""))
        key = merged.bring(letter, targets[reference.get(f"{R}id")], number)
        if merged.shown.get(place) == key:
            section.remove(reference)
        merged.shown[place] = key
        reference.set(f"{R}id", key)

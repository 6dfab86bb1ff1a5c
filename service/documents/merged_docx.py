"""Many letters in one DOCX: a section each, with its own letterhead, footer and page numbers."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Hashable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from service.documents.docx_parts import (
    CONTENT_TYPES,
    DOCUMENT,
    R,
    W,
    Parts,
    Relationship,
    parse,
    read_content_types,
    relationships_of,
    relationships_part,
    serialise,
    write_content_types,
    write_relationships,
)
from service.documents.letter_lists import ListCopies, counts_through_a_style

Element = Any  # lxml's elements have no types of their own

OWN: Final = {"header", "footer", "image", "hyperlink", "chart"}
UNUSED: Final = {"customXml", "thumbnail", "webSettings", "glossaryDocument", "people"}
FIELDS: Final = {"PAGE", "NUMPAGES", "PAGEREF", "REF", "HYPERLINK", "DATE", "TIME", "SYMBOL", "QUOTE"}
ALONE: Final = (
    "footnoteReference",
    "endnoteReference",
    "commentReference",
    "altChunk",
    "subDoc",
    "lnNumType",
    "dataBinding",
)
NUMPAGES: Final = re.compile(r"\bNUMPAGES\b")
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
PARAGRAPH_IDS: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
SECTION_ORDER: Final = ("footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc", "pgBorders", "lnNumType")


def start_of(number: int) -> str:
    """The bookmark where the letter with this number, from 0, starts."""
    return f"letterStart{number}"


def end_of(number: int) -> str:
    """The bookmark at the last paragraph of the letter with this number, from 0."""
    return f"letterEnd{number}"


@dataclass(frozen=True, slots=True)
class LetterParts:
    """A letter taken apart: its parts, its text as a tree, and what the letters beside it must have in common."""

    parts: Parts
    root: Element
    relationships: tuple[Relationship, ...]
    shared: Hashable | None  # None: it cannot stand in one document with others

    @property
    def body(self) -> Element:
        return self.root[0]


def take_apart(parts: Parts) -> LetterParts:
    """The letter ready to be merged; letters whose `shared` is equal and not None may stand in one DOCX."""
    root = parse(parts[DOCUMENT])
    relationships = relationships_of(parts, DOCUMENT)
    letter = LetterParts(parts, root, relationships, None)
    shared = None if _must_stand_alone(letter) else _common_parts(letter)
    return LetterParts(parts, root, relationships, shared)


def merge_letters(letters: Sequence[LetterParts], starts_on: str = "nextPage") -> Parts:
    """One document of all the letters, whose `shared` must be equal.

    Each letter is a section (or several) from page 1, its "page x of y" counts its own pages, and `start_of(n)` and
    `end_of(n)` are bookmarks on its first and last page. `starts_on` is "nextPage" or, for printing on both sides,
    "oddPage".
    """
    merged = _Merged(dict(letters[0].parts))
    root = deepcopy(letters[0].root)
    body = root[0]
    body.clear()
    lists = ListCopies(letters[0].parts)
    for number, letter in enumerate(letters):
        last = number == len(letters) - 1
        body.extend(_section_of(letter, number, merged, lists, starts_on, last=last))
    merged.parts[DOCUMENT] = serialise(root)
    lists.write_to(merged.parts)
    return merged.finish(letters[0])


def _must_stand_alone(letter: LetterParts) -> bool:
    body = letter.body
    if any(one.target not in letter.parts for one in letter.relationships if not one.external):
        return True
    if len(letter.root) != 1 or len(body) < 2 or body[-1].tag != f"{W}sectPr" or body[-2].tag != f"{W}p":
        return True
    if body[-2].find(f"{W}pPr/{W}framePr") is not None or body[-2].find(f"{W}pPr/{W}sectPr") is not None:
        return True
    if any(next(body.iter(f"{W}{name}"), None) is not None for name in ALONE) or counts_through_a_style(letter.parts):
        return True
    own = [letter.parts[one.target] for one in letter.relationships if one.noun in ("header", "footer")]
    return any(not _fields_travel(root) for root in (letter.root, *map(parse, own)))


def _fields_travel(root: Element) -> bool:
    """Whether every field means the same in a document of many letters, and none is broken over two runs."""
    simple = [one.get(f"{W}instr", "") for one in root.iter(f"{W}fldSimple")]
    complex_ = [one.text or "" for one in root.iter(f"{W}instrText")]
    words = [instruction.split() for instruction in simple + complex_ if instruction.strip()]
    return all(parts[0].upper() in FIELDS for parts in words)


def _common_parts(letter: LetterParts) -> Hashable:
    """A fingerprint of all that the letters of one document share: styles, lists, settings, kinds of header."""
    digest = hashlib.sha256()
    for one in sorted(letter.relationships, key=lambda one: (one.kind, one.target)):
        if one.noun not in OWN | UNUSED:
            digest.update(f"{one.kind} {one.target} ".encode() + letter.parts.get(one.target, b"") + b"\0")
    sections = tuple(
        tuple(sorted((ref.tag, ref.get(f"{W}type", "")) for ref in section if ref.get(f"{R}id")))
        for section in letter.body.iter(f"{W}sectPr")
    )
    ends = {sections[0], sections[-1]}  # a section without a header would inherit that of the letter before it
    return None if len(ends) > 1 else (digest.hexdigest(), sections[0], tuple(sorted(letter.root.attrib.items())))


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
            content = _count_own_pages(content, number)
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


def _section_of(
    letter: LetterParts, number: int, merged: _Merged, lists: ListCopies, starts_on: str, *, last: bool
) -> list[Element]:
    """The letter's paragraphs and tables with its section's end inside its last paragraph (or after it, at the end)."""
    body = deepcopy(letter.body)
    _rename_bookmarks(body, number)
    _point_to_own_pages(body, number)
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
    _start_at_page_one(sections[0], starts_on)
    _mark_ends(body, number)
    content = list(body)
    if not last:
        properties = _properties_of(content[-2])
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


def _start_at_page_one(section: Element, starts_on: str) -> None:
    """Make the section begin on a new page that is page 1."""
    numbers = section.find(f"{W}pgNumType")
    if numbers is None:
        numbers = section.makeelement(f"{W}pgNumType")
        before = ("pgNumType", *SECTION_ORDER, "headerReference", "footerReference")
        section.insert(sum(_local(child) in before for child in section), numbers)
    numbers.set(f"{W}start", "1")
    kind = section.find(f"{W}type")
    if kind is None:
        kind = section.makeelement(f"{W}type")
        before = ("headerReference", "footerReference", "footnotePr", "endnotePr")
        section.insert(sum(_local(child) in before for child in section), kind)
    kind.set(f"{W}val", starts_on)


def _mark_ends(body: Element, number: int) -> None:
    """Put the letter's two bookmarks before its first words (outside frames and tables) and behind its last.

    LibreOffice moves a mark at the very end of a section one character forward, and words that are broken there shift
    by a hair. A hidden character before the mark is what it moves over.
    """
    plain = (one for one in body.iterchildren(f"{W}p") if one.find(f"{W}pPr/{W}framePr") is None)
    first, last = next(plain), body[-2]
    last.extend([_hidden_character(last), *_bookmark(last, end_of(number), number * 2 + 1)])
    at = _after_properties(first)
    first[at:at] = _bookmark(first, start_of(number), number * 2)


def _hidden_character(near: Element) -> Element:
    run = near.makeelement(f"{W}r")
    properties = run.makeelement(f"{W}rPr")
    properties.append(run.makeelement(f"{W}vanish"))
    words = run.makeelement(f"{W}t")
    words.text = "."
    run.extend([properties, words])
    return run


def _after_properties(paragraph: Element) -> int:
    return 0 if paragraph.find(f"{W}pPr") is None else 1


def _bookmark(near: Element, name: str, key: int) -> list[Element]:
    start = near.makeelement(f"{W}bookmarkStart", {f"{W}id": str(key), f"{W}name": name})
    return [start, near.makeelement(f"{W}bookmarkEnd", {f"{W}id": str(key)})]


def _rename_bookmarks(body: Element, number: int) -> None:
    """Give the letter's own bookmarks names and ids that no other letter has."""
    names = {}
    for mark in body.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        mark.set(f"{W}id", str(1_000_000 + number * 1000 + int(mark.get(f"{W}id", "0")) % 1000))
        if mark.get(f"{W}name"):
            names[mark.get(f"{W}name")] = f"l{number}_{mark.get(f'{W}name')}"[:40]
            mark.set(f"{W}name", names[mark.get(f"{W}name")])
    if not names:
        return
    pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?!\w)")
    for element, attribute in _instructions(body):
        _set_instruction(element, attribute, pattern.sub(lambda found: names[found[0]], _get(element, attribute)))
    for link in body.iter(f"{W}hyperlink"):
        anchor = link.get(f"{W}anchor")
        if anchor in names:
            link.set(f"{W}anchor", names[anchor])


def _count_own_pages(content: bytes, number: int) -> bytes:
    """A header or footer in which "of y" means the pages of this letter."""
    if b"NUMPAGES" not in content:
        return content
    root = parse(content)
    _point_to_own_pages(root, number)
    return serialise(root)


def _point_to_own_pages(root: Element, number: int) -> None:
    for element, attribute in _instructions(root):
        instruction = _get(element, attribute)
        if NUMPAGES.search(instruction):
            _set_instruction(element, attribute, NUMPAGES.sub(f"PAGEREF {end_of(number)}", instruction))


def _instructions(root: Element) -> Iterator[tuple[Element, str]]:
    """Every field's instruction: the element, and the attribute that holds it or "" for its text."""
    yield from ((element, f"{W}instr") for element in root.iter(f"{W}fldSimple"))
    yield from ((element, "") for element in root.iter(f"{W}instrText"))


def _get(element: Element, attribute: str) -> str:
    return str(element.get(attribute, "") if attribute else element.text or "")


def _set_instruction(element: Element, attribute: str, instruction: str) -> None:
    if attribute:
        element.set(attribute, instruction)
    else:
        element.text = instruction
        element.set(XML_SPACE, "preserve")


def _properties_of(paragraph: Element) -> Element:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = paragraph.makeelement(f"{W}pPr")
        paragraph.insert(0, properties)
    return properties


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]

"""A letter taken apart, and whether it can stand in one document with others."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Final

from service.errors import ConversionError, Problem, TemplateError
from service.printing.merge_lists import counts_through_a_style
from service.word.parts import (
    DOCUMENT,
    Element,
    Parts,
    R,
    Relationship,
    W,
    parse,
    read_parts,
    read_relationships,
    relationships_of,
)

OWN: Final = {"header", "footer", "image", "hyperlink", "chart"}  # what each letter may have of its own
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


def read_letter(docx: bytes) -> Parts:
    """The parts of a filled letter. Raises ConversionError where it is no DOCX, or shows what lies outside it."""
    try:
        parts = read_parts(docx)
    except TemplateError as error:
        raise ConversionError(error.problems) from None
    for name, content in parts.items():
        if name.endswith(".rels") and b"External" in content:
            for one in read_relationships(content, ""):
                if one.external and one.noun != "hyperlink":
                    detail = f'Put the {one.noun} into the letter: "{name}" only links to one elsewhere.'
                    raise ConversionError(Problem("outside-the-document", detail))
    return parts


def take_apart(parts: Parts) -> LetterParts:
    """The letter ready to be merged; letters whose `shared` is equal and not None may stand in one DOCX."""
    root = parse(parts[DOCUMENT])
    relationships = relationships_of(parts, DOCUMENT)
    letter = LetterParts(parts, root, relationships, None)
    shared = None if _must_stand_alone(letter) else _common_parts(letter)
    return LetterParts(parts, root, relationships, shared)


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
    """Whether every field means the same in a document of many letters, and none hides its word over two runs."""
    for pieces in _instructions(root):
        word = next(iter("".join(pieces).upper().split()), "PAGE")
        if word not in FIELDS or not any(word in piece.upper() for piece in pieces or ["PAGE"]):
            return False
    return True


def _instructions(root: Element) -> Iterator[list[str]]:
    """Each field's instruction, in the pieces that stand in the file."""
    yield from ([one.get(f"{W}instr", "")] for one in root.iter(f"{W}fldSimple"))
    open_fields: list[list[str]] = []
    for one in root.iter(f"{W}fldChar", f"{W}instrText"):
        kind = one.get(f"{W}fldCharType")
        if kind == "begin":
            open_fields.append([])
        elif kind == "end" and open_fields:
            yield open_fields.pop()
        elif kind is None and open_fields:
            open_fields[-1].append(one.text or "")


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

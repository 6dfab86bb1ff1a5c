"""The parts of a Word document: which there are, what each is, and its XML."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from service.errors import Problem, TemplateError
from service.word.package import Package
from service.word.plain_xml import MAX_XML, parse_xml, xml_problems

WORD_NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W: Final = f"{{{WORD_NAMESPACE}}}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
CONTENT_TYPES: Final = "[Content_Types].xml"
DOCUMENT: Final = "word/document.xml"
ROOT_RELATIONSHIPS = "_rels/.rels"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
KINDS = {
    f"{WORD_TYPE}document.main+xml": "letter",
    f"{WORD_TYPE}header+xml": "header",
    f"{WORD_TYPE}footer+xml": "footer",
    f"{WORD_TYPE}footnotes+xml": "footnotes",
    f"{WORD_TYPE}endnotes+xml": "endnotes",
    "application/vnd.openxmlformats-package.core-properties+xml": "properties",
    "application/vnd.openxmlformats-officedocument.extended-properties+xml": "properties",
    "application/vnd.openxmlformats-officedocument.custom-properties+xml": "properties",
}
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
NOT_WORD = Problem("not-a-word-document", "This is not a Word Document (.docx): save it as one in Word.")

Parts = dict[str, bytes]
Element = Any  # lxml's elements have no types of their own


@dataclass(frozen=True, slots=True)
class Part:
    """One XML part: its name in the package, what it is ("letter", "header", …, "other") and its XML."""

    name: str
    kind: str
    content: bytes

    @property
    def label(self) -> str:
        """What a person calls it: "the letter", "header 2", "footnotes"."""
        if self.kind == "letter":
            return "the letter"
        number = re.search(r"(\d+)(\.xml)?$", self.name)
        if self.kind in ("header", "footer"):
            return f"{self.kind} {number[1]}" if number else self.kind
        return {"properties": "the document properties", "other": self.name}.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class Relationship:
    """How one part points at another: `target` is a part's name, or an address when it is `external`."""

    key: str
    kind: str
    target: str
    external: bool

    @property
    def noun(self) -> str:
        """The last word of its type, for example "footer"."""
        return self.kind.rsplit("/", 1)[-1]


def w(name: str) -> str:
    """The full name of a WordprocessingML element or attribute."""
    return W + name


def parse(content: bytes) -> Element:
    """The XML as a tree with all its blanks and comments; nothing outside it is read."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def serialise(root: Element) -> bytes:
    """A part's XML as it goes into the package."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def list_parts(package: Package) -> tuple[Part, ...]:
    """Every XML part in the order of the file; TemplateError when this is no Word document or cannot be read."""
    if CONTENT_TYPES not in package.names or ROOT_RELATIONSHIPS not in package.names:
        raise TemplateError(NOT_WORD)
    _refuse(xml_problems(CONTENT_TYPES, _read_xml(package, CONTENT_TYPES)))
    types = read_part_types(package)
    xml = {name: _read_xml(package, name) for name in package.names if _is_xml(package, name, types[name])}
    _refuse(problem for name, content in xml.items() for problem in xml_problems(name, content))
    kinds = {name: KINDS[types[name]] for name in xml if types[name] in KINDS}
    main = _find_main(xml[ROOT_RELATIONSHIPS])
    if kinds.get(main) != "letter" or main not in xml:
        raise TemplateError(_wrong_type(xml[CONTENT_TYPES], xml.get(main, b"")))
    kinds = {name: kind for name, kind in kinds.items() if kind != "letter" or name == main}
    return tuple(Part(name, kinds.get(name, "other"), content) for name, content in xml.items())


def read_parts(docx: bytes) -> Parts:
    """Every part of a Word document by its name, in the order of the file; TemplateError as for `list_parts`."""
    package = Package.open(docx)
    xml = {part.name: part.content for part in list_parts(package)}
    if DOCUMENT not in xml:
        raise TemplateError(NOT_WORD)
    return {name: xml[name] if name in xml else package.read(name) for name in package.names}


def read_part_types(package: Package) -> dict[str, str]:
    """Part name -> content type as the package declares it, "" where it does not; names and endings in any case."""
    endings, names = read_content_types(package.read(CONTENT_TYPES))
    by_name = {name.lower(): kind.strip().lower() for name, kind in names.items()}
    by_ending = {ending: kind.strip().lower() for ending, kind in endings.items()}
    return {
        name: by_name.get(name.lower()) or by_ending.get(name.rpartition(".")[2].lower(), "") for name in package.names
    }


def _is_xml(package: Package, name: str, declared: str) -> bool:
    """Whether a part is XML by its name, by what the package says of it, or by how it begins."""
    if name.lower().endswith((".xml", ".rels")) or declared.endswith("xml"):
        return True
    return package.peek(name).translate(None, b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def _read_xml(package: Package, name: str) -> bytes:
    """One XML part unpacked. Raises TemplateError before unpacking one that is larger than a letter's can be."""
    size = next(entry.size for entry in package.entries if entry.name == name)
    if size > MAX_XML:
        limit = f"The part {name} has {size:,} bytes, the limit is {MAX_XML:,}: make the letter shorter."
        raise TemplateError(Problem("document-too-large", limit))
    return package.read(name)


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise TemplateError(found)


def _find_main(content: bytes) -> str:
    """The name of the part that the package calls its document."""
    for item in parse_xml(content).iter("{*}Relationship"):
        if item.get("Type", "").endswith("/officeDocument") and item.get("TargetMode") != "External":
            target: str = item.get("Target", "")
            return posixpath.normpath(target.lstrip("/"))
    return ""


def _wrong_type(content_types: bytes, main: bytes) -> Problem:
    if b"macroEnabled" in content_types:
        return Problem("holds-macros", "The file holds macros: save it as a Word Document (.docx) without them.")
    if b"template.main+xml" in content_types:
        return Problem("word-template-file", "This is a Word template (.dotx): save it as a Word Document (.docx).")
    if STRICT in main:
        return Problem(
            "strict-open-xml", "This is a Strict Open XML Document: save it as a plain Word Document (.docx)."
        )
    return NOT_WORD


def relationships_part(name: str) -> str:
    """Where the relationships of a part stand: "word/_rels/document.xml.rels"."""
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def relationships_of(parts: Parts, name: str) -> tuple[Relationship, ...]:
    """What the part points at, in its own order."""
    content = parts.get(relationships_part(name))
    return read_relationships(content, posixpath.dirname(name)) if content else ()


@lru_cache(maxsize=256)
def read_relationships(content: bytes, folder: str) -> tuple[Relationship, ...]:
    """The relationships in a .rels part; `folder` is that of the part they belong to."""
    return tuple(
        Relationship(
            row.get("Id", ""),
            row.get("Type", ""),
            row.get("Target", "") if row.get("TargetMode") == "External" else _resolve(folder, row.get("Target", "")),
            row.get("TargetMode") == "External",
        )
        for row in parse(content).iter(f"{PACKAGE}Relationship")
    )


def write_relationships(relationships: list[Relationship]) -> bytes:
    """A .rels part in which the targets are named from the root of the package."""
    root = _root(PACKAGE, "Relationships")
    for one in relationships:
        row = etree.SubElement(root, f"{PACKAGE}Relationship", Id=one.key, Type=one.kind)
        row.set("Target", one.target if one.external else f"/{one.target}")
        if one.external:
            row.set("TargetMode", "External")
    return serialise(root)


def names_of(parts: Parts, kind: str) -> list[str]:
    """The names of the parts that are of a kind ("header"), by what the package declares."""
    endings, names = read_content_types(parts[CONTENT_TYPES])
    return [
        name for name in parts if KINDS.get(names.get(name) or endings.get(name.rpartition(".")[2].lower(), "")) == kind
    ]


@lru_cache(maxsize=64)
def read_content_types(content: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Content types by file ending, and by part name."""
    root = parse(content)
    endings = {row.get("Extension", "").lower(): row.get("ContentType", "") for row in root.iter(f"{TYPES}Default")}
    names = {row.get("PartName", "")[1:]: row.get("ContentType", "") for row in root.iter(f"{TYPES}Override")}
    return endings, names


def write_content_types(endings: dict[str, str], names: dict[str, str]) -> bytes:
    """[Content_Types].xml from kinds by ending and kinds by part."""
    root = _root(TYPES, "Types")
    for ending, kind in endings.items():
        etree.SubElement(root, f"{TYPES}Default", Extension=ending, ContentType=kind)
    for name, kind in names.items():
        etree.SubElement(root, f"{TYPES}Override", PartName=f"/{name}", ContentType=kind)
    return serialise(root)


def _root(space: str, name: str) -> Element:
    """An element whose namespace needs no prefix."""
    spaces: Any = {None: space[1:-1]}
    return etree.Element(f"{space}{name}", nsmap=spaces)


def _resolve(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")

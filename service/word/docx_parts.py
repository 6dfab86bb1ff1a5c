"""The parts of a DOCX: read with care, and written again."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from service.errors import ConversionError, Problem

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
CONTENT_TYPES: Final = "[Content_Types].xml"
DOCUMENT: Final = "word/document.xml"
MOST_PARTS: Final = 2_000
MOST_BYTES: Final = 100_000_000
FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)

Parts = dict[str, bytes]
Element = Any  # lxml's elements have no types of their own


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


def read_parts(docx: bytes) -> Parts:
    """Every part of the DOCX by its name.

    Raises ConversionError when it is no DOCX, is damaged, is far too large, or shows something that lies outside it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            _check_sizes(package)
            parts = {
                entry.filename: _read_part(docx, package, entry) for entry in package.infolist() if not entry.is_dir()
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _refusal("not-a-docx", "This is not a Word document (DOCX), or it is damaged. Make it again.") from error
    for needed in (CONTENT_TYPES, DOCUMENT):
        if needed not in parts:
            raise _refusal("not-a-docx", f'This is not a Word document (DOCX): it has no "{needed}".')
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            _check_part(name, content)
    return parts


def _read_part(docx: bytes, package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One part; letters of one run share most of theirs, and those are unpacked and checked only once."""
    name_and_extra = docx[entry.header_offset + 26 : entry.header_offset + 30]
    if len(name_and_extra) < 4 or entry.compress_type != zipfile.ZIP_DEFLATED:
        return package.read(entry)
    start = entry.header_offset + 30 + sum(struct.unpack("<HH", name_and_extra))
    return _inflate(docx[start : start + entry.compress_size], entry.file_size, entry.CRC)


@lru_cache(maxsize=64)
def _inflate(packed: bytes, size: int, crc: int) -> bytes:
    content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    if len(content) != size or zlib.crc32(content) != crc:
        raise zipfile.BadZipFile("a part is damaged")
    return content


def write_parts(parts: Parts) -> bytes:
    """The DOCX made of these parts; the same parts give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, FIXED_DATE), content, zipfile.ZIP_DEFLATED, 1)
    return target.getvalue()


def parse(content: bytes) -> Element:
    """The XML as a tree; nothing outside it is read."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def serialise(root: Element) -> bytes:
    """A part's XML as it goes into the package."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


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


def _check_sizes(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    if len(entries) > MOST_PARTS:
        raise _refusal("docx-too-large", f"This document has {len(entries):,} parts; at most {MOST_PARTS:,} are read.")
    size = sum(entry.file_size for entry in entries)
    if size > MOST_BYTES:
        raise _refusal("docx-too-large", f"This document unpacks to {size:,} bytes; at most {MOST_BYTES:,} are read.")


def _check_part(name: str, content: bytes) -> None:
    fault = _fault_in_xml(content)
    if fault:
        raise _refusal("damaged-docx", f'The part "{name}" of this document {fault}. Make the document again.')
    if name.endswith(".rels") and b"External" in content:
        for one in read_relationships(content, ""):
            if one.external and one.noun != "hyperlink":
                raise _refusal(
                    "outside-the-document",
                    f'This document takes its {one.noun} from outside itself ("{name}"). Put the {one.noun} into it.',
                )


@lru_cache(maxsize=64)
def _fault_in_xml(content: bytes) -> str:
    """What is wrong with the XML, or nothing; a part that many letters share is looked at once."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        return "declares entities or is not UTF-8"
    try:
        parse(content)
    except etree.XMLSyntaxError as error:
        return f"is not whole (line {error.lineno})"
    return ""


def _refusal(code: str, detail: str) -> ConversionError:
    return ConversionError(Problem(code, detail))

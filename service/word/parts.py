"""The parts of a Word document: which there are, what each is, and its XML."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from lxml import etree

from service.errors import Problem, TemplateError
from service.word.package import Package

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPES = "[Content_Types].xml"
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
        number = re.search(r"(\d+)\.xml$", self.name)
        if self.kind in ("header", "footer"):
            return f"{self.kind} {number[1]}" if number else self.kind
        return {"properties": "the document properties", "other": self.name}.get(self.kind, self.kind)


def w(name: str) -> str:
    """The full name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def parse_xml(content: bytes | str) -> etree._Element:
    """The root element: no entities, no network, no comments, no blanks between elements (as python-docx reads it)."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_blank_text=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(content, parser)


def list_parts(package: Package) -> tuple[Part, ...]:
    """Every XML part in the order of the file; TemplateError when this is no Word document or cannot be read."""
    if CONTENT_TYPES not in package.names or ROOT_RELATIONSHIPS not in package.names:
        raise TemplateError(
            Problem("not-a-word-document", "This is not a Word Document (.docx): save it as one in Word.")
        )
    xml = {name: package.read(name) for name in package.names if name.lower().endswith((".xml", ".rels"))}
    problems = [problem for name, content in xml.items() for problem in _xml_problems(name, content)]
    if problems:
        raise TemplateError(problems)
    kinds = _read_kinds(xml[CONTENT_TYPES])
    main = _find_main(xml[ROOT_RELATIONSHIPS])
    if kinds.get(main) != "letter" or main not in xml:
        raise TemplateError(_wrong_type(xml[CONTENT_TYPES], xml.get(main, b"")))
    kinds = {name: kind for name, kind in kinds.items() if kind != "letter" or name == main}
    return tuple(Part(name, kinds.get(name, "other"), content) for name, content in xml.items())


def _xml_problems(name: str, content: bytes) -> list[Problem]:
    """What keeps one part from being read as plain XML."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [Problem("part-not-utf-8", f"The part {name} is not UTF-8: open the file in Word and save it again.")]
    encoding = re.match(r"""<\?xml[^>]*encoding=["']([\w.-]+)""", text)
    if encoding and encoding[1].lower() not in ("utf-8", "us-ascii"):
        return [Problem("part-not-utf-8", f"The part {name} is not UTF-8: open the file in Word and save it again.")]
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return [Problem("document-type-declared", f"The part {name} declares a document type, which Word never does.")]
    try:
        parse_xml(content)
    except etree.XMLSyntaxError:
        return [Problem("damaged-document", f"The part {name} is damaged: open the file in Word and save it again.")]
    return []


def _read_kinds(content: bytes) -> dict[str, str]:
    """Part name -> kind, for the parts whose declared type we know."""
    overrides = parse_xml(content).iter("{*}Override")
    types = {item.get("PartName", "").lstrip("/"): item.get("ContentType", "") for item in overrides}
    return {name: KINDS[declared] for name, declared in types.items() if declared in KINDS}


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
    return Problem("not-a-word-document", "This is not a Word Document (.docx): save it as one in Word.")

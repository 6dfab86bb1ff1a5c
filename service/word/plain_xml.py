"""What keeps a part of a Word document from being read as plain XML, within bounds that no letter comes near."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lxml import etree

from service.errors import Problem

MAX_XML: Final = 4_000_000  # bytes of one part
MAX_ELEMENTS: Final = 50_000  # of one part; a letter of four pages has some three thousand
MAX_MARKS: Final = 2 * MAX_ELEMENTS  # "<" in one part, known before it is read
MAX_NAMESPACES: Final = 5_000
MAX_DEPTH: Final = 100  # elements in one another; a table in a table in a text box needs about thirty
MAX_TABLES: Final = 5  # in one another
MAX_ATTRIBUTES: Final = 100  # of one element; Word writes at most some forty
_TOO_MUCH: Final = etree.XPath(
    f"count(//*) > {MAX_ELEMENTS} or boolean(//*[count(@*) > {MAX_ATTRIBUTES} or count(ancestor::*) >= {MAX_DEPTH}]) "
    f"or boolean(//w:tbl[count(ancestor::w:tbl) >= {MAX_TABLES}])",
    namespaces={"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"},
)


def parse_xml(content: bytes | str) -> etree._Element:
    """The root element: no entities, no network, no comments, no blanks between elements (as python-docx reads it)."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_blank_text=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(content, parser)


@lru_cache(maxsize=64)
def xml_problems(name: str, content: bytes) -> tuple[Problem, ...]:
    """What keeps one part from being read as plain XML; a part that many letters share is looked at once."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (_not_utf_8(name),)
    encoding = re.match(r"""<\?xml[^>]*encoding=["']([\w.-]+)""", text)
    if encoding and encoding[1].lower() not in ("utf-8", "us-ascii"):
        return (_not_utf_8(name),)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return (Problem("document-type-declared", f"The part {name} declares a document type, which Word never does."),)
    if content.count(b"<") > MAX_MARKS or content.count(b"xmlns") > MAX_NAMESPACES:
        return (_too_much(name),)
    try:
        root = parse_xml(content)
    except etree.XMLSyntaxError:
        return (Problem("damaged-document", f"The part {name} is damaged: open the file in Word and save it again."),)
    return (_too_much(name),) if _TOO_MUCH(root) else ()


def _not_utf_8(name: str) -> Problem:
    return Problem("part-not-utf-8", f"The part {name} is not UTF-8: open the file in Word and save it again.")


def _too_much(name: str) -> Problem:
    return Problem(
        "document-too-large",
        f"The part {name} is larger or more nested than a letter is: {MAX_ELEMENTS:,} elements, {MAX_DEPTH} in one "
        f"another ({MAX_TABLES} tables) and {MAX_ATTRIBUTES} settings of each are the most. Make it simpler.",
    )

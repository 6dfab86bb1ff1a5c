"""The text that a reader of a Word letter sees."""

from __future__ import annotations

from lxml import etree

from service.word.package import Package
from service.word.parts import list_parts, w
from service.word.plain_xml import parse_xml

READ_IN_ORDER = ("header", "letter", "footnotes", "endnotes", "footer")
MARKS = {
    w("tab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "\N{NON-BREAKING HYPHEN}",
    w("softHyphen"): "\N{SOFT HYPHEN}",
}
OFF = ("0", "false", "off")


Block = tuple[str, ...]
"""A paragraph, or the cells of a table's row."""


def read_text(docx: bytes) -> str:
    """The visible text of a DOCX: headers, body, notes, footers; a line for each paragraph and line break, tabs kept.

    Cells of a table row are on one line with tabs between them. Hidden text, deleted text, field codes and a second
    footer (or header) that says the same are left out. TemplateError when the file is no Word document.
    """
    return "\n".join("\t".join(block) for block in read_blocks(docx))


def read_blocks(docx: bytes) -> list[Block]:
    """The same text as paragraphs and rows. TemplateError when the file is no Word document."""
    parts = list_parts(Package.open(docx))
    shown = [part for kind in READ_IN_ORDER for part in parts if part.kind == kind]
    read = dict.fromkeys(tuple(_read_blocks(parse_xml(part.content))) for part in shown)
    return [block for blocks in read if any(text.strip() for each in blocks for text in each) for block in blocks]


def _read_blocks(container: etree._Element) -> list[Block]:
    """The paragraphs and rows of everything in a body, a cell, a header or a note."""
    blocks: list[Block] = []
    for element in container:
        if element.tag == w("p"):
            blocks += ((line,) for line in _read_paragraph(element))
        elif element.tag == w("tr"):
            cells = (cell for cell in element.iter(w("tc")) if _row_of(cell) is element)
            blocks.append(tuple(_as_text(_read_blocks(cell)) for cell in cells))
        elif element.tag != w("sectPr") and _is_shown(element):
            blocks += _read_blocks(element)
    return blocks


def _as_text(blocks: list[Block]) -> str:
    return "\n".join("\t".join(block) for block in blocks)


def _row_of(cell: etree._Element) -> etree._Element:
    return next(cell.iterancestors(w("tr")))


def _read_paragraph(paragraph: etree._Element) -> list[str]:
    """The paragraph's line, then those of text boxes anchored in it."""
    pieces: list[str] = []
    boxes: list[str] = []
    _read_inline(paragraph, pieces, boxes)
    return ["".join(pieces), *boxes]


def _read_inline(element: etree._Element, pieces: list[str], boxes: list[str]) -> None:
    for child in element:
        if child.tag == w("t"):
            pieces.append(child.text or "")
        elif child.tag in MARKS:
            pieces.append(MARKS[child.tag])
        elif child.tag == w("txbxContent"):
            boxes.append(_as_text(_read_blocks(child)))
        elif child.tag not in (w("pPr"), w("rPr")) and _is_shown(child):
            _read_inline(child, pieces, boxes)


def _is_shown(element: etree._Element) -> bool:
    """Whether an element prints: not deleted, not hidden, not the older twin that Word writes of a drawing."""
    if element.tag == w("del") or etree.QName(element).localname == "Fallback":
        return False
    if element.tag in (w("footnote"), w("endnote")) and element.get(w("type"), "normal") != "normal":
        return False
    hidden = element.find(f"{w('rPr')}/{w('vanish')}") if element.tag == w("r") else None
    return hidden is None or hidden.get(w("val")) in OFF

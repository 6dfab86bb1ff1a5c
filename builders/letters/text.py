"""The text of a Word document, as the golden files keep it: one paragraph or table row a line."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from service.word.parts import read_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_text(docx: bytes) -> str:
    """The letterhead, the letter and the footer, each after a line that names it."""
    parts = read_parts(docx)
    pieces = (("letterhead", "word/header1.xml"), ("letter", "word/document.xml"), ("footer", "word/footer1.xml"))
    return "\n".join(f"[{name}]\n" + "\n".join(read_lines(parts[part])) for name, part in pieces) + "\n"


def read_lines(part: bytes) -> Iterator[str]:
    """The paragraphs of one part in reading order; a row of a table is one line, its cells parted by " | "."""
    root = ElementTree.fromstring(part)  # noqa: S314 - reads only what this folder builds
    body = root.find(f"{W}body")
    for element in root if body is None else body:
        if element.tag == f"{W}p":
            yield _paragraph(element)
        for row in element.iter(f"{W}tr") if element.tag == f"{W}tbl" else ():
            yield " | ".join(" / ".join(_paragraph(p) for p in cell.iter(f"{W}p")) for cell in row.iter(f"{W}tc"))


def _paragraph(element: ElementTree.Element) -> str:
    style = element.find(f"{W}pPr/{W}pStyle")
    mark = {"ListBullet": "• ", "SectionHeading": "# "}.get("" if style is None else style.get(f"{W}val", ""), "")
    return mark + "".join(text.text or "" for text in element.iter(f"{W}t"))

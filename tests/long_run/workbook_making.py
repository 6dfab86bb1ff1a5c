"""Workbooks made quickly: the parts that a reader needs and no more."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.cohort.test_bounds import LINKS, MAIN
from tests.long_run.mutators import write_zip

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
)


def make_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet; the first column in shared texts, numbers as numbers, the rest in place."""
    shared = [row[0] if row else "" for row in rows]
    lines = "".join(_row(number, row) for number, row in enumerate(rows, 1))
    texts = "".join(f"<si><t>{_text(item)}</t></si>" for item in shared)
    book = '<sheets><sheet name="Pupils" sheetId="1" r:id="rId1"/></sheets>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{book}</workbook>',
        "xl/_rels/workbook.xml.rels": _RELS,
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/styles.xml": _STYLES,
    }
    return write_zip([(name, part.encode()) for name, part in parts.items()])


def _row(number: int, row: Sequence[str]) -> str:
    cells = "".join(_cell(f"{_letters(place)}{number}", number, place, text) for place, text in enumerate(row))
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, number: int, column: int, text: str) -> str:
    if not column:
        return f'<c r="{place}" t="s"><v>{number - 1}</v></c>'
    if text.isascii() and text.isdigit() and len(text) < 15:
        return f'<c r="{place}"><v>{text}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{_text(text)}</t></is></c>' if text else ""


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else f"{chr(64 + column // 26)}{chr(65 + column % 26)}"


def _text(text: str) -> str:
    """Text as XML may hold it."""
    return escape("".join(letter for letter in text if letter.isprintable() or letter in "\t\n"))

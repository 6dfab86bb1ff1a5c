"""The first page of a print run: what is in it, by reference, kind, pages and sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

from service.word.filling.template import LetterTemplate
from service.word.package import FASTEST, write_parts
from service.word.parts import CONTENT_TYPES, DOCUMENT, WORD_NAMESPACE

HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES: Final = f'xmlns:w="{WORD_NAMESPACE}" xmlns:r="{OFFICE}"'
HEADINGS: Final = ("No.", "Reference", "Letter", "Pages", "Sheets")
VALUES: Final = tuple(f"{{{{ row.{word} }}}}" for word in ("number", "reference", "kind", "pages", "sheets"))
ROWS_TOGETHER: Final = 1000
WIDTHS: Final = (900, 3300, 3438, 1000, 1000)
RIGHT: Final = (True, False, False, True, True)
TO_THE_RIGHT: Final = '<w:jc w:val="right"/>'


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One letter in the index."""

    reference: str
    kind: str
    pages: int
    sheets: int


def index_docx(words: Mapping[str, object]) -> bytes:
    """A part of the index as a DOCX: a heading, the lines above, and a table whose headings stand on every page."""
    return _opened().fill(words)


def index_parts(rows: Sequence[IndexRow], summary: Sequence[str]) -> Iterator[dict[str, object]]:
    """The words of the index, for its template; in parts where it is long, for none of them may take much memory."""
    starts = range(0, len(rows), ROWS_TOGETHER)
    for number, start in enumerate(starts, 1):
        some = rows[start : start + ROWS_TOGETHER]
        lines = [*summary] if number == 1 else []
        if len(starts) > 1:
            lines.append(f"Letters {start + 1:,} to {start + len(some):,} of {len(rows):,}.")
        part = f"part {number} of {len(starts)}, " if len(starts) > 1 else ""
        yield {"summary": lines, "rows": [_say_row(n, row) for n, row in enumerate(some, start + 1)], "part": part}


def _say_row(number: int, row: IndexRow) -> dict[str, object]:
    shown = {"reference": row.reference, "kind": row.kind, "pages": row.pages, "sheets": row.sheets}
    return {"number": number, **shown}


@cache
def _opened() -> LetterTemplate:
    return LetterTemplate.open(index_template(), "index.docx")


@cache
def index_template() -> bytes:
    """The Word document that the index is filled into."""
    table = _row(HEADINGS, "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>", "Strong")
    for values in (("{%tr for row in rows %}", *[""] * 4), VALUES, ("{%tr endfor %}", *[""] * 4)):
        table += _row(values, "<w:trPr><w:cantSplit/></w:trPr>")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in WIDTHS)
    lines = "".join(map(_paragraph, ("{%p for line in summary %}", "{{ line }}", "{%p endfor %}", "")))
    body = (
        f"{_paragraph('Print run', 'Title')}{lines}"
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(WIDTHS)}" w:type="dxa"/><w:tblBorders>{_borders()}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{table}</w:tbl>{_paragraph("")}{SECTION}'
    )
    parts = {
        CONTENT_TYPES: TYPES,
        "_rels/.rels": _relationships(("officeDocument", DOCUMENT)),
        "word/_rels/document.xml.rels": _relationships(("styles", "styles.xml"), ("footer", "footer1.xml")),
        DOCUMENT: f"{HEAD}<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "word/footer1.xml": f"{HEAD}<w:ftr {SPACES}>{FOOTER}</w:ftr>",
    }
    return write_parts({name: text.encode() for name, text in parts.items()}, FASTEST)


def _paragraph(words: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:t>{escape(words)}</w:t></w:r></w:p>"


def _row(values: Sequence[str], properties: str, style: str = "") -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        + _paragraph(words, style or "Cell", TO_THE_RIGHT if right else "")
        + "</w:tc>"
        for words, width, right in zip(values, WIDTHS, RIGHT, strict=True)
    )
    return f"<w:tr>{properties}{cells}</w:tr>"


def _borders() -> str:
    return "".join(f'<w:{side} w:val="single" w:sz="4" w:color="A6A6A6"/>' for side in ("top", "bottom", "insideH"))


def _relationships(*rows: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(rows)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{HEAD}<Relationships xmlns="{space}">{lines}</Relationships>'


def _field(instruction: str) -> str:
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


SECTION: Final = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
    "</w:sectPr>"
)
FOOTER: Final = (
    '<w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
    '<w:r><w:t xml:space="preserve">Index, {{ part }}page </w:t></w:r>'
    f'{_field("PAGE")}<w:r><w:t xml:space="preserve"> of </w:t></w:r>{_field("NUMPAGES")}</w:p>'
)
TYPES: Final = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{WORD}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{WORD}.footer+xml"/></Types>'
)
STYLES: Final = (
    f"{HEAD}<w:styles {SPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Liberation Sans" w:hAnsi="Liberation Sans" w:cs="Liberation Sans"/><w:sz w:val="20"/>'
    '<w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:pPr>'
    '<w:spacing w:before="0" w:after="160"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Cell"><w:name w:val="Cell"/><w:pPr><w:spacing w:before="30" w:after="30"/>'
    "</w:pPr></w:style>"
    '<w:style w:type="paragraph" w:styleId="Strong"><w:name w:val="Table Heading"/><w:basedOn w:val="Cell"/>'
    "<w:rPr><w:b/></w:rPr></w:style></w:styles>"
)

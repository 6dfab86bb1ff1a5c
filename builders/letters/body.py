"""The blocks of a letter as the main part of a Word document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from xml.sax.saxutils import escape

from builders.letters.kept_lists import keep_lists
from builders.letters.wording import Block, Paragraph, Row, Table, Tag, Wording

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEXT_WIDTH = 9638  # twips: A4 less 20 mm on each side
WHOLE = 5000  # fiftieths of a per cent: columns follow the margins of a print profile


def _address(style: str) -> tuple[Paragraph, ...]:
    """The lines of the address in one of its styles."""
    return tuple(Paragraph(style, text) for text in ("{%p for line in address_lines %}", "{{ line }}", "{%p endfor %}"))


BEFORE_BODY: tuple[Block, ...] = (
    Paragraph("Address", '{%p if address_setting == "tight" %}'),
    *_address("AddressTight"),
    Paragraph("Address", '{%p elif address_setting == "close" %}'),
    *_address("AddressClose"),
    Paragraph("Address", "{%p else %}"),
    *_address("Address"),
    Paragraph("Address", "{%p endif %}"),
    Paragraph("Date", "{{ date_long }}"),
    Paragraph("Salutation", "{{ salutation }}"),
)
FROM_RIGHT = "BodyTextKeptRight"
"""Its runs say so too: a style cannot say of runs that they run from the right."""
PERSONAL: tuple[Block, ...] = (  # what somebody adds to one letter, in a script that may run from the right
    Tag("{% if personal_sentence %}"),
    Tag("{% if personal_sentence_from_right %}"),
    Paragraph(FROM_RIGHT, "{{ personal_sentence }}"),
    Tag("{% else %}"),
    Paragraph("BodyTextKept", "{{ personal_sentence }}"),
    Tag("{% endif %}"),
    Tag("{% endif %}"),
)
SUBJECT = "{subject}: {{{{ pupil_name }}}}{{% if registration_group %}}, {{{{ registration_group }}}}{{% endif %}}"
ADDRESS_FRAME = (
    '<w:framePr w:w="4535" w:h="1332" w:hRule="exact" w:wrap="around" w:vAnchor="page" w:hAnchor="page"'
    ' w:x="1134" w:y="3260"/>'
)
FRAMES = {  # on each paragraph: LibreOffice does not read a frame from a style
    **dict.fromkeys(("Address", "AddressClose", "AddressTight"), ADDRESS_FRAME),
    "Date": (
        '<w:framePr w:w="3969" w:h="340" w:hRule="exact" w:wrap="around" w:vAnchor="page" w:hAnchor="page"'
        ' w:x="6803" w:y="3969"/>'
    ),
}
# On the table itself: LibreOffice takes a seventh longer for a letter whose table has a style of its own.
TABLE_LOOK = (
    '<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders><w:top w:val="single" w:sz="6" w:space="0"'
    ' w:color="1F3354"/><w:bottom w:val="single" w:sz="6" w:space="0" w:color="1F3354"/><w:insideH w:val="single"'
    ' w:sz="4" w:space="0" w:color="BFC7D5"/></w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
)
CELL_STYLES = {  # by whether the column holds figures, and whether the row is the heading
    (False, False): "TableText",
    (False, True): "TableHeading",
    (True, False): "TableFigure",
    (True, True): "TableFigureHeading",
}
Columns = tuple[tuple[int, bool], ...]  # the width of each, and whether it holds figures
HEADING_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="E9EDF4"/>'
SECTION = (
    '<w:sectPr><w:headerReference w:type="first" r:id="rId5"/><w:footerReference w:type="default" r:id="rId6"/>'
    '<w:footerReference w:type="first" r:id="rId7"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
    "<w:titlePg/></w:sectPr>"
)


def write_document(wording: Wording) -> str:
    """The XML of word/document.xml for one letter."""
    body = "".join(_write_block(block) for block in _all_blocks(wording))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:document xmlns:w="{WORD}" xmlns:r="{RELATIONSHIPS}"><w:body>{body}{SECTION}</w:body></w:document>'
    )


def _all_blocks(wording: Wording) -> Iterator[Block]:
    yield from BEFORE_BODY
    yield Paragraph("Subject", SUBJECT.format(subject=wording.subject))
    yield from keep_lists(_keep_with_closing(wording.blocks))
    yield from PERSONAL
    yield Paragraph("Closing", wording.closing)
    yield Paragraph("Signature", "{{ sender_name }}")
    place = "{{ local_authority_name }}" if wording.letterhead == "local authority" else "{{ school_name }}"
    role = f"{{{{ sender_role }}}}, {place}"
    if wording.enclosed:
        yield Paragraph("SignatureRoleKept", role)
        yield Paragraph("Enclosure", f"Enclosed: {wording.enclosed}")
    else:
        yield Paragraph("SignatureRole", role)


def _keep_with_closing(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The same blocks; the last paragraph stays on the page of the signature."""
    last = blocks[-1]
    if not isinstance(last, Paragraph) or last.style != "BodyText":
        raise ValueError("A letter ends with a paragraph of text, so that its signature never stands alone.")
    return (*blocks[:-1], Paragraph("BodyTextKept", last.text))


def _write_block(block: Block) -> str:
    if isinstance(block, Table):
        return _write_table(block)
    if isinstance(block, Tag):
        return _write_paragraph("BodyText", _for_whole(block, "p"))
    return _write_paragraph(block.style, block.text, is_kept=block.is_kept)


def _for_whole(tag: Tag, what: str) -> str:
    """The tag as docxtpl writes it when it holds whole paragraphs (p) or rows (tr)."""
    return tag.text.replace("{%", "{%" + what, 1)


def _write_paragraph(style: str, text: str, *, is_kept: bool = False) -> str:
    look = f'<w:pStyle w:val="{style}"/>{"<w:keepNext/>" if is_kept else ""}{FRAMES.get(style, "")}'
    runs = "".join(_write_runs(text, "<w:rPr><w:rtl/></w:rPr>" if style == FROM_RIGHT else ""))
    return f"<w:p><w:pPr>{look}</w:pPr>{runs}</w:p>"


def _write_runs(text: str, look: str) -> Iterator[str]:
    for number, piece in enumerate(text.split("**")):
        if piece:
            bold = '<w:rPr><w:rStyle w:val="Strong"/></w:rPr>' if number % 2 else look
            yield f'<w:r>{bold}<w:t xml:space="preserve">{escape(piece)}</w:t></w:r>'


def _write_table(table: Table) -> str:
    widths = [WHOLE * share // sum(table.shares) for share in table.shares]
    grid = "".join(f'<w:gridCol w:w="{TEXT_WIDTH * width // WHOLE}"/>' for width in widths)
    columns = tuple(zip(widths, table.figures, strict=True))
    rows = "".join(_write_table_row(row, columns) for row in table.rows)
    return (
        f"<w:tbl>{TABLE_LOOK}<w:tblGrid>{grid}</w:tblGrid>"
        f"{_write_row(table.heading.cells, columns, heading=True)}{rows}</w:tbl>"
    )


def _write_table_row(row: Row | Tag, columns: Columns) -> str:
    return _write_row((_for_whole(row, "tr"),) if isinstance(row, Tag) else row.cells, columns, heading=False)


def _write_row(cells: Iterable[str], columns: Columns, *, heading: bool) -> str:
    first, shade = ("<w:tblHeader/>", HEADING_SHADE) if heading else ("", "")
    whole = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="pct"/>{shade}</w:tcPr>'
        f"{_write_paragraph(CELL_STYLES[is_figure, heading], text)}</w:tc>"
        for text, (width, is_figure) in zip_longest(cells, columns, fillvalue="")
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{first}</w:trPr>{whole}</w:tr>"

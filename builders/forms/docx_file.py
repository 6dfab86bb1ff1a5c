"""A form as a Word document to go on writing in, with a placeholder for every field."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO
from xml.sax.saxutils import escape

from builders.forms.docx_parts import (
    CONTENT_TYPES,
    DOCUMENT_RELATIONS,
    LETTERHEAD_RELATIONS,
    LOGO,
    NAMESPACES,
    NUMBERING,
    PACKAGE_RELATIONS,
    SETTINGS,
    STYLES,
)
from builders.forms.form_file import Actions, Body, Cells, Codes, Criteria, Form, Part, Table, Text, Weeks
from builders.forms.vocabulary import Field
from builders.letters.template import draw_placeholder

WIDE = 10200
TWELFTH = WIDE // 12
FIXED_DATE = (2026, 1, 1, 0, 0, 0)
LINE_HEIGHT, LABEL_HEIGHT = 260, 240
LOGO_PIXELS = (152, 64)


def write_docx(form: Form) -> bytes:
    """The bytes of the Word document, the same at every build."""
    document = "".join(
        [
            _paragraph(form.title, "Heading1"),
            _paragraph(form.purpose, "Purpose"),
            *(_write_part(part) for part in form.parts),
            _SECTION,
        ]
    )
    files = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": PACKAGE_RELATIONS,
        "docProps/core.xml": _core_properties(form),
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{document}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/settings.xml": SETTINGS,
        "word/_rels/header1.xml.rels": LETTERHEAD_RELATIONS,
        "word/header1.xml": f"<w:hdr {NAMESPACES}>{_letterhead()}</w:hdr>",
        "word/header2.xml": f"<w:hdr {NAMESPACES}>{_later_head(form)}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {NAMESPACES}>{_foot(form)}</w:ftr>",
    }
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    contents = {name: f"{declaration}{content}".encode() for name, content in files.items()}
    return _zip(contents | {"word/media/logo.png": draw_placeholder(*LOGO_PIXELS)})


def _zip(contents: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return stream.getvalue()


def placeholder(field: Field) -> str:
    """What stands for a field's value: the words that the letter filler replaces."""
    if field.type == "tick":
        return f"{{{{ '☒' if {field.name} else '☐' }}}} {field.label}"
    if field.type == "radio":
        return "    ".join(_answer(field, choice) + f" {text}" for choice, text in field.choices.items())
    if field.type == "choice":
        chosen = " else ".join(f"'{text}' if {field.name} == '{choice}'" for choice, text in field.choices.items())
        return f"{{{{ {chosen} else '' }}}}"
    return f"{{{{ {field.name} }}}}"


def _answer(field: Field, choice: str) -> str:
    return f"{{{{ '☒' if {field.name} == '{choice}' else '☐' }}}}"


def _write_part(part: Part) -> str:
    heading = _paragraph(part.heading, "Heading2") if part.heading else _paragraph("", "Gap")
    intro = _paragraph(part.intro, "Note") if part.intro else ""
    return heading + intro + _write_body(part.body)


def _write_body(body: Body) -> str:
    if isinstance(body, Cells):
        return _table([TWELFTH] * 12, (_row(map(_labelled, row), _cells_height(row)) for row in body.rows))
    if isinstance(body, Table):
        return _write_table(body)
    if isinstance(body, Actions):
        return _write_actions(body)
    if isinstance(body, Text):
        style = "Lead" if body.bullets else "Normal"
        paragraphs = [_paragraph(text, style) for text in body.paragraphs]
        return "".join([*paragraphs, *(_paragraph(text, "Point") for text in body.bullets)])
    if isinstance(body, Criteria):
        return _write_criteria(body)
    if isinstance(body, Weeks):
        return _write_weeks(body)
    return _write_codes(body)


def _labelled(field: Field) -> str:
    label = "" if field.type == "tick" else _paragraph(field.label, "Label")
    return _cell(label + _paragraph(placeholder(field), "Value"), field.width)


def _cells_height(row: tuple[Field, ...]) -> int:
    return max(400 if cell.type == "tick" else LABEL_HEIGHT + cell.lines * LINE_HEIGHT + 60 for cell in row)


def _write_table(body: Table) -> str:
    rows = [_row((_cell(_paragraph(text, "TableHead"), width, "f3f6f9") for text, width in body.headings), 320, True)]
    for place, fields in enumerate(body.rows):
        cells = [_cell(_paragraph(placeholder(field), "Value"), field.width) for field in fields]
        if body.texts:
            cells.insert(0, _cell(_paragraph(body.texts[place][1], "RowText"), body.text_width, "f3f6f9"))
        rows.append(_row(cells, body.row_lines * LINE_HEIGHT + 140))
    return _table([TWELFTH] * 12, rows)


def _write_actions(body: Actions) -> str:
    titles = ((f"Type of action: {body.left}", 4), ("Date", 2), (f"Type of action: {body.right}", 4), ("Date", 2))
    rows = [_row((_cell(_paragraph(text, "TableHead"), width, "f3f6f9") for text, width in titles), 320, True)]
    for row in body.rows:
        cells = []
        for label, note, date in row:
            text = _paragraph(label, "Action") + (_paragraph(note, "Label") if note else "")
            cells += [_cell(text, 4), _cell(_paragraph(placeholder(date), "Value"), 2)]
        rows.append(_row(cells, 700))
    return _table([TWELFTH] * 12, rows)


def _write_criteria(body: Criteria) -> str:
    answers = body.rows[0][1].choices
    width = 12 - len(answers)
    head = [_cell(_paragraph("Criterion", "TableHead"), width, "f3f6f9")]
    head += [_cell(_paragraph(text, "TableHead", "center"), 1, "f3f6f9") for text in answers.values()]
    rows = [_row(head, 320, True)]
    for text, field in body.rows:
        marks = (_cell(_paragraph(_answer(field, choice), "Value", "center"), 1) for choice in answers)
        rows.append(_row([_cell(_paragraph(text, "RowText"), width), *marks], 400))
    return _table([TWELFTH] * 12, rows)


def _write_weeks(body: Weeks) -> str:
    widths = [1450, *[735] * 10, 1400]
    days = [("Week beginning", 1), *((day, 2) for day in ("Mon", "Tue", "Wed", "Thu", "Fri")), ("Sessions missed", 1)]
    halves = ["", *["AM", "PM"] * 5, ""]
    rows = [
        _row((_cell(_paragraph(day, "TableHead", "center"), span, "f3f6f9") for day, span in days), 260, True),
        _row((_cell(_paragraph(half, "Label", "center"), 1, "f3f6f9") for half in halves), 220, True),
    ]
    for week in body.rows:
        rows.append(_row((_cell(_paragraph(placeholder(field), "Mark", "center"), 1) for field in week), 250))
    return _table(widths, rows)


def _write_codes(body: Codes) -> str:
    cells = []
    for groups in (body.groups[:2] + body.groups[3:4], body.groups[2:3] + body.groups[5:6], body.groups[4:5]):
        text = "".join(
            _paragraph(title, "TableHead")
            + "".join(_paragraph(f"{code}\t{meaning}", "Code") for code, meaning in codes)
            for title, codes in groups
        )
        cells.append(_cell(text, 4))
    return _table([TWELFTH] * 12, [_row(cells, 400)])


def _table(widths: list[int], rows: Iterable[str]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FormTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _row(cells: Iterable[str], height: int, is_head: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}"/>{head}</w:trPr>{"".join(cells)}</w:tr>'


def _cell(content: str, span: int, fill: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    width = f'<w:tcW w:w="{span * TWELFTH}" w:type="dxa"/><w:gridSpan w:val="{span}"/>'
    return f"<w:tc><w:tcPr>{width}{shade}</w:tcPr>{content}</w:tc>"


def _paragraph(text: str, style: str, align: str = "") -> str:
    justified = f'<w:jc w:val="{align}"/>' if align else ""
    runs = "<w:r><w:tab/></w:r>".join(
        f'<w:r><w:t xml:space="preserve">{escape(piece)}</w:t></w:r>' for piece in text.split("\t") if text
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{justified}</w:pPr>{runs}</w:p>'


def _letterhead() -> str:
    name = _paragraph("{{ school_name }}", "SchoolName").replace("</w:p>", f"{LOGO}</w:p>")
    text = name + _paragraph("{{ school_address }}", "SchoolLine")
    return text + _paragraph("{{ school_contact }}", "SchoolLast")


def _later_head(form: Form) -> str:
    return _paragraph(f"{form.title}\tChild: {{{{ pupil_name }}}}", "LaterHead")


def _foot(form: Form) -> str:
    def number(code: str) -> str:
        return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'

    def run(text: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'

    tab = "<w:r><w:tab/></w:r>"
    content = f"{run(form.title)}{tab}{run('Page ')}{number('PAGE')}{run(' of ')}{number('NUMPAGES')}"
    return f'<w:p><w:pPr><w:pStyle w:val="Foot"/></w:pPr>{content}</w:p>'


def _core_properties(form: Form) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(form.title)}</dc:title><dc:language>en-GB</dc:language></cp:coreProperties>"
    )


_SECTION = (
    '<w:sectPr><w:headerReference w:type="first" r:id="rId3"/><w:headerReference w:type="default" r:id="rId4"/>'
    '<w:footerReference w:type="first" r:id="rId5"/><w:footerReference w:type="default" r:id="rId5"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1000" w:right="853" w:bottom="900" w:left="853" w:header="560" w:footer="440" w:gutter="0"/>'
    "<w:titlePg/></w:sectPr>"
)

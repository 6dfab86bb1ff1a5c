"""Letters made of raw OOXML: A4, letterhead with a picture, a footer with a reference and "page x of y"."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SENTENCES = (
    "We are writing because Sam has missed several sessions since the start of this term.",
    "Every school day gives a child the chance to learn, to see friends and to feel part of the class.",
    "If there is something that makes it hard to come to school, please tell us so that we can help.",
    "You can telephone the attendance office on any school day between eight and four.",
    "Please let us know before half past eight on the first day of any absence.",
    "Thank you for the mornings on which Sam was here early and ready to learn.",
)


@dataclass(frozen=True)
class Sample:
    """What one sample letter is made of; the same values give the same bytes."""

    number: int = 1
    template: str = "plain"
    paragraphs: int = 5
    rows: int = 4
    school: str = "Cherry Lane Primary School"
    numbered: bool = False
    extra_body: str = ""
    extra_relationships: str = ""
    logo_seed: int = 7

    @property
    def reference(self) -> str:
        return f"REF-{self.number:05d}"


def make_letter(**changes: object) -> bytes:
    """A letter as a DOCX."""
    return make_package(parts_of(Sample(**changes)))  # type: ignore[arg-type]


def make_package(parts: dict[str, bytes | str]) -> bytes:
    """The parts in a ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def parts_of(sample: Sample) -> dict[str, bytes | str]:
    """Every part of the sample letter by its name."""
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": package_relationships(),
        "docProps/core.xml": core_properties(sample),
        "docProps/thumbnail.jpeg": b"\xff\xd8\xff" + b"thumbnail" * 200,
        "customXml/item1.xml": "<leftover/>",
        "word/document.xml": document(sample),
        "word/_rels/document.xml.rels": document_relationships(sample),
        "word/styles.xml": styles(sample.template),
        "word/numbering.xml": numbering(),
        "word/settings.xml": settings(),
        "word/header1.xml": letterhead(sample),
        "word/_rels/header1.xml.rels": relationships([("rId1", "image", "media/image1.png")]),
        "word/header2.xml": f'{HEAD}<w:hdr {W}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr></w:p></w:hdr>',
        "word/footer1.xml": footer(sample),
        "word/footer2.xml": footer(sample),
        "word/media/image1.png": picture(sample.logo_seed),
    }


def content_types() -> str:
    overrides = {
        "/word/document.xml": f"{WORD_TYPE}.document.main+xml",
        "/word/styles.xml": f"{WORD_TYPE}.styles+xml",
        "/word/numbering.xml": f"{WORD_TYPE}.numbering+xml",
        "/word/settings.xml": f"{WORD_TYPE}.settings+xml",
        "/word/header1.xml": f"{WORD_TYPE}.header+xml",
        "/word/header2.xml": f"{WORD_TYPE}.header+xml",
        "/word/footer1.xml": f"{WORD_TYPE}.footer+xml",
        "/word/footer2.xml": f"{WORD_TYPE}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "jpeg": "image/jpeg",
    }
    lines = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in defaults.items()]
    lines += [f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items()]
    return f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{"".join(lines)}</Types>'


def relationships(rows: list[tuple[str, str, str]], extra: str = "") -> str:
    lines = [f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in rows]
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}{extra}</Relationships>'


def package_relationships() -> str:
    core = (
        f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    )
    thumbnail = (
        f'<Relationship Id="rId3" Type="{PACKAGE}/relationships/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/>'
    )
    return relationships([("rId1", "officeDocument", "word/document.xml")], core + thumbnail)


def document_relationships(sample: Sample) -> str:
    return relationships(
        [
            ("rId1", "styles", "styles.xml"),
            ("rId2", "numbering", "numbering.xml"),
            ("rId3", "settings", "settings.xml"),
            ("rId4", "header", "header1.xml"),
            ("rId5", "header", "header2.xml"),
            ("rId6", "footer", "footer1.xml"),
            ("rId7", "footer", "footer2.xml"),
            ("rId8", "customXml", "../customXml/item1.xml"),
        ],
        sample.extra_relationships,
    )


def core_properties(sample: Sample) -> str:
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>Attendance letter {sample.reference}</dc:title><dc:language>en-GB</dc:language>"
        "<dc:creator>Cherry Lane</dc:creator></cp:coreProperties>"
    )


def settings() -> str:
    return (
        f'{HEAD}<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-GB"/></w:settings>'
    )


def styles(template: str) -> str:
    """The named styles, with 150 unused ones as a library's default has."""
    font = {"plain": "Liberation Sans", "serif": "Liberation Serif"}.get(template, "Liberation Sans")
    accent = {"plain": "1F3864", "serif": "1F3864"}.get(template, "7030A0")
    unused = "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="Unused{n}"><w:name w:val="Unused {n}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="{n}" w:after="{n}"/></w:pPr></w:style>'
        for n in range(150)
    )
    return (
        f'{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" '
        f'w:cs="{font}" w:eastAsia="{font}"/><w:sz w:val="22"/><w:szCs w:val="22"/>'
        '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="108" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        '<w:pPr><w:spacing w:after="0"/></w:pPr><w:tblPr><w:tblBorders>'
        + "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        + "</w:tblBorders></w:tblPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/><w:basedOn w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/><w:basedOn w:val="Normal"/><w:pPr>'
        '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Subject"><w:name w:val="Subject"/><w:basedOn w:val="Normal"/><w:pPr>'
        f'<w:spacing w:before="240"/></w:pPr><w:rPr><w:b/><w:color w:val="{accent}"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:contextualSpacing/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="ListNumber"><w:name w:val="List Number"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
        + unused
        + "</w:styles>"
    )


def numbering() -> str:
    bullet = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl>'
    )
    number = bullet.replace('"bullet"', '"decimal"').replace("•", "%1.")
    return (
        f'{HEAD}<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>{bullet}'
        f'</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="singleLevel"/>{number}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )


def letterhead(sample: Sample) -> str:
    drawing = (
        '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="1080000" cy="540000"/>'
        '<wp:docPr id="1" name="Logo" descr="The school\'s logo"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="logo.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId1"/>'
        '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="1080000" cy="540000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    return (
        f'{HEAD}<w:hdr {W}><w:p><w:pPr><w:pStyle w:val="Header"/><w:jc w:val="right"/></w:pPr>'
        f"<w:r>{drawing}</w:r></w:p>"
        + "".join(
            f'<w:p><w:pPr><w:pStyle w:val="Header"/><w:spacing w:after="0"/><w:jc w:val="right"/></w:pPr>'
            f"<w:r><w:t>{escape(line)}</w:t></w:r></w:p>"
            for line in (sample.school, "12 Cherry Lane, Shipley BD18 1AA", "01274 496 000 · office@cherrylane.example")
        )
        + "</w:hdr>"
    )


def field(instruction: str, shown: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {instruction} '
        f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{shown}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def paragraph(words: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{text(words)}</w:p>"


def footer(sample: Sample) -> str:
    return (
        f'{HEAD}<w:ftr {W}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{text("Our reference " + sample.reference)}'
        f"<w:r><w:tab/></w:r>{text('Page ')}{field('PAGE', '1')}{text(' of ')}{field('NUMPAGES', '9')}</w:p></w:ftr>"
    )


def document(sample: Sample) -> str:
    chosen = random.Random(sample.number)
    frame = (
        '<w:framePr w:w="5103" w:hSpace="0" w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:x="1134" w:y="2835"/>'
        '<w:spacing w:after="0"/>'
    )
    address = (f"Parent or carer {sample.number}", f"{sample.number} Park Road", "Shipley", "BD18 3QX")
    body = [paragraph(line, frame) for line in address]
    body += [
        paragraph("20 November 2026", '<w:spacing w:before="2600"/>'),
        paragraph("Dear parent or carer"),
        paragraph("Attendance in the autumn term", '<w:pStyle w:val="Subject"/>'),
    ]
    body += [
        paragraph(" ".join(chosen.choice(SENTENCES) for _ in range(chosen.randint(2, 4))))
        for _ in range(sample.paragraphs)
    ]
    body.append(table(sample))
    listed = '<w:pStyle w:val="ListBullet"/>'
    body += [paragraph(words, listed) for words in ("talk with the class teacher", "a meeting after school")]
    if sample.numbered:
        direct = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'
        body += [paragraph(words, direct) for words in ("first numbered step", "second numbered step")]
        body += [paragraph("third numbered step by style", '<w:pStyle w:val="ListNumber"/>')]
    body.append(sample.extra_body)
    body.append(paragraph(f"Head teacher, letter {sample.number}", '<w:spacing w:before="480"/>'))
    return f"{HEAD}<w:document {W}><w:body>{''.join(body)}{section()}</w:body></w:document>"


def section() -> str:
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId5"/><w:headerReference w:type="first" r:id="rId4"/>'
        '<w:footerReference w:type="default" r:id="rId6"/><w:footerReference w:type="first" r:id="rId7"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
        'w:header="567" w:footer="567" w:gutter="0"/><w:cols w:space="708"/><w:titlePg/></w:sectPr>'
    )


def table(sample: Sample) -> str:
    rows = "".join(
        "<w:tr>"
        + "".join(f"<w:tc><w:tcPr><w:tcW w:w='4000' w:type='dxa'/></w:tcPr>{paragraph(cell)}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in [(f"{n + 1} October 2026, morning", f"no reason, {sample.number}/{n}") for n in range(sample.rows)]
    )
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="8000" w:type="dxa"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="4000"/><w:gridCol w:w="4000"/></w:tblGrid>{rows}</w:tbl>'
    )


@cache
def picture(seed: int, width: int = 300, height: int = 150) -> bytes:
    """A PNG of coloured stripes."""
    colours = random.Random(seed)
    stripes = [bytes(colours.randrange(256) for _ in range(3)) for _ in range(10)]
    raw = b"".join(b"\0" + b"".join(stripes[(x + y) // 30 % 10] for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

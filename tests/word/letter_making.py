"""Word documents made of a few lines of OOXML, as Word would have saved them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{WP}"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
OFFICE = "application/vnd.openxmlformats-officedocument."
PROPERTIES = {
    "core": "application/vnd.openxmlformats-package.core-properties+xml",
    "app": f"{OFFICE}extended-properties+xml",
    "custom": f"{OFFICE}custom-properties+xml",
}


def run(text: str, properties: str = "") -> str:
    """One run; `text` is XML already."""
    rpr = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{rpr}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    """One paragraph; a text that is no XML becomes a run."""
    ppr = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{ppr}{''.join(item if item.startswith('<') else run(item) for item in runs)}</w:p>"


def cell(*texts: str, properties: str = '<w:tcW w:w="2000" w:type="dxa"/>') -> str:
    """A table cell of one paragraph for each text."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraph(text) for text in texts)}</w:tc>"


def table(*rows: str, columns: int = 2) -> str:
    """A table of these rows (each a string of cells)."""
    grid = '<w:gridCol w:w="2000"/>' * columns
    body = "".join(f"<w:tr>{cells}</w:tr>" for cells in rows)
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>'


def make_parts(
    body: str,
    *,
    headers: tuple[str, ...] = (),
    footers: tuple[str, ...] = (),
    footnotes: str = "",
    endnotes: str = "",
    title: str = "",
    custom: str = "",
) -> dict[str, bytes]:
    """Name -> content of every part of a Word document with this body (XML of paragraphs and tables)."""
    parts: dict[str, str] = {}
    types: dict[str, str] = {"word/document.xml": f"{WORD}document.main+xml", "word/styles.xml": f"{WORD}styles+xml"}
    types["word/settings.xml"] = f"{WORD}settings+xml"
    links: list[tuple[str, str]] = [("styles", "styles.xml"), ("settings", "settings.xml")]
    references = ""
    for kind, texts in (("header", headers), ("footer", footers)):
        root = {"header": "hdr", "footer": "ftr"}[kind]
        for number, (text, use) in enumerate(zip(texts, ("default", "first", "even"), strict=False), 1):
            name = f"{kind}{number}.xml"
            parts[f"word/{name}"] = f"{HEAD}<w:{root} {NAMESPACES}>{text}</w:{root}>"
            types[f"word/{name}"] = f"{WORD}{kind}+xml"
            links.append((kind, name))
            references += f'<w:{kind}Reference w:type="{use}" r:id="rId{len(links)}"/>'
    for kind, text in (("footnote", footnotes), ("endnote", endnotes)):
        if text:
            note = f'<w:{kind} w:id="2">{text}</w:{kind}>'
            parts[f"word/{kind}s.xml"] = f"{HEAD}<w:{kind}s {NAMESPACES}>{note}</w:{kind}s>"
            types[f"word/{kind}s.xml"] = f"{WORD}{kind}s+xml"
            links.append((f"{kind}s", f"{kind}s.xml"))
    section = f'<w:sectPr>{references}<w:pgSz w:w="11906" w:h="16838"/><w:titlePg/></w:sectPr>'
    parts["word/document.xml"] = f"{HEAD}<w:document {NAMESPACES}><w:body>{body}{section}</w:body></w:document>"
    parts["word/styles.xml"] = f"{HEAD}<w:styles {NAMESPACES}/>"
    parts["word/settings.xml"] = f"{HEAD}<w:settings {NAMESPACES}/>"
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    parts["docProps/core.xml"] = (
        f'{HEAD}<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title></cp:coreProperties>"
    )
    types["docProps/core.xml"] = PROPERTIES["core"]
    package_links = [("officeDocument", "word/document.xml"), ("metadata/core-properties", "docProps/core.xml")]
    if custom:
        parts["docProps/custom.xml"] = (
            f'{HEAD}<Properties xmlns="{OFFICE}custom-properties" xmlns:vt="urn:vt">'
            f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="Reference">'
            f"<vt:lpwstr>{custom}</vt:lpwstr></property></Properties>"
        )
        types["docProps/custom.xml"] = PROPERTIES["custom"]
        package_links.append(("custom-properties", "docProps/custom.xml"))
    parts["word/_rels/document.xml.rels"] = _relationships(links)
    parts["_rels/.rels"] = _relationships(package_links)
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    parts["[Content_Types].xml"] = (
        f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    order = ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]
    names = [*order, *(name for name in parts if name not in order)]
    return {name: parts[name].encode() for name in names}


def _relationships(links: list[tuple[str, str]]) -> str:
    items = []
    for number, (kind, target) in enumerate(links, 1):
        base = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
        full = base if kind.startswith("metadata/") else f"{R}/{kind}"
        items.append(f'<Relationship Id="rId{number}" Type="{full}" Target="{target}"/>')
    return f'{HEAD}<Relationships xmlns="{RELATIONSHIPS}">{"".join(items)}</Relationships>'


def make_zip(parts: Mapping[str, bytes]) -> bytes:
    """The parts as the bytes of a ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def make_docx(body: str, **others: object) -> bytes:
    """A Word document with this body; headers, footers, footnotes, endnotes, title and custom as in make_parts."""
    return make_zip(make_parts(body, **others))  # type: ignore[arg-type]

"""A document of one word in a table, which a new LibreOffice converts before it is given letters."""

from __future__ import annotations

from typing import Final

from service.word.package import FASTEST, write_parts
from service.word.parts import WORD_NAMESPACE

_FORMATS: Final = "http://schemas.openxmlformats.org"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_LINKS: Final = "application/vnd.openxmlformats-package.relationships+xml"
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_FORMATS}/package/2006/content-types">'
    f'<Default Extension="rels" ContentType="{_LINKS}"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_FORMATS}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{_FORMATS}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": f'<w:document xmlns:w="{WORD_NAMESPACE}"><w:body>'
    '<w:tbl><w:tr><w:tc><w:p><w:r><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/></w:rPr><w:t>Ready</w:t></w:r>'
    "</w:p></w:tc></w:tr></w:tbl><w:p/></w:body></w:document>",
}


def warm_up_document() -> bytes:
    """The DOCX; converting it makes LibreOffice read its libraries and fonts, a tenth of a second and more."""
    return write_parts({name: content.encode() for name, content in _PARTS.items()}, FASTEST)

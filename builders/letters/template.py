"""One letter's wording and title as the bytes of its Word template."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from builders.letters.body import write_document
from builders.letters.wording import Wording

BASE = Path(__file__).parent / "base"
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say; a fixed date makes equal parts equal bytes
LOGO_PIXELS = (240, 100)  # the shape of the box that a logo may fill, 60 mm by 25 mm


def write_template(wording: Wording, title: str) -> bytes:
    """The DOCX template of one letter; the same words always give the same bytes."""
    parts = {
        "[Content_Types].xml": _read_base("content_types.xml"),
        "_rels/.rels": _read_base("package_rels.xml"),
        "docProps/core.xml": _read_base("core.xml").replace("TITLE", escape(title)),
        "word/document.xml": write_document(wording),
        "word/_rels/document.xml.rels": _read_base("document_rels.xml"),
        "word/styles.xml": _read_base("styles.xml"),
        "word/numbering.xml": _read_base("numbering.xml"),
        "word/settings.xml": _read_base("settings.xml"),
        "word/fontTable.xml": _read_base("fontTable.xml"),
        "word/header1.xml": _read_base(f"header_{wording.letterhead.replace(' ', '_')}.xml"),
        "word/footer1.xml": _read_base("footer.xml"),
        "word/footer2.xml": _read_base("footer.xml"),
    }
    content = {name: text.encode() for name, text in parts.items()}
    if wording.letterhead == "school":
        content["word/_rels/header1.xml.rels"] = _read_base("header_rels.xml").encode()
        content["word/media/logo.png"] = draw_placeholder(*LOGO_PIXELS)
    else:  # no picture, so no word of pictures either
        png = b'<Default Extension="png" ContentType="image/png"/>'
        content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(png, b"")
    return write_zip(content)


def write_zip(parts: Mapping[str, bytes]) -> bytes:
    """A DOCX with these parts; equal parts in equal order give equal bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, FIRST_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)
    return file.getvalue()


def _read_base(name: str) -> str:
    """One part of the base document without the line breaks that make it readable."""
    return re.sub(r">\s*\n\s*<", "><", (BASE / name).read_text(encoding="utf-8").strip())


def draw_placeholder(width: int, height: int) -> bytes:
    """A light grey PNG that stands where the school's logo will be; stored, so that every zlib writes it alike."""
    rows = (b"\0" + b"\xe9" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b""))
    body = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)

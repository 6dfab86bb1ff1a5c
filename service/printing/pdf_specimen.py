"""A PDF that says on every page that it is only a trial."""

from __future__ import annotations

import io

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from service.word.specimen import WORDS

SIZE = 160  # points; the word then crosses a page of A4
TURNED = "0.707 0.707 -0.707 0.707"


def mark_pages(pdf: bytes) -> bytes:
    """The same PDF with TEST across each page."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        page.merge_page(_overlay(float(page.mediabox.width), float(page.mediabox.height)))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _overlay(width: float, height: float) -> PageObject:
    """A page with nothing but the word, in light grey from corner to corner."""
    page = PageObject.create_blank_page(width=width, height=height)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica-Bold"}
    fonts = DictionaryObject({NameObject("/Specimen"): _names(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    start = f"{width / 2 - 1.1 * SIZE:.1f} {height / 2 - 1.3 * SIZE:.1f}"
    stream.set_data(f"/Artifact BMC q 0.8 g BT /Specimen {SIZE} Tf {TURNED} {start} Tm ({WORDS}) Tj ET Q EMC".encode())
    page[NameObject("/Contents")] = stream
    return page


def _names(values: dict[str, str]) -> DictionaryObject:
    return DictionaryObject({NameObject(word): NameObject(value) for word, value in values.items()})

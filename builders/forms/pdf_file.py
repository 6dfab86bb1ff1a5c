"""A laid-out form as a fillable, tagged PDF: drawn by reportlab, with fields and structure added by pypdf."""

from __future__ import annotations

from io import BytesIO
from typing import cast

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    IndirectObject,
    NumberObject,
    TextStringObject,
)
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from builders.forms.form_file import Form
from builders.forms.page import HEIGHT, WIDTH, Letters, Page, Placed, Surface
from builders.forms.paper import BOLD, REGULAR
from builders.forms.widgets import Widgets, dictionary, held, name


def register_fonts(regular: str, bold: str) -> None:
    """Makes the two fonts of the labels known to reportlab; their files are found by the caller."""
    pdfmetrics.registerFont(TTFont(REGULAR, regular))
    pdfmetrics.registerFont(TTFont(BOLD, bold))


def write_pdf(form: Form, pages: list[Page], font_path: str) -> bytes:
    """The bytes of the fillable PDF, the same at every build."""
    drawn, read = _draw(form, pages)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(drawn)))
    writer._info = None
    writer.add_metadata({"/Title": form.title, "/Producer": "Attendance letters"})
    root = writer.root_object
    root[name("Lang")] = TextStringObject("en-GB")
    root[name("ViewerPreferences")] = dictionary(DisplayDocTitle=BooleanObject(True))
    root[name("MarkInfo")] = dictionary(Marked=BooleanObject(True))
    for key in ("/Outlines", "/PageMode"):
        root.pop(key, None)
    widgets = Widgets(writer, font_path)
    for number, page in enumerate(pages):
        for item in page.items:
            if isinstance(item, Placed):
                widgets.add(number, item)
    widgets.finish()
    _add_structure(writer, pages, read, widgets)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _draw(form: Form, pages: list[Page]) -> tuple[bytes, list[list[tuple[Letters, int]]]]:
    """The drawn pages without fields, and for every page its marked lines with their numbers."""
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=REGULAR)
    canvas.setTitle(form.title)
    read = []
    for page in pages:
        marked: list[tuple[Letters, int]] = []
        for item in sorted(page.items, key=lambda item: not (isinstance(item, Surface) and bool(item.fill))):
            if isinstance(item, Surface):
                _draw_surface(canvas, item)
        for item in page.items:
            if isinstance(item, Letters):
                _draw_letters(canvas, item, marked)
        read.append(marked)
        canvas.showPage()
    canvas.save()
    return stream.getvalue(), read


def _draw_surface(canvas: Canvas, item: Surface) -> None:
    canvas._code.append("/Artifact BMC")
    if item.fill:
        canvas.setFillColor(HexColor(item.fill))
    canvas.setStrokeColor(HexColor(item.border))
    canvas.setLineWidth(item.thickness)
    if item.width and item.height:
        canvas.rect(item.x, item.y, item.width, item.height, stroke=1, fill=int(bool(item.fill)))
    else:
        canvas.line(item.x, item.y, item.x + item.width, item.y + item.height)
    canvas._code.append("EMC")


def _draw_letters(canvas: Canvas, item: Letters, marked: list[tuple[Letters, int]]) -> None:
    if item.tag:
        canvas._code.append(f"/{item.tag} <</MCID {len(marked)}>> BDC")
        marked.append((item, len(marked)))
    else:
        canvas._code.append("/Artifact BMC")
    canvas.setFont(BOLD if item.bold else REGULAR, item.size)
    canvas.setFillColor(HexColor(item.colour))
    canvas.drawString(item.x, item.y, item.text)
    canvas._code.append("EMC")


def _add_structure(
    writer: PdfWriter, pages: list[Page], read: list[list[tuple[Letters, int]]], widgets: Widgets
) -> None:
    """The order in which a screen reader goes through the form: paragraphs, headings and fields."""
    tree = writer._add_object(dictionary(Type=name("StructTreeRoot")))
    document = writer._add_object(
        dictionary(Type=name("StructElem"), S=name("Document"), P=tree, Lang=TextStringObject("en-GB"))
    )
    kids, parents = ArrayObject(), ArrayObject()
    for number, page in enumerate(pages):
        reference = cast("IndirectObject", writer.pages[number].indirect_reference)
        elements: list[IndirectObject] = []
        numbers = {id(item): mark for item, mark in read[number]}
        group, current = 0, None
        for item in page.items:
            if isinstance(item, Letters) and id(item) in numbers:
                if item.group != group or current is None:
                    current = writer._add_object(
                        dictionary(Type=name("StructElem"), S=name(item.tag), P=document, Pg=reference, K=ArrayObject())
                    )
                    kids.append(current)
                    group = item.group
                cast("ArrayObject", held(current)["/K"]).append(NumberObject(numbers[id(item)]))
                elements.append(current)
            elif isinstance(item, Placed):
                kids.append(widgets.add_element(item, document, reference))
        parents.extend((NumberObject(number), writer._add_object(ArrayObject(elements))))
        page_object = writer.pages[number]
        page_object[name("StructParents")] = NumberObject(number)
        page_object[name("Tabs")] = name("S")
    parents.extend(widgets.parents(len(pages)))
    held(document)[name("K")] = kids
    found = held(tree)
    found[name("K")] = document
    found[name("ParentTree")] = writer._add_object(dictionary(Nums=parents))
    found[name("ParentTreeNextKey")] = NumberObject(len(pages) + widgets.count)
    writer.root_object[name("StructTreeRoot")] = tree

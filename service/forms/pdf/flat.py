"""A form's flat copy prepared: no fields, and on every page room for a drawing that shows the values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import cast

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject

from service.forms.pdf.base import (
    Base,
    PageStart,
    add_body,
    finish_base,
    read_form,
    reserve_resources,
    strip_active_content,
    written,
)
from service.forms.pdf.palette import TextFont
from service.forms.pdf.slots import Place


def prepare_flat(content: bytes, name: str, font: TextFont) -> tuple[Base, list[tuple[Place, str]]]:
    """The file without fields, each page with room for a drawing on top; and what other boxes there were show."""
    whole, fields = read_form(content, name)
    strip_active_content(whole)
    filled = {widget.number for found in fields for widget in found.widgets}
    others = [list(_take_widgets(page, filled)) for page in whole.pages]
    whole.root_object.pop("/AcroForm")
    drop_field_elements(whole.root_object)
    for page, found in zip(whole.pages, others, strict=True):
        _keep_drawings(page, [drawing for drawing, _ in found])
    writer = PdfWriter(clone_from=PdfReader(BytesIO(written(whole).encode("latin-1"))))  # without what is gone
    resources = reserve_resources(writer)
    drawings: dict[str, int] = {}
    kept: list[tuple[Place, str]] = []
    overlays = []
    for number, (page, found) in enumerate(zip(writer.pages, others, strict=True)):
        for drawing, (_, start) in zip(cast("ArrayObject", page.pop("/KeptDrawings")), found, strict=True):
            word = f"D{len(drawings)}"
            drawings[word] = drawing.idnum
            kept.append((Place(number, start), f"/{word} Do"))
        overlays.append(_add_overlay(writer, page, resources))
    return finish_base(writer, font, resources, drawings, tuple(overlays)), kept


def drop_field_elements(root: DictionaryObject) -> None:
    """Takes the fields out of the reading order, which would else point to boxes that are gone."""
    if "/StructTreeRoot" not in root:
        return
    tree = cast("DictionaryObject", root["/StructTreeRoot"])
    _prune(tree, 0)
    if "/ParentTree" in tree and "/Nums" in (parents := cast("DictionaryObject", tree["/ParentTree"])):
        numbers = cast("ArrayObject", parents["/Nums"])
        pairs = zip(numbers[::2], numbers[1::2], strict=False)
        kept = [part for pair in pairs if isinstance(pair[1].get_object(), ArrayObject) for part in pair]
        parents[NameObject("/Nums")] = ArrayObject(kept)


def _prune(element: DictionaryObject, depth: int) -> bool:
    """Takes boxes out of an element; whether nothing is left of it."""
    kids = element.get("/K")
    if kids is None or depth > 50:
        return False
    found = kids.get_object()
    several = list(found) if isinstance(found, ArrayObject) else [kids]
    kept = ArrayObject(kid for kid in several if not _is_gone(kid.get_object(), depth))
    element[NameObject("/K")] = kept
    return not kept


def _is_gone(kid: PdfObject | None, depth: int) -> bool:
    if not isinstance(kid, DictionaryObject):
        return False
    return kid.get("/Type") == "/OBJR" or ("/S" in kid and _prune(kid, depth + 1))


def _keep_drawings(page: DictionaryObject, drawings: list[IndirectObject]) -> None:
    page[NameObject("/KeptDrawings")] = ArrayObject(drawings)


def _take_widgets(page: DictionaryObject, filled: Iterable[int]) -> Iterator[tuple[IndirectObject, str]]:
    """Removes the page's widgets; for those that no field fills, their drawing and where it goes."""
    notes = page.get("/Annots", ArrayObject()).get_object()
    kept = ArrayObject()
    for note in notes:
        dictionary = note.get_object()
        if dictionary.get("/Subtype") != "/Widget":
            kept.append(note)
        elif getattr(note, "idnum", 0) not in filled:
            yield from _other_drawing(dictionary)
    if kept:
        page[NameObject("/Annots")] = kept
    else:
        page.pop("/Annots", None)


def _other_drawing(widget: DictionaryObject) -> Iterator[tuple[IndirectObject, str]]:
    drawing = widget.get("/AP", DictionaryObject()).get_object().get("/N")
    content = drawing.get_object() if isinstance(drawing, IndirectObject) else None
    hidden = int(widget.get("/F", 0)) & 2
    if (
        isinstance(drawing, IndirectObject)
        and isinstance(content, DictionaryObject)
        and "/BBox" in content
        and not hidden
    ):
        x, y, right, top = map(float, cast("ArrayObject", widget["/Rect"]))
        left, low, wide, high = map(float, cast("ArrayObject", content["/BBox"]))
        across, up = (right - x) / ((wide - left) or 1), (top - y) / ((high - low) or 1)
        yield drawing, f"q {across:g} 0 0 {up:g} {x - left * across:g} {y - low * up:g} cm "


def _add_overlay(writer: PdfWriter, page: DictionaryObject, resources: int) -> PageStart:
    """Adds an empty drawing on top of a page; its number is where a filling puts its own."""
    box = page.mediabox  # type: ignore[attr-defined]
    width, height = float(box.right), float(box.top)
    body = f"<</Type/XObject/Subtype/Form/BBox[{float(box.left):g} {float(box.bottom):g} {width:g} {height:g}]"
    overlay = add_body(writer, f"{body}/Resources {resources} 0 R/Length 0>>stream\n\nendstream")
    before = add_body(writer, "<</Length 1>>stream\nq\nendstream")
    after = add_body(writer, "<</Length 20>>stream\nQ q /FilledForm Do Q\n\nendstream")
    contents = page.raw_get("/Contents") if "/Contents" in page else ArrayObject()
    inner = contents.get_object()
    pieces = list(inner) if isinstance(inner, ArrayObject) else [contents]
    ends = (IndirectObject(before, 0, writer), IndirectObject(after, 0, writer))
    page[NameObject("/Contents")] = ArrayObject([ends[0], *pieces, ends[1]])
    own = DictionaryObject(page["/Resources"].get_object()) if "/Resources" in page else DictionaryObject()  # type: ignore[call-overload]
    drawings = DictionaryObject(own.get("/XObject", DictionaryObject()).get_object())
    drawings[NameObject("/FilledForm")] = IndirectObject(overlay, 0, writer)
    own[NameObject("/XObject")] = drawings
    page[NameObject("/Resources")] = own
    return PageStart(width, height, overlay)

"""Pictures: in a line, at a place of the page, or at a place beside their paragraph."""

from __future__ import annotations

import hashlib
from typing import Final

from service.printing.typeset.code import points, quote
from service.printing.typeset.translate.draft import DRAWING_MAIN, Draft
from service.printing.typeset.translate.looks import local, measure_of
from service.word.parts import DOCUMENT, Element, R

WORD_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PICTURE: Final = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
KINDS: Final = ("png", "jpg", "jpeg", "gif", "webp")
EMUS: Final = 12_700  # in a point


class Pictures:
    """The pictures of one part."""

    def __init__(self, draft: Draft, part: str) -> None:
        self._draft = draft
        self._part = part

    def draw(self, drawing: Element) -> str:
        """Markup for the place where the picture is anchored; one that stands at a place of the page goes there."""
        holder = next(iter(drawing), None)
        extent = drawing.find(f".//{WORD_DRAWING}extent")
        if holder is None or extent is None or drawing.find(f".//{PICTURE}") is None:
            return self._unknown("the text box or shape", drawing)
        size = (measure_of(extent.get("cx")) / EMUS, measure_of(extent.get("cy")) / EMUS)
        image = self._image(drawing, holder, size)
        if not image:
            return ""
        if holder.tag == f"{WORD_DRAWING}inline":
            name = self._draft.definitions.define("g", "", f"box({image})")
            return f'#{name}()#"\\u{{2060}}"'
        if holder.find(f"{WORD_DRAWING}wrapNone") is None:
            return self._unknown("the picture that text flows round", drawing)
        return self._anchored(holder, image, size)

    def _unknown(self, what: str, element: Element) -> str:
        self._draft.unknowns.note(what, element)
        return ""

    def _image(self, drawing: Element, holder: Element, size: tuple[float, float]) -> str:
        cut = drawing.find(f".//{DRAWING_MAIN}srcRect")
        if cut is not None and cut.attrib:
            return self._unknown("the cropped picture", drawing)
        if any(local(one) == "xfrm" and (one.get("rot", "0") != "0" or one.get("flipH")) for one in drawing.iter()):
            return self._unknown("the turned picture", drawing)
        file = self._file(drawing)
        if not file:
            return ""
        shape = holder.find(f"{WORD_DRAWING}docPr")
        alt = "" if shape is None else shape.get("descr", "")
        said = f'image({quote(file)}, width: {points(size[0])}, height: {points(size[1])}, fit: "stretch"'
        return f"{said}, alt: {quote(alt)})" if alt else f"pdf.artifact({said}))"

    def _file(self, drawing: Element) -> str:
        """The picture's name among those that the letter shows."""
        blip = drawing.find(f".//{DRAWING_MAIN}blip")
        to = None if blip is None else self._draft.relationship(self._part, blip.get(f"{R}embed", ""))
        if to is None or to.external or to.target not in self._draft.parts:
            return self._unknown("the linked picture", drawing)
        ending = to.target.rpartition(".")[2].lower()
        if ending not in KINDS:
            return self._unknown(f"the {ending.upper()} picture", drawing)
        content = self._draft.parts[to.target]
        name = f"{hashlib.blake2b(content, digest_size=8).hexdigest()}.{ending}"
        self._draft.pictures[name] = content
        return name

    def _anchored(self, holder: Element, image: str, size: tuple[float, float]) -> str:
        page = self._draft.page
        across = _place(holder, "H", (page.left, page.width - page.right), page.width, size[0])
        down = _place(holder, "V", (page.top, page.height - page.bottom), page.height, size[1])
        if across is None or down is None:
            return self._unknown("the picture placed by the text beside it", holder)
        if down[0] == "paragraph":
            dx = across[1] - page.left
            return f"#place(top + left, dx: {points(dx)}, dy: {points(down[1])}, {image})"
        if self._part == DOCUMENT and holder.getparent().getparent().getparent().getprevious() is not None:
            return self._unknown("the picture at a place of the page", holder)
        code = self._draft.at(across[1], down[1], image)
        self._draft.placed.append(f"#{self._draft.definitions.define('g', '', code)}()")
        return ""


FROM_MARGIN: Final = ("margin", "column")
FROM_PAGE: Final = ("page", "leftMargin", "topMargin")


def _place(
    holder: Element, axis: str, text: tuple[float, float], whole: float, size: float
) -> tuple[str, float] | None:
    """By what a picture is placed along an axis, and how far from the edge of the page; None where that is not known.

    A picture beside its paragraph is placed from there.
    """
    position = holder.find(f"{WORD_DRAWING}position{axis}")
    if position is None:
        return None
    source = position.get("relativeFrom", "")
    offset, align = position.find(f"{WORD_DRAWING}posOffset"), position.find(f"{WORD_DRAWING}align")
    if offset is not None:
        start = {**dict.fromkeys(FROM_MARGIN, text[0]), **dict.fromkeys((*FROM_PAGE, "paragraph"), 0.0)}.get(source)
        kind = "paragraph" if source == "paragraph" else "page"
        return None if start is None else (kind, start + measure_of(offset.text) / EMUS)
    low, high = text if source in FROM_MARGIN else (0.0, whole)
    places = {"left": low, "top": low, "center": (low + high - size) / 2, "right": high - size, "bottom": high - size}
    known = align is not None and align.text in places and source in (*FROM_MARGIN, "page")
    return ("page", places[align.text]) if known else None

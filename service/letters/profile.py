"""Where a letter's parts stand on the paper, for the envelope or the printer that it goes to."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from service.did_you_mean import did_you_mean
from service.errors import Problem, TemplateError
from service.word.package import write_parts
from service.word.parts import DOCUMENT, Element, names_of, parse, read_parts, serialise, w

ADDRESS = "Address"  # the style of the address
ADDRESS_STYLES = {ADDRESS, "AddressClose", "AddressTight"}
DATE = "Date"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
TWIPS = 1440 / 25.4  # in a millimetre
EMUS = 36_000  # in a millimetre
BEFORE_FRAME = {w("pStyle"), w("keepNext"), w("keepLines"), w("pageBreakBefore")}  # the order that the schema asks for


@dataclass(frozen=True, slots=True)
class PrintProfile:
    """Distances in millimetres: margins and blocks from the edge of the page, `address_*` the frame of the address.

    Letterhead and date stand in the column that begins at `letterhead_left`.
    """

    side: float
    top: float
    bottom: float
    header: float
    footer: float
    address_left: float
    address_top: float
    address_width: float
    address_height: float
    letterhead_left: float
    date_top: float
    logo_left: float
    logo_top: float
    body_from: float


# dl: a DL envelope with a window 90 by 35 mm, 20 mm from the left and 18 mm from the bottom. However the folded sheet
# slides, 57 to 81 mm from the top and 20 to 100 mm from the left always show, and nothing outside 46 to 92 mm and 10 to
# 110 mm ever does.
# notify: GOV.UK Notify's letter specification. Address within 24.6 to 120.0 and 39.5 to 66.3 mm, logo within 15 to 125
# and 5 to 30 mm, service address from 125 to 195 mm, body from 95 mm, nothing within 15 mm of the sides or 5 mm of the
# top and bottom. Running text keeps 15 mm there, so that it does not touch the footer.
PROFILES = {
    "dl": PrintProfile(20, 20, 20, 10, 10, 20, 57.5, 80, 23.5, 120, 70, 20, 12, 93),
    "notify": PrintProfile(15, 15, 15, 6, 6, 25, 40.5, 94.5, 25.5, 125, 62, 15, 7, 95.5),
}


def apply_profile(docx: bytes, profile: str) -> bytes:
    """The same letter laid out for a print profile ("dl" or "notify").

    A letter without a paragraph in the style "Address" keeps its own layout under "dl"; any other profile refuses it,
    because its address cannot be placed. Raises TemplateError.
    """
    places = _find_profile(profile)
    parts = read_parts(docx)
    document = parse(parts[DOCUMENT])
    if not _place_address(document, places):
        return _keep_layout(docx, profile)
    _place_date(document, places)
    _set_margins(document, places)
    headers = {name: _lay_out_header(parts[name], places) for name in names_of(parts, "header")}
    return write_parts(parts | {DOCUMENT: serialise(document)} | headers)


def _find_profile(name: str) -> PrintProfile:
    if name not in PROFILES:
        detail = f'There is no print profile "{name}". Use one of: {", ".join(PROFILES)}.{did_you_mean(name, PROFILES)}'
        raise TemplateError(Problem("unknown-print-profile", detail))
    return PROFILES[name]


def _keep_layout(docx: bytes, profile: str) -> bytes:
    if profile == "dl":
        return docx
    detail = (
        f'This letter has no paragraph in the style "{ADDRESS}", so its address cannot be placed for the print profile '
        f'"{profile}". In Word, give the paragraphs of the address a style called "{ADDRESS}".'
    )
    raise TemplateError(Problem("no-address-style", detail))


def _place_address(document: Element, places: PrintProfile) -> bool:
    """Whether there is an address; each of its paragraphs now has a frame of a fixed place and size on the page."""
    layouts = [style.getparent() for style in document.iter(w("pStyle")) if style.get(w("val")) in ADDRESS_STYLES]
    for layout in layouts:
        _set_frame(_find_frame(layout), places)
    return bool(layouts)


def _place_date(document: Element, places: PrintProfile) -> None:
    """Moves a date that has a frame into the column of the letterhead."""
    for style in document.iter(w("pStyle")):
        frame = style.getparent().find(w("framePr")) if style.get(w("val")) == DATE else None
        if frame is not None:
            width = 210 - places.side - places.letterhead_left
            _set_word(frame, w=_twips(width), x=_twips(places.letterhead_left), y=_twips(places.date_top))


def _find_frame(layout: Element) -> Element:
    """The frame among a paragraph's properties, made where there is none."""
    frame = layout.find(w("framePr"))
    if frame is None:
        frame = layout.makeelement(w("framePr"))
        layout.insert(sum(1 for _ in takewhile(lambda node: node.tag in BEFORE_FRAME, layout)), frame)
    return frame


def _set_frame(frame: Element, places: PrintProfile) -> None:
    _set_word(frame, w=_twips(places.address_width), h=_twips(places.address_height), hRule="exact", wrap="around")
    _set_word(frame, vAnchor="page", hAnchor="page", x=_twips(places.address_left), y=_twips(places.address_top))


def _set_margins(document: Element, places: PrintProfile) -> None:
    side = _twips(places.side)
    for margins in document.iter(w("pgMar")):
        _set_word(margins, left=side, right=side, top=_twips(places.top), bottom=_twips(places.bottom))
        _set_word(margins, header=_twips(places.header), footer=_twips(places.footer))


def _lay_out_header(part: bytes, places: PrintProfile) -> bytes:
    """The header with its logo in place and so high that the letter below it begins where it should."""
    header = parse(part)
    for height in header.iter(w("trHeight")):
        _set_word(height, val=_twips(places.body_from - places.header))
    for row in header.iter(w("tr")):
        _set_columns(row, places)
    for anchor in header.iter(f"{DRAWING}anchor"):
        for axis, distance in (("positionH", places.logo_left), ("positionV", places.logo_top)):
            for offset in anchor.iterfind(f"{DRAWING}{axis}/{DRAWING}posOffset"):
                offset.text = str(round(distance * EMUS))
    return serialise(header)


def _set_columns(row: Element, places: PrintProfile) -> None:
    """Shares out the width of a letterhead of two columns."""
    cells = list(row.iter(w("tcW")))
    if len(cells) == 2:
        whole = 210 - 2 * places.side
        first = round(5000 * (places.letterhead_left - places.side) / whole)
        for cell, share in zip(cells, (first, 5000 - first), strict=True):
            _set_word(cell, w=share)


def _set_word(element: Element, **values: str | int) -> None:
    """Sets attributes of an element in Word's own namespace."""
    for name, value in values.items():
        element.set(w(name), str(value))


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS)

"""The fields of a form as objects of a PDF: boxes with names, tooltips, limits and an embedded font to type in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import uharfbuzz as hb
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from builders.forms.page import Placed
from service.forms.pdf.fonts import Typeface
from service.forms.pdf.strokes import Frame, draw_cells, draw_frame, draw_mark

TYPED_IN = "0.05 0.05 0.25 rg"
EDGE = "0.29 0.345 0.408"
_MULTILINE, _NO_TOGGLE_OFF, _RADIO, _COMBO, _COMB = 1 << 12, 1 << 14, 1 << 15, 1 << 17, 1 << 24


class Widgets:
    """The fields of one file as they are added, box by box."""

    def __init__(self, writer: PdfWriter, font_path: str) -> None:
        self.writer = writer
        self.count = 0
        self._fields: dict[str, IndirectObject] = {}
        self._boxes: dict[int, IndirectObject] = {}
        self._elements: list[IndirectObject] = []
        self._notes: dict[int, ArrayObject] = {}
        self._font = _typing_font(writer, Typeface(font_path))

    def add(self, page: int, placed: Placed) -> None:
        """A box of a field; the second box of the same name shows the same value."""
        box = self._box(page, placed)
        reference = self.writer._add_object(box)
        self._boxes[id(placed)] = reference
        self._notes.setdefault(page, ArrayObject()).append(reference)
        field = self._fields.get(placed.field.name)
        if field is None:
            field = self._fields[placed.field.name] = self.writer._add_object(self._field(placed))
        cast("ArrayObject", held(field)["/Kids"]).append(reference)
        box[name("Parent")] = field

    def finish(self) -> None:
        """Puts the boxes on their pages and the fields into the file."""
        for page, notes in self._notes.items():
            self.writer.pages[page][name("Annots")] = notes
        for field in self._fields.values():
            self._merge_single(field)
        fonts = DictionaryObject({name("FormText"): self._font})
        self.writer.root_object[name("AcroForm")] = dictionary(
            Fields=ArrayObject(self._fields.values()),
            DR=dictionary(Font=fonts),
            DA=TextStringObject(f"/FormText 10 Tf {TYPED_IN}"),
            NeedAppearances=BooleanObject(False),
        )

    def add_element(self, placed: Placed, parent: IndirectObject, page: IndirectObject) -> IndirectObject:
        """The box's place in the reading order."""
        box = self._boxes[id(placed)]
        link = dictionary(Type=name("OBJR"), Obj=box, Pg=page)
        element = dictionary(Type=name("StructElem"), S=name("Form"), P=parent, Pg=page, K=link)
        reference = self.writer._add_object(element)
        self._elements.append(reference)
        return reference

    def parents(self, first: int) -> Iterable[PdfObject]:
        """For each box the element it belongs to, numbered from `first` in the order the boxes were added."""
        for place, (box, element) in enumerate(zip(self._boxes.values(), self._elements, strict=True)):
            held(box)[name("StructParent")] = NumberObject(first + place)
            self.count += 1
            yield NumberObject(first + place)
            yield element

    def _field(self, placed: Placed) -> DictionaryObject:
        found = placed.field
        entries = dictionary(T=TextStringObject(found.name), TU=TextStringObject(found.tooltip), Kids=ArrayObject())
        if found.type in ("tick", "radio"):
            entries[name("FT")] = name("Btn")
            entries[name("Ff")] = NumberObject(_RADIO if found.type == "radio" else 0)
            entries[name("V")] = name("Off")
        elif found.type == "choice":
            entries[name("FT")] = name("Ch")
            entries[name("Ff")] = NumberObject(_COMBO)
            options = [
                ArrayObject(map(TextStringObject, (key, text))) for key, text in (("", " "), *found.choices.items())
            ]
            entries[name("Opt")] = ArrayObject(options)
        else:
            entries[name("FT")] = name("Tx")
            flags = (_MULTILINE if placed.multiline else 0) | (_COMB if found.type == "comb" else 0)
            entries[name("Ff")] = NumberObject(flags)
            if found.max_length:
                entries[name("MaxLen")] = NumberObject(found.max_length)
        return entries

    def _box(self, page: int, placed: Placed) -> DictionaryObject:
        corners = (placed.x, placed.y, placed.x + placed.width, placed.y + placed.height)
        box = dictionary(
            Type=name("Annot"),
            Subtype=name("Widget"),
            Rect=ArrayObject(FloatObject(f"{corner:.2f}") for corner in corners),
            F=NumberObject(4),
            P=self.writer.pages[page].indirect_reference,
        )
        if placed.field.type in ("tick", "radio"):
            self._add_marks(box, placed)
        else:
            box[name("DA")] = TextStringObject(f"/FormText {placed.size:g} Tf {TYPED_IN}")
            box[name("Q")] = NumberObject(int(placed.centred))
            frame = _comb_frame(placed) if placed.field.type == "comb" else ""
            box[name("AP")] = dictionary(N=self._drawing(placed, frame + "/Tx BMC EMC"))
            if frame:
                box[name("MK")] = dictionary(BC=array(0.29, 0.345, 0.408))
                box[name("BS")] = dictionary(W=FloatObject("0.6"), S=name("S"))
        return box

    def _add_marks(self, box: DictionaryObject, placed: Placed) -> None:
        edge = draw_frame(Frame("1 1 1", EDGE, 0.8, "S"), placed.width, placed.height)
        on = edge + draw_mark("4", placed.width, placed.height)
        state = placed.choice or "Yes"
        drawings = dictionary(Off=self._drawing(placed, edge))
        drawings[name(state)] = self._drawing(placed, on)
        box[name("AP")] = dictionary(N=drawings)
        box[name("AS")] = name("Off")
        box[name("MK")] = dictionary(CA=TextStringObject("4"), BC=array(0.29, 0.345, 0.408), BG=array(1, 1, 1))
        box[name("BS")] = dictionary(W=FloatObject("0.8"), S=name("S"))

    def _drawing(self, placed: Placed, content: str) -> IndirectObject:
        stream = StreamObject()
        stream.set_data(content.encode("ascii"))
        stream[name("Type")] = name("XObject")
        stream[name("Subtype")] = name("Form")
        stream[name("BBox")] = ArrayObject(FloatObject(f"{edge:.2f}") for edge in (0, 0, placed.width, placed.height))
        stream[name("Resources")] = dictionary(Font=DictionaryObject({name("FormText"): self._font}))
        return self.writer._add_object(stream)

    def _merge_single(self, field: IndirectObject) -> None:
        """Puts field and box into one object where there is only one box, as most programs write it."""
        entries = held(field)
        kids = cast("ArrayObject", entries["/Kids"])
        if len(kids) != 1 or (entries["/FT"] == "/Btn" and int(entries["/Ff"]) & _RADIO):
            return
        box = held(kids[0])
        for key, value in entries.items():
            if key != "/Kids":
                box[NameObject(key)] = value
        box.pop("/Parent")
        place = next(word for word, reference in self._fields.items() if reference is field)
        self._fields[place] = kids[0]


def _comb_frame(placed: Placed) -> str:
    """A comb's edge and the lines between its cells."""
    frame = Frame("", EDGE, 0.6, "S")
    cells = draw_cells(frame, placed.width, placed.height, placed.field.max_length)
    return draw_frame(frame, placed.width, placed.height) + cells


def _typing_font(writer: PdfWriter, typeface: Typeface) -> IndirectObject:
    """The font that a viewer uses for what a person types: Western European letters, embedded."""
    characters = [bytes([code]).decode("cp1252", "ignore") for code in range(32, 256)]
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(ord(character) for character in characters if character)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    dropped = wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
    dropped.update(int.from_bytes(tag, "big") for tag in (b"GSUB", b"GPOS", b"GDEF"))
    file = StreamObject()
    file.set_data(bytes(wanted.subset(typeface.face).blob.data))
    file[name("Length1")] = NumberObject(len(file.get_data()))
    base = name(f"FORMTX+{typeface.name}")
    tags = hb.OTMetricsTag
    up, down = typeface.metric(tags.HORIZONTAL_ASCENDER), typeface.metric(tags.HORIZONTAL_DESCENDER)
    descriptor = dictionary(
        Type=name("FontDescriptor"),
        FontName=base,
        Flags=NumberObject(32),
        FontBBox=array(-500, round(down), 1500, round(up)),
        ItalicAngle=NumberObject(0),
        Ascent=NumberObject(round(up)),
        Descent=NumberObject(round(down)),
        CapHeight=NumberObject(714),
        StemV=NumberObject(80),
        FontFile2=writer._add_object(file.flate_encode()),
    )
    widths = (typeface.advance(typeface.glyph(character)) if character else 0 for character in characters)
    return writer._add_object(
        dictionary(
            Type=name("Font"),
            Subtype=name("TrueType"),
            BaseFont=base,
            Encoding=name("WinAnsiEncoding"),
            FirstChar=NumberObject(32),
            LastChar=NumberObject(255),
            Widths=ArrayObject(NumberObject(round(width)) for width in widths),
            FontDescriptor=writer._add_object(descriptor),
        )
    )


def name(word: str) -> NameObject:
    """A PDF name."""
    return NameObject(f"/{word}")


def held(reference: PdfObject) -> DictionaryObject:
    """The dictionary that a reference stands for."""
    return cast("DictionaryObject", reference.get_object())


def dictionary(**entries: PdfObject | None) -> DictionaryObject:
    """A PDF dictionary with these entries."""
    return DictionaryObject({name(key): value for key, value in entries.items() if value is not None})


def array(*numbers: float) -> ArrayObject:
    """A PDF array of numbers."""
    return ArrayObject(FloatObject(f"{number:g}") for number in numbers)

"""From a fillable PDF to what fills it: the prepared file with fields, and the prepared flat copy without."""

from __future__ import annotations

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject, NameObject

from service.forms.pdf.appearance import TextBox, draw_text
from service.forms.pdf.base import (
    Base,
    add_body,
    finish_base,
    open_body,
    read_form,
    reserve_resources,
    strip_actions,
    strip_active_content,
)
from service.forms.pdf.boxes import FormField, FoundField, Widget
from service.forms.pdf.fonts import FontShelf
from service.forms.pdf.palette import Palette, TextFont
from service.forms.pdf.shaping import clean_text
from service.forms.pdf.slots import (
    MarkPlace,
    MarkSlot,
    Slot,
    TextPlace,
    TextSlot,
    draw_marks,
    place_of,
    quick_line,
    text_box,
)

LONGEST = 20_000
"""Characters in one value; a longer one is refused."""


def prepare_fillable(content: bytes, name: str, shelf: FontShelf, font: TextFont) -> tuple[Base, list[Slot]]:
    """The file cleaned, with every box drawn by us and the text font inside; and its fields ready to fill."""
    writer, fields = read_form(content, name)
    strip_active_content(writer)
    form = writer.root_object["/AcroForm"].get_object()
    assert isinstance(form, DictionaryObject)  # noqa: S101 - read_form has looked
    for key in ("/NeedAppearances", "/CO"):
        form.pop(key, None)
    resources = reserve_resources(writer)
    slots = [_prepare_slot(writer, found, resources, shelf, font) for found in fields]
    return finish_base(writer, font, resources, {}), slots


def _prepare_slot(writer: PdfWriter, found: FoundField, resources: int, shelf: FontShelf, font: TextFont) -> Slot:
    for dictionary in (found.dictionary, *(widget.dictionary for widget in found.widgets)):
        strip_actions(dictionary)
        dictionary.pop("/RV", None)
    if found.field.kind in ("tick", "radio"):
        return _prepare_marks(writer, found, resources)
    places = tuple(_prepare_text(writer, found, widget, resources, shelf, font) for widget in found.widgets)
    return TextSlot(
        field=found.field,
        number=found.number,
        head=open_body(found.dictionary, "/V", "/I"),
        places=places,
        longest=found.field.max_length or LONGEST,
        answers=_answers(found.field),
    )


def _answers(field: FormField) -> dict[str, tuple[str, str]]:
    """For everything a choice accepts: the value the file stores, and the words it shows."""
    pairs = list(zip(field.choices, field.shown, strict=True))
    by_words = {shown: (stored, shown) for stored, shown in pairs}
    by_value = {stored: (stored, shown) for stored, shown in pairs}
    return by_words | by_value | {"": ("", "")} if field.kind == "choice" else {}


def _prepare_text(
    writer: PdfWriter, found: FoundField, widget: Widget, resources: int, shelf: FontShelf, font: TextFont
) -> TextPlace:
    place, width, height, turned = place_of(widget)
    box = text_box(found, widget, width, height)
    head = f"<</Type/XObject/Subtype/Form/BBox[0 0 {width:.2f} {height:.2f}]{turned}/Resources {resources} 0 R/Length "
    idle = _draw_default(found, box, shelf, font)
    number = add_body(writer, f"{head}{len(idle)}>>stream\n{idle}\nendstream")
    widget.dictionary[NameObject("/AP")] = DictionaryObject({NameObject("/N"): IndirectObject(number, 0, writer)})
    return TextPlace(place, number, head, box, idle, *quick_line(box))


def _draw_default(found: FoundField, box: TextBox, shelf: FontShelf, font: TextFont) -> str:
    """The text that the template itself holds, or the empty box when it needs more than the text font."""
    value = str(found.dictionary["/V"]) if "/V" in found.dictionary else ""
    text = clean_text(dict(zip(found.field.choices, found.field.shown, strict=True)).get(value, value))
    plain = all(character in font.widths or character == "\n" for character in text)
    return draw_text(box, text if plain else "", Palette(font), shelf).content


def _prepare_marks(writer: PdfWriter, found: FoundField, resources: int) -> MarkSlot:
    is_radio = found.field.kind == "radio"
    current = str(found.dictionary.get("/V", "/Off"))[1:]
    places = []
    for widget in found.widgets:
        place, width, height, turned = place_of(widget)
        on, off = draw_marks(widget, width, height, is_radio)
        head = f"<</Type/XObject/Subtype/Form/BBox[0 0 {width:.2f} {height:.2f}]{turned}/Resources<<>>/Length "
        states = DictionaryObject()
        for state, content in ((widget.state, on), ("Off", off)):
            number = add_body(writer, f"{head}{len(content)}>>stream\n{content}\nendstream")
            states[NameObject(f"/{state}")] = IndirectObject(number, 0, writer)
        widget.dictionary[NameObject("/AP")] = DictionaryObject({NameObject("/N"): states})
        is_on = widget.state == current
        widget.dictionary[NameObject("/AS")] = NameObject(f"/{widget.state if is_on else 'Off'}")
        head = open_body(widget.dictionary, "/AS")
        places.append(MarkPlace(place, widget.number, head, written_name(widget.state), on, off, is_on))
    by_answer: dict[str | bool, str] = {False: "Off", True: places[0].state}
    if is_radio:
        said = (*zip(found.field.shown, found.field.choices, strict=True), *((s, s) for s in found.field.choices))
        by_answer = {"": "Off", **{answer: written_name(state) for answer, state in said}}
    head = open_body(found.dictionary, "/V", "/AS")
    return MarkSlot(found.field, found.number, head, tuple(places), by_answer)


def written_name(state: str) -> str:
    """A state's name as a PDF writes it after the slash."""
    return "".join(
        chr(byte) if 33 <= byte <= 126 and chr(byte) not in "#()<>[]{}/%" else f"#{byte:02x}" for byte in state.encode()
    )

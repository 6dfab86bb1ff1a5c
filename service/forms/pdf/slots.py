"""A field prepared for filling: everything that never changes is written already, only the value's part is open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from service.forms.pdf.appearance import CAPITAL, TextBox, draw_text
from service.forms.pdf.boxes import FormField, FoundField, Widget
from service.forms.pdf.fonts import FontShelf
from service.forms.pdf.palette import Palette
from service.forms.pdf.shaping import clean_text, undrawable_characters
from service.forms.pdf.strokes import Frame, draw_cells, draw_frame, draw_mark

_FONT_OPERATOR = re.compile(r"/\S+\s+([\d.]+)\s+Tf")


@dataclass(slots=True)
class Filling:
    """What one filling gathers: the fonts it needs and the texts that continue on an extra sheet."""

    palette: Palette
    shelf: FontShelf
    continued: list[tuple[FormField, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a field shows in each of its boxes, and the file's objects that say so."""

    contents: list[str]
    objects: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box's drawing goes on its page (from 0): `start` turns and clips, to be closed by Q."""

    page: int
    start: str


@dataclass(frozen=True, slots=True)
class TextPlace:
    """One box of a text field: its drawing's object, all that is constant of it, and the quick way for one line."""

    place: Place
    number: int
    head: str
    box: TextBox
    idle: str
    quick_limit: float
    quick_start: str
    quick_end: str

    def quick(self, width: float, code: str) -> str:
        """One line of ordinary text that fits at the box's own size."""
        if self.box.align == 0:
            return f"{self.quick_start}{self.box.padding:g}{self.quick_end}{code}> Tj ET Q EMC"
        x = self.box.padding + (self.box.room - width * self.box.first_size() / 1000) * self.box.align / 2
        return f"{self.quick_start}{x:.2f}{self.quick_end}{code}> Tj ET Q EMC"


@dataclass(frozen=True, slots=True)
class TextSlot:
    """A text or choice field. `longest` is the number of characters it takes."""

    field: FormField
    number: int
    head: str
    places: tuple[TextPlace, ...]
    longest: int
    answers: dict[str, tuple[str, str]]

    def draw(self, value: str | bool, filling: Filling) -> Drawn | None:
        """The value drawn, or None when `check` has something to say about it."""
        if not isinstance(value, str) or len(value) > self.longest:
            return None
        stored = value
        if self.answers:
            if value not in self.answers and not self.field.editable:
                return None
            stored, value = self.answers.get(value, (value, value))
        try:
            width = sum(map(filling.palette.text_font.widths.__getitem__, value))
        except KeyError:
            return self._draw_slowly(value, stored, filling)
        code = value.encode("utf-16-be").hex()
        contents = [
            place.quick(width, code) if 0 < width <= place.quick_limit else self._draw_box(place, value, filling)
            for place in self.places
        ]
        return self._finish(stored if self.answers else value, code, contents)

    def _draw_slowly(self, value: str, stored: str, filling: Filling) -> Drawn | None:
        text = clean_text(value)
        if undrawable_characters(text, filling.shelf):
            return None
        contents = [self._draw_box(place, text, filling) for place in self.places]
        return self._finish(stored if self.answers else text, "", contents)

    def _draw_box(self, place: TextPlace, text: str, filling: Filling) -> str:
        drawing = draw_text(place.box, text, filling.palette, filling.shelf)
        if drawing.rest and place is self.places[0]:
            filling.continued.append((self.field, drawing.rest))
        return drawing.content

    def _finish(self, stored: str, code: str, contents: list[str]) -> Drawn:
        if self.answers or not code:
            code = stored.encode("utf-16-be").hex()
        objects = [(self.number, f"{self.head}/V<feff{code}>>>")]
        for place, content in zip(self.places, contents, strict=True):
            objects.append((place.number, f"{place.head}{len(content)}>>stream\n{content}\nendstream"))
        return Drawn(contents, objects)

    def idle(self) -> Iterable[tuple[Place, str]]:
        """What the unfilled field shows in each box."""
        return ((place.place, place.idle) for place in self.places)


@dataclass(frozen=True, slots=True)
class MarkPlace:
    """One box of a tick or radio field: its object if it has its own, and what it shows ticked and not."""

    place: Place
    number: int
    head: str
    state: str
    on: str
    off: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class MarkSlot:
    """A tick or radio field: no drawing changes, only which one is shown."""

    field: FormField
    number: int
    head: str
    places: tuple[MarkPlace, ...]
    states: dict[str | bool, str]

    def draw(self, value: str | bool, filling: Filling) -> Drawn | None:
        """The boxes as they look with this value, or None when it is not one of the field's."""
        if isinstance(value, bool) is not (self.field.kind == "tick") or value not in self.states:
            return None
        state = self.states[value]
        contents, objects = [], []
        own = f"{self.head}/V/{state}"
        for place in self.places:
            is_on = place.state == state
            contents.append(place.on if is_on else place.off)
            if place.number == self.number:
                own += f"/AS/{state if is_on else 'Off'}"
            else:
                objects.append((place.number, f"{place.head}/AS/{place.state if is_on else 'Off'}>>"))
        return Drawn(contents, [(self.number, own + ">>"), *objects])

    def idle(self) -> Iterable[tuple[Place, str]]:
        """What the unfilled field shows in each box."""
        return ((place.place, place.on if place.is_on else place.off) for place in self.places)


Slot = TextSlot | MarkSlot


def place_of(widget: Widget) -> tuple[Place, float, float, str]:
    """Where a widget's drawing goes, its width and height as it is read, and the matrix that turns it."""
    box = widget.box
    wide, high = box.right - box.left, box.top - box.bottom
    matrix, width, height = {
        90: ((0, 1, -1, 0, wide, 0), high, wide),
        180: ((-1, 0, 0, -1, wide, high), wide, high),
        270: ((0, -1, 1, 0, 0, high), high, wide),
    }.get(_setting(widget, "/R", 0) % 360, ((1, 0, 0, 1, 0, 0), wide, high))
    moved = (*matrix[:4], matrix[4] + box.left, matrix[5] + box.bottom)
    start = f"q {' '.join(f'{part:g}' for part in moved)} cm 0 0 {width:.2f} {height:.2f} re W n "
    turned = "" if matrix == (1, 0, 0, 1, 0, 0) else f"/Matrix[{' '.join(f'{part:g}' for part in matrix)}]"
    return Place(box.page - 1, start), width, height, turned


def text_box(found: FoundField, widget: Widget, width: float, height: float) -> TextBox:
    """The box as its settings want it: size and colour of text, alignment, border, comb."""
    appearance = str(widget.dictionary.get("/DA", found.settings.get("/DA", "")))
    size = _FONT_OPERATOR.search(appearance)
    colour = " ".join(_FONT_OPERATOR.sub("", appearance).split()) or "0 g"
    frame = frame_of(widget)
    cells = found.field.max_length if found.field.kind == "comb" else 0
    return TextBox(
        width=width,
        height=height,
        size=float(size[1]) if size else 0.0,
        align=int(widget.dictionary.get("/Q", found.settings.get("/Q", 0))),
        colour=colour,
        frame=draw_frame(frame, width, height) + (draw_cells(frame, width, height, cells) if cells else ""),
        padding=2.0 + (frame.thickness if frame.border else 0.0),
        multiline=found.field.kind == "multiline",
        cells=cells,
    )


def frame_of(widget: Widget, is_round: bool = False) -> Frame:
    """A widget's background and border."""
    style = widget.dictionary.get("/BS", {}).get_object() if "/BS" in widget.dictionary else {}
    return Frame(
        background=_colour(widget, "/BG"),
        border=_colour(widget, "/BC"),
        thickness=float(style.get("/W", 1)),
        style=str(style.get("/S", "/S"))[1:],
        is_round=is_round,
    )


def mark_style(widget: Widget, is_radio: bool) -> str:
    """The kind of mark: the widget's own, else a dot for a radio and a tick for a box."""
    return str(_setting(widget, "/CA", "l" if is_radio else "4"))


def quick_line(box: TextBox) -> tuple[float, str, str]:
    """The widest line (in thousandths of an em) that needs no thought, and its drawing before and after its x."""
    if box.cells or box.multiline:
        return 0.0, "", ""
    size = box.first_size()
    base = (box.height - CAPITAL * size) / 2
    return box.room * 1000 / size, f"{box.frame}/Tx BMC q BT {box.colour} 1 0 0 1 ", f" {base:.2f} Tm /T {size:g} Tf <"


def draw_marks(widget: Widget, width: float, height: float, is_radio: bool) -> tuple[str, str]:
    """A box ticked, and the same box not ticked."""
    style = mark_style(widget, is_radio)
    off = draw_frame(frame_of(widget, is_round=is_radio and style == "l"), width, height)
    return off + draw_mark(style, width, height), off


def _setting(widget: Widget, key: str, otherwise: Any) -> Any:
    settings = widget.dictionary.get("/MK", {}).get_object() if "/MK" in widget.dictionary else {}
    return settings.get(key, otherwise)


def _colour(widget: Widget, key: str) -> str:
    parts = list(_setting(widget, key, []))
    return " ".join(f"{float(part):g}" for part in parts) if len(parts) in (1, 3, 4) else ""

"""A fillable PDF form: what it wants, what would go wrong, and the form filled.

A form is prepared once; each filling then writes only the values and their drawings, in an embedded font, as an
update behind the prepared file. Nothing is left to the viewer: what is drawn here is what is printed.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from service.did_you_mean import did_you_mean
from service.errors import FillError, Problem
from service.forms.pdf.base import Base
from service.forms.pdf.boxes import FormField
from service.forms.pdf.embedded_font import stream
from service.forms.pdf.extra_sheet import extra_sheets
from service.forms.pdf.flat import prepare_flat
from service.forms.pdf.fonts import FontShelf, shared_shelf
from service.forms.pdf.palette import Palette, TextFont
from service.forms.pdf.prepare import LONGEST, prepare_fillable
from service.forms.pdf.shaping import clean_text, undrawable_characters
from service.forms.pdf.slots import Filling, Place, Slot

Values = Mapping[str, str | bool]

_NAMELESS = defaultdict(
    lambda: "a character without a name",
    {
        "Cc": "a control character",
        "Cs": "half of a character",
        "Co": "a private character",
        "Cn": "not a character yet",
    },
)


class FormTemplate:
    """One form, prepared: fill it as often as there are pupils, from as many threads as you like."""

    def __init__(self, content: bytes, name: str, shelf: FontShelf) -> None:
        self.name = name
        self._content = content
        self._shelf = shelf
        self._font = TextFont(shelf)
        self._base, slots = prepare_fillable(content, name, shelf, self._font)
        self._slots: dict[str, Slot] = {slot.field.name: slot for slot in slots}
        self.fields: Mapping[str, FormField] = {slot.field.name: slot.field for slot in slots}
        self.wants = frozenset(self.fields)

    @classmethod
    def open(cls, content: bytes, name: str, shelf: FontShelf | None = None) -> FormTemplate:
        """The form in these bytes, drawn with the machine's fonts or those of a shelf. `name` is for messages.

        Raises TemplateError with every fault: not a PDF, protected, XFA, signed, without fields, too large.
        """
        return cls(content, name, shelf or shared_shelf())

    def check(self, values: Values) -> list[Problem]:
        """Everything that keeps these values from being filled in; empty when they can be."""
        return [problem for name, value in values.items() for problem in self._check_value(name, value)]

    def fill(self, values: Values, flat: bool = False) -> bytes:
        """The filled PDF: still fillable, or with `flat` as ink on paper. Fields without a value stay as they are.

        Text is composed (NFC); a tick takes True or False, a radio or choice one of its choices or "" for none.
        Raises FillError with every problem that `check` finds.
        """
        return self._fill_flat(values) if flat else self._fill_fields(values)

    def _fill_fields(self, values: Values) -> bytes:
        filling = Filling(Palette(self._font), self._shelf)
        objects: list[tuple[int, str]] = []
        for name, value in values.items():
            slot = self._slots.get(name)
            drawn = slot.draw(value, filling) if slot is not None else None
            if drawn is None:
                raise FillError(self.check(values))
            objects += drawn.objects
        return _finish(self._base, objects, filling)

    def _fill_flat(self, values: Values) -> bytes:
        if not values.keys() <= self.wants:
            raise FillError(self.check(values))
        base, kept = self._flat
        filling = Filling(Palette(self._font), self._shelf)
        pages: list[list[str]] = [[] for _ in base.overlays]
        for place, content in kept:
            pages[place.page].append(f"{place.start}{content} Q")
        for name, slot in self._slots.items():
            for place, content in self._shown(name, slot, values, filling):
                pages[place.page].append(f"{place.start}{content} Q")
        objects = []
        for page, parts in zip(base.overlays, pages, strict=True):
            head = f"/Type/XObject/Subtype/Form/BBox[0 0 {page.width:g} {page.height:g}]/Resources {base.resources} 0 R"
            objects.append((page.overlay, stream("\n".join(parts).encode("ascii"), head, level=1)))
        return _finish(base, objects, filling)

    def _shown(self, name: str, slot: Slot, values: Values, filling: Filling) -> list[tuple[Place, str]]:
        if name not in values:
            return list(slot.idle())
        drawn = slot.draw(values[name], filling)
        if drawn is None:
            raise FillError(self.check(values))
        places = [place for place, _ in slot.idle()]
        return list(zip(places, drawn.contents, strict=True))

    @cached_property
    def _flat(self) -> tuple[Base, list[tuple[Place, str]]]:
        return prepare_flat(self._content, self.name, self._font)

    def _check_value(self, name: str, value: object) -> list[Problem]:
        field = self.fields.get(name)
        if field is None:
            detail = f'The form has no field "{name}".{did_you_mean(name, self.fields)}'
            return [Problem("unknown-field", detail, pointer=f"/{name}")]
        if field.kind == "tick":
            wrong = "" if isinstance(value, bool) else "true or false"
            return [_problem("not-a-tick", field, f"takes {wrong}.")] if wrong else []
        if not isinstance(value, str):
            return [_problem("not-a-text", field, "takes text.")]
        if field.kind == "radio" or (field.kind == "choice" and not field.editable):
            return self._check_choice(field, value)
        return [*_check_length(field, value), *self._check_characters(field, value)]

    def _check_choice(self, field: FormField, value: str) -> list[Problem]:
        if value in ("", *field.choices, *field.shown):
            return []
        choices = ", ".join(f'"{choice}"' for choice in field.choices)
        return [_problem("not-a-choice", field, f"takes one of {choices}.{did_you_mean(value, field.choices)}")]

    def _check_characters(self, field: FormField, value: str) -> list[Problem]:
        if self._font.widths.keys() >= set(value):
            return []
        return [
            _problem("cannot-be-drawn", field, f"holds {_name_character(found)}, which no installed font can draw.")
            for found in undrawable_characters(clean_text(value), self._shelf)
        ]


def _finish(base: Base, objects: list[tuple[int, str]], filling: Filling) -> bytes:
    """The prepared file with a filling's objects, its fonts, and the sheets its long texts continue on."""
    size = base.size

    def allot(count: int) -> int:
        nonlocal size
        size += count
        return size - count

    if filling.continued:
        objects += extra_sheets(base, filling.continued, filling.palette, filling.shelf, allot)
    if filling.palette.added:
        added, fonts = filling.palette.objects(allot)
        objects += [*added, (base.resources, base.resources_body(fonts))]
    return base.append(objects, size)


def _check_length(field: FormField, value: str) -> list[Problem]:
    longest = field.max_length or LONGEST
    length = len(clean_text(value))
    if length <= longest:
        return []
    return [_problem("too-long", field, f"takes at most {longest} characters; this has {length}.")]


def _problem(code: str, field: FormField, rest: str) -> Problem:
    return Problem(code, f'The field "{field.name}" {rest}', pointer=f"/{field.name}")


def _name_character(character: str) -> str:
    code = ", ".join(f"U+{ord(part):04X}" for part in character)
    names = ", ".join(unicodedata.name(part, _NAMELESS[unicodedata.category(part)]) for part in character)
    return f"{code} ({names})"

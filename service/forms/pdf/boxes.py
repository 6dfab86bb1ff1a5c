"""The fields of a fillable PDF as a person sees them: name, kind, choices, limits, and where their boxes stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from service.errors import Problem

Kind = Literal["text", "multiline", "comb", "tick", "radio", "choice"]

MOST_FIELDS = 5_000
DEEPEST = 20
_INHERITED = ("/FT", "/Ff", "/DA", "/Q", "/MaxLen", "/Opt", "/DV")
_READ_ONLY, _MULTILINE, _RADIO, _PUSH, _EDITABLE, _COMB, _COMBO = (
    1,
    1 << 12,
    1 << 15,
    1 << 16,
    1 << 18,
    1 << 24,
    1 << 17,
)


@dataclass(frozen=True, slots=True)
class Box:
    """Where a field stands: page from 1, and its edges in points from the page's lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class FormField:
    """One field that can be filled. `max_length` 0 means no limit.

    `choices` are the values a radio or choice takes, `shown` the words a person sees for them; either is accepted.
    """

    name: str
    kind: Kind
    label: str
    boxes: tuple[Box, ...]
    max_length: int = 0
    choices: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    editable: bool = False
    read_only: bool = False

    @property
    def box(self) -> Box:
        """The first of its boxes."""
        return self.boxes[0]


@dataclass(frozen=True, slots=True)
class Widget:
    """One box of a field in the file: its object, the field's box, and the state that ticks it ("" for text)."""

    number: int
    dictionary: DictionaryObject
    box: Box
    state: str


@dataclass(frozen=True, slots=True)
class FoundField:
    """A field with the objects it consists of; `settings` holds what it inherits (FT, DA, Q …)."""

    field: FormField
    number: int
    dictionary: DictionaryObject
    settings: dict[str, Any]
    widgets: tuple[Widget, ...]


def find_fields(writer: PdfWriter) -> tuple[list[FoundField], list[Problem]]:
    """Every field that can be filled, in the file's order, and what is wrong with the others."""
    form = writer.root_object["/AcroForm"].get_object()
    assert isinstance(form, DictionaryObject)  # noqa: S101 - the caller has looked
    pages = _pages_of_widgets(writer)
    defaults = {key: form[key] for key in ("/DA", "/Q") if key in form}
    found: dict[str, FoundField] = {}
    problems: list[Problem] = []
    for name, reference, settings in _walk(form.get("/Fields", ArrayObject()), "", defaults, 0, set()):
        if len(found) >= MOST_FIELDS:
            problems.append(
                Problem("too-many-fields", f"The form has more than {MOST_FIELDS} fields; use a smaller one.")
            )
            break
        outcome = _read_field(name, reference, settings, pages)
        if isinstance(outcome, Problem):
            problems.append(outcome)
        elif outcome is not None and name in found:
            problems.append(Problem("field-twice", f'Two separate fields are called "{name}"; give each its own name.'))
        elif outcome is not None:
            found[name] = outcome
    return list(found.values()), problems


def _walk(
    kids: Any, prefix: str, inherited: dict[str, Any], depth: int, seen: set[int]
) -> Iterator[tuple[str, IndirectObject, dict[str, Any]]]:
    """Each terminal field: its full name, its object, and its settings with those it inherits."""
    kids = kids.get_object()
    for reference in kids if isinstance(kids, ArrayObject) else ():
        field = reference.get_object()
        if not isinstance(reference, IndirectObject) or not isinstance(field, DictionaryObject):
            continue
        if reference.idnum in seen or depth > DEEPEST:
            continue
        seen.add(reference.idnum)
        own = {key: field[key] for key in _INHERITED if key in field}
        partial = str(field["/T"]) if "/T" in field else ""
        name = ".".join(part for part in (prefix, partial) if part)
        below = field.get("/Kids", ArrayObject()).get_object()
        if any("/T" in kid.get_object() for kid in below):
            yield from _walk(below, name, inherited | own, depth + 1, seen)
        else:
            yield name, reference, inherited | own


def _read_field(
    name: str, reference: IndirectObject, settings: dict[str, Any], pages: dict[int, int]
) -> FoundField | Problem | None:
    """The field, what is wrong with it, or None for one that is not filled (a button, a signature's place)."""
    dictionary = cast("DictionaryObject", reference.get_object())
    flags, kind = _whole(settings.get("/Ff")), settings.get("/FT")
    if kind == "/Sig":
        return Problem("signed-form", f'The field "{name}" holds a signature.') if "/V" in dictionary else None
    if kind not in ("/Tx", "/Btn", "/Ch") or (kind == "/Btn" and flags & _PUSH):
        return None
    if not name:
        return Problem("field-without-name", "A field has no name; give it one in the program that made the form.")
    widgets = tuple(_widgets(reference, dictionary, pages, kind == "/Btn"))
    if not widgets:
        return Problem("field-without-box", f'The field "{name}" is not on any page; remove it or place it again.')
    stored, shown = _options(settings, kind, widgets)
    field = FormField(
        name=name,
        kind=_kind(kind, flags, settings, stored),
        label=str(dictionary["/TU"]) if "/TU" in dictionary else name,
        boxes=tuple(widget.box for widget in widgets),
        max_length=max(_whole(settings.get("/MaxLen")), 0) if kind == "/Tx" else 0,
        choices=stored,
        shown=shown,
        editable=kind == "/Ch" and bool(flags & _EDITABLE and flags & _COMBO),
        read_only=bool(flags & _READ_ONLY),
    )
    return FoundField(field, reference.idnum, dictionary, settings, widgets)


def _kind(kind: str, flags: int, settings: dict[str, Any], stored: tuple[str, ...]) -> Kind:
    if kind == "/Ch":
        return "choice"
    if kind == "/Btn":
        return "radio" if flags & _RADIO or len(stored) > 1 else "tick"
    if flags & _MULTILINE:
        return "multiline"
    return "comb" if flags & _COMB and _whole(settings.get("/MaxLen")) > 0 else "text"


def _options(
    settings: dict[str, Any], kind: str, widgets: tuple[Widget, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values as the file stores them, and as a person chooses them."""
    options = settings.get("/Opt")
    options = list(options.get_object()) if options is not None else []
    if kind == "/Ch":
        pairs = [option.get_object() for option in options]
        stored = tuple(str(pair[0]) if isinstance(pair, ArrayObject) else str(pair) for pair in pairs)
        shown = tuple(str(pair[-1]) if isinstance(pair, ArrayObject) else str(pair) for pair in pairs)
        return stored, shown
    if kind != "/Btn":
        return (), ()
    states = tuple(dict.fromkeys(widget.state for widget in widgets if widget.state))
    if len(options) == len(states) and len(states) > 1:
        return states, tuple(str(option) for option in options)
    return states, states


def _widgets(
    reference: IndirectObject, dictionary: DictionaryObject, pages: dict[int, int], is_button: bool
) -> Iterator[Widget]:
    kids = dictionary.get("/Kids", ArrayObject([reference])).get_object()
    for kid in kids:
        widget = kid.get_object()
        box = _box(widget, pages.get(kid.idnum, 0)) if isinstance(widget, DictionaryObject) else None
        if box is not None:
            yield Widget(kid.idnum, widget, box, _state(widget) if is_button else "")


def _state(widget: DictionaryObject) -> str:
    appearance = widget.get("/AP", DictionaryObject()).get_object()
    normal = appearance.get("/N", DictionaryObject()).get_object()
    states = [str(key)[1:] for key in normal if key != "/Off"] if normal.__class__ is DictionaryObject else []
    return states[0] if states else "Yes"


def _box(widget: DictionaryObject, page: int) -> Box | None:
    corners = widget.get("/Rect", ArrayObject()).get_object()
    if not page or len(corners) != 4:
        return None
    try:
        x, y, right, top = (float(corner.get_object()) for corner in corners)
    except (TypeError, ValueError):
        return None
    box = Box(page, min(x, right), min(y, top), max(x, right), max(y, top))
    return box if box.right - box.left >= 1 and box.top - box.bottom >= 1 else None


def _pages_of_widgets(writer: PdfWriter) -> dict[int, int]:
    return {
        note.idnum: number
        for number, page in enumerate(writer.pages, start=1)
        for note in page.get("/Annots", ArrayObject()).get_object()
        if isinstance(note, IndirectObject)
    }


def _whole(value: Any) -> int:
    """A whole number of the file, or 0 where something else stands."""
    found = value.get_object() if value is not None else 0
    return int(found) if isinstance(found, (int, float)) else 0

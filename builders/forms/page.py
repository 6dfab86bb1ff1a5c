"""What stands on a page: letters, surfaces and fields at their places, in points from the lower left corner."""

from __future__ import annotations

from dataclasses import dataclass, field

from builders.forms.vocabulary import Field

WIDTH, HEIGHT = 595.28, 841.89
MARGIN = 42.5
ROOM = WIDTH - 2 * MARGIN
TWELFTH = ROOM / 12

DARK, INK, SOFT, LINE, BAR, HEAD = "#1f3a5f", "#1d1d1f", "#4a5868", "#b4bfcb", "#e3eaf2", "#f3f6f9"


@dataclass(frozen=True, slots=True)
class Letters:
    """One line of text. Lines with the same `group` belong to one paragraph; an empty `tag` is not read aloud."""

    x: float
    y: float
    text: str
    size: float
    bold: bool
    colour: str
    tag: str
    group: int


@dataclass(frozen=True, slots=True)
class Surface:
    """A rectangle with a border, a filling, or both."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    border: str = LINE
    thickness: float = 0.6


@dataclass(frozen=True, slots=True)
class Placed:
    """A field's box; `choice` is the value that a radio's box stands for."""

    field: Field
    x: float
    y: float
    width: float
    height: float
    size: float = 10.0
    centred: bool = False
    multiline: bool = False
    choice: str = ""


@dataclass(slots=True)
class Page:
    """One page's items in reading order."""

    items: list[Letters | Surface | Placed] = field(default_factory=list)

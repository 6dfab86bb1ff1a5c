"""Frames, ticks and dots as vector strokes, so that no symbol font is ever needed. Points from the lower left."""

from __future__ import annotations

from dataclasses import dataclass

_ROUND = 0.5523  # how far a Bézier curve's handles reach to draw a quarter of a circle


@dataclass(frozen=True, slots=True)
class Frame:
    """A box's background and border as colour operands ("0.2 0.2 0.2"), empty for none.

    The style is S (solid), D (dashed) or U (a line below).
    """

    background: str
    border: str
    thickness: float
    style: str
    is_round: bool = False


def draw_frame(frame: Frame, width: float, height: float) -> str:
    """The background and border of a box, or nothing."""
    parts = []
    half = frame.thickness / 2
    if frame.is_round:
        outline = _circle(width, height, min(width, height) / 2 - half)
    else:
        outline = f"{half:g} {half:g} {width - 2 * half:.2f} {height - 2 * half:.2f} re"
    if frame.background:
        parts.append(f"{_colour(frame.background, 'fill')} {outline} f")
    if frame.border and frame.thickness:
        if frame.style == "U":
            outline = f"0 {half:g} m {width:.2f} {half:g} l"
        dashes = "[3 2] 0 d " if frame.style == "D" else ""
        parts.append(f"{dashes}{frame.thickness:g} w {_colour(frame.border, 'stroke')} {outline} S")
    return f"q {' '.join(parts)} Q " if parts else ""


def draw_cells(frame: Frame, width: float, height: float, cells: int) -> str:
    """The lines between a comb's cells, or nothing without a border."""
    if not frame.border or not frame.thickness:
        return ""
    step = width / cells
    lines = " ".join(f"{step * cell:.2f} 0 m {step * cell:.2f} {height:.2f} l" for cell in range(1, cells))
    return f"q {frame.thickness:g} w {_colour(frame.border, 'stroke')} {lines} S Q "


def draw_mark(style: str, width: float, height: float, colour: str = "0.05 0.05 0.25") -> str:
    """The mark of a ticked box: a tick, or for the styles l, 8 and n a dot, a cross or a square."""
    side = min(width, height)
    left, low = (width - side) / 2, (height - side) / 2

    def at(x: float, y: float) -> str:
        return f"{left + x * side:.2f} {low + y * side:.2f}"

    if style == "l":
        return f"q {_colour(colour, 'fill')} {_circle(width, height, side * 0.26)} f Q"
    if style == "n":
        return f"q {_colour(colour, 'fill')} {at(0.28, 0.28)} {side * 0.44:.2f} {side * 0.44:.2f} re f Q"
    if style == "8":
        path = f"{at(0.25, 0.25)} m {at(0.75, 0.75)} l {at(0.25, 0.75)} m {at(0.75, 0.25)} l"
    else:
        path = f"{at(0.22, 0.5)} m {at(0.42, 0.27)} l {at(0.79, 0.75)} l"
    return f"q {_colour(colour, 'stroke')} {side * 0.12:.2f} w 1 J 1 j {path} S Q"


def _circle(width: float, height: float, radius: float) -> str:
    x, y, r, k = width / 2, height / 2, radius, radius * _ROUND
    return (
        f"{x + r:.2f} {y:.2f} m {x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
        f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c h"
    )


def _colour(operands: str, use: str) -> str:
    count = len(operands.split())
    operator = {1: "g", 3: "rg", 4: "k"}[count]
    return f"{operands} {operator if use == 'fill' else operator.upper()}"

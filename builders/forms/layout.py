"""A form laid out on A4: from its parts to letters, surfaces and fields at their places."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.pdfbase.pdfmetrics import stringWidth

from builders.forms import grids, parts
from builders.forms.form_file import Actions, Body, Cells, Codes, Criteria, Form, Part, Table, Text, Weeks
from builders.forms.page import MARGIN, ROOM, SOFT, WIDTH, Letters, Page
from builders.forms.paper import REGULAR, Layout, wrap

KEPT_TOGETHER = 165.0


def lay_out(form: Form) -> list[Page]:
    """The pages of a form."""
    layout = Layout(form)
    draw: dict[type[Body], Callable[[Layout, Body], None]] = {
        Cells: parts.draw_cells,
        Table: parts.draw_table,
        Actions: parts.draw_actions,
        Text: parts.draw_text,
        Criteria: parts.draw_criteria,
        Weeks: grids.draw_weeks,
        Codes: grids.draw_codes,
    }
    for part in form.parts:
        _start_part(layout, part, parts.height_of(part.body))
        draw[type(part.body)](layout, part.body)
        layout.y -= 10
    _number_pages(layout)
    return layout.pages


def _start_part(layout: Layout, part: Part, height: float) -> None:
    intro = wrap(part.intro, ROOM - 14, 9) if part.intro else []
    above = (19 if part.heading else 0) + (len(intro) * 11.7 + 8 if intro else 0)
    layout.ensure(above + (height if height <= KEPT_TOGETHER else 60))
    if part.heading:
        layout.heading(part.heading)
    if intro:
        tall = len(intro) * 11.7 + 8
        layout.surface(MARGIN, layout.y - tall, ROOM, tall)
        layout.paragraph(MARGIN + 7, layout.y - 3.5, ROOM - 14, part.intro, 9)
        layout.y -= tall


def _number_pages(layout: Layout) -> None:
    total = len(layout.pages)
    for number, page in enumerate(layout.pages, start=1):
        text = f"Page {number} of {total}"
        x = WIDTH - MARGIN - stringWidth(text, REGULAR, 8)
        page.items.append(Letters(MARGIN, 28, layout.form.title, 8, False, SOFT, "", 0))
        page.items.append(Letters(x, 28, text, 8, False, SOFT, "", 0))

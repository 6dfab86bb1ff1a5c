"""How an attendance certificate's own parts are drawn: the weeks with their marks, and what the codes mean."""

from __future__ import annotations

from reportlab.pdfbase.pdfmetrics import stringWidth

from builders.forms.form_file import Codes, Weeks
from builders.forms.page import DARK, HEAD, INK, MARGIN, ROOM, SOFT, Placed, Surface
from builders.forms.paper import BOLD, REGULAR, Layout

WEEK = 13.4


def draw_weeks(layout: Layout, body: Weeks) -> None:
    """A grid of marks: a row for each week, a column for each session."""
    widths = [70.0, *[37.0] * 10, ROOM - 440.0]

    def head() -> None:
        _draw_week_head(layout, widths)

    head()
    for row in body.rows:
        layout.ensure(WEEK, head)
        x = MARGIN
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            layout.surface(x, layout.y - WEEK, width, WEEK, HEAD if place == 0 else "")
            layout.place(Placed(cell, x + 0.5, layout.y - WEEK + 0.5, width - 1, WEEK - 1, 8.5, centred=True))
            if place % 2 == 1:
                layout.page.items.append(Surface(x, layout.y - WEEK, 0, WEEK, border=SOFT, thickness=0.8))
            x += width
        layout.y -= WEEK


def _draw_week_head(layout: Layout, widths: list[float]) -> None:
    x, height = MARGIN, 28.0
    titles = [("Week beginning", 1), *((day, 2) for day in ("Mon", "Tue", "Wed", "Thu", "Fri")), ("Sessions missed", 1)]
    place = 0
    for title, columns in titles:
        width = sum(widths[place : place + columns])
        layout.surface(x, layout.y - height, width, height, HEAD)
        size = 8.0
        y = layout.y - (11 if columns == 2 else 17)
        layout.letters(x + (width - stringWidth(title, BOLD, size)) / 2, y, title, size, True, DARK)
        for half in range(columns if columns == 2 else 0):
            text = ("AM", "PM")[half]
            left = x + half * width / 2 + (width / 2 - stringWidth(text, REGULAR, 7.5)) / 2
            layout.letters(left, layout.y - 23, text, 7.5, colour=SOFT)
        x += width
        place += columns
    layout.y -= height


def draw_codes(layout: Layout, body: Codes) -> None:
    """The codes in three columns, each group under its title."""
    groups = list(body.groups)
    columns = (groups[:2] + groups[3:4], groups[2:3] + groups[5:6], groups[4:5])
    width = ROOM / 3
    tallest = max(sum(len(codes) * 11.5 + 20 for _, codes in column) for column in columns) + 6
    layout.surface(MARGIN, layout.y - tallest, ROOM, tallest)
    for place, column in enumerate(columns):
        y = layout.y
        for title, codes in column:
            y -= 14
            layout.letters(MARGIN + 7 + place * width, y, title, 8, True, DARK)
            for code, meaning in codes:
                y -= 11.5
                layout.letters(MARGIN + 7 + place * width, y, code, 8, True, INK)
                layout.letters(MARGIN + 27 + place * width, y, meaning, 8)
            y -= 6
    layout.y -= tallest

"""How a form's ordinary parts are drawn: cells, tables, actions, text and criteria."""

from __future__ import annotations

from reportlab.pdfbase.pdfmetrics import stringWidth

from builders.forms.form_file import Actions, Body, Cells, Codes, Criteria, Table, Text
from builders.forms.page import HEAD, MARGIN, ROOM, SOFT, TWELFTH, Placed
from builders.forms.paper import BOLD, REGULAR, Layout, wrap
from builders.forms.vocabulary import Field

LABEL, LABEL_ROOM = 8.0, 13.0
LINE_ROOM = 13.0
BOX = 11.0
ACTION_TEXT, ACTION_DATE = 4 * TWELFTH, 2 * TWELFTH


def height_of(body: Body) -> float:
    """How high a part is, to decide whether it is kept together."""
    if isinstance(body, Cells):
        return sum(map(_cells_height, body.rows))
    if isinstance(body, Table):
        return _head_height(body) + sum(_row_height(body, place) for place in range(len(body.rows)))
    if isinstance(body, Actions):
        return 18 + sum(map(_action_height, body.rows))
    if isinstance(body, Criteria):
        return 18 + sum(_criterion_height(text) for text, _ in body.rows)
    if isinstance(body, Text):
        return _text_height(body)
    return 200.0 if isinstance(body, Codes) else 10_000.0


def draw_cells(layout: Layout, body: Cells) -> None:
    """Rows of boxes, each with its label at the top."""
    for row in body.rows:
        height = _cells_height(row)
        layout.ensure(height)
        x = MARGIN
        for cell in row:
            width = cell.width * TWELFTH
            layout.surface(x, layout.y - height, width, height)
            _draw_cell(layout, cell, x, layout.y, width, height)
            x += width
        layout.y -= height


def _draw_cell(layout: Layout, cell: Field, x: float, top: float, width: float, height: float) -> None:
    if cell.type == "tick":
        layout.place(Placed(cell, x + 7, top - height / 2 - BOX / 2, BOX, BOX))
        layout.letters(x + 24, top - height / 2 - 3, cell.label, 9)
        return
    layout.paragraph(x + 6, top - 3.2, width - 10, cell.label, LABEL, colour=SOFT)
    label = LABEL_ROOM + (len(wrap(cell.label, width - 10, LABEL)) - 1) * LABEL * 1.3
    if cell.type == "radio":
        _draw_radio(layout, cell, x + 7, top - label - 3, width)
    elif cell.type == "comb":
        step = min((width - 24) / cell.max_length, 17.0)
        layout.place(Placed(cell, x + 6, top - label - 15, step * cell.max_length, 14))
    else:
        multiline = cell.lines > 1 or cell.type == "multiline"
        tall = height - label - 2.5 if multiline else LINE_ROOM + 4.5
        layout.place(Placed(cell, x + 4, top - label - tall, width - 8, tall, multiline=multiline))


def _draw_radio(layout: Layout, cell: Field, x: float, top: float, width: float) -> None:
    y = top - BOX - 0.5
    for choice, text in cell.choices.items():
        layout.place(Placed(cell, x, y, BOX, BOX, choice=choice))
        layout.letters(x + BOX + 5, y + 2.4, text, 9)
        if cell.stacked:
            y -= 17
        else:
            x += BOX + 5 + stringWidth(text, REGULAR, 9) + 16


def _cells_height(row: tuple[Field, ...]) -> float:
    return max(_cell_height(cell) for cell in row)


def _cell_height(cell: Field) -> float:
    if cell.type == "tick":
        return 24.0
    label = LABEL_ROOM + (len(wrap(cell.label, cell.width * TWELFTH - 10, LABEL)) - 1) * LABEL * 1.3
    if cell.type == "radio":
        return label + (17.0 * len(cell.choices) + 3 if cell.stacked else 20.0)
    return label + cell.lines * LINE_ROOM + 7


def draw_table(layout: Layout, body: Table) -> None:
    """A head, repeated on every page, and rows of boxes."""

    def head() -> None:
        _draw_head(layout, body)

    head()
    for place, row in enumerate(body.rows):
        height = _row_height(body, place)
        layout.ensure(height, head)
        x = MARGIN
        if body.texts:
            width = body.text_width * TWELFTH
            text = body.texts[place][1]
            layout.surface(x, layout.y - height, width, height, HEAD)
            lines = wrap(text, width - 12, 9)
            layout.paragraph(x + 7, layout.y - (height - len(lines) * 11.7) / 2 - 0.5, width - 12, text, 9)
            x += width
        for cell in row:
            width = cell.width * TWELFTH
            layout.surface(x, layout.y - height, width, height)
            multiline = cell.lines > 1 and cell.type == "multiline"
            layout.place(Placed(cell, x + 2, layout.y - height + 1.5, width - 4, height - 3, 9.5, multiline=multiline))
            x += width
        layout.y -= height


def _draw_head(layout: Layout, body: Table) -> None:
    height, x = _head_height(body), MARGIN
    for text, twelfths in body.headings:
        width = twelfths * TWELFTH
        layout.surface(x, layout.y - height, width, height, HEAD)
        layout.paragraph(x + 6, layout.y - 3.2, width - 8, text, 8.5, True, SOFT)
        x += width
    layout.y -= height


def _head_height(body: Table) -> float:
    return 7 + 11.05 * max(len(wrap(text, width * TWELFTH - 8, 8.5, True)) for text, width in body.headings)


def _row_height(body: Table, place: int) -> float:
    text = wrap(body.texts[place][1], body.text_width * TWELFTH - 12, 9) if body.texts else []
    return max(body.row_lines * LINE_ROOM, len(text) * 11.7) + 8


def draw_actions(layout: Layout, body: Actions) -> None:
    """Two columns of actions, each with the dates on which it was done."""
    x = MARGIN
    for title in (body.left, body.right):
        for text, width in ((f"Type of action: {title}", ACTION_TEXT), ("Date", ACTION_DATE)):
            layout.surface(x, layout.y - 18, width, 18, HEAD)
            layout.letters(x + 6, layout.y - 12.3, text, 8.5, True, SOFT)
            x += width
    layout.y -= 18
    for row in body.rows:
        height = _action_height(row)
        layout.ensure(height)
        x = MARGIN
        for label, note, date in row:
            layout.surface(x, layout.y - height, ACTION_TEXT, height)
            layout.paragraph(x + 6, layout.y - 5, ACTION_TEXT - 10, label, 9, True)
            below = layout.y - 6.5 - 11.7 * len(wrap(label, ACTION_TEXT - 10, 9, True))
            if note:
                layout.paragraph(x + 6, below, ACTION_TEXT - 10, note, 7.5, colour=SOFT)
            x += ACTION_TEXT
            layout.surface(x, layout.y - height, ACTION_DATE, height)
            layout.place(Placed(date, x + 2, layout.y - height + 1.5, ACTION_DATE - 4, height - 3, 9.5, multiline=True))
            x += ACTION_DATE
        layout.y -= height


def _action_height(row: tuple[tuple[str, str, Field], ...]) -> float:
    heights = []
    for label, note, _ in row:
        notes = len(wrap(note, ACTION_TEXT - 10, 7.5)) if note else 0
        heights.append(11.7 * len(wrap(label, ACTION_TEXT - 10, 9, True)) + 9.75 * notes + (12 if note else 9))
    return max(*heights, 32.0)


def draw_text(layout: Layout, body: Text) -> None:
    """Paragraphs and points."""
    layout.y -= 3
    for text in body.paragraphs:
        layout.paragraph(MARGIN + 2, layout.y, ROOM - 4, text, 9.5)
        layout.y -= len(wrap(text, ROOM - 4, 9.5)) * 12.35 + 3
    for text in body.bullets:
        layout.letters(MARGIN + 8, layout.y - 9.5, "•", 9.5, tag="")
        layout.paragraph(MARGIN + 19, layout.y, ROOM - 24, text, 9.5)
        layout.y -= len(wrap(text, ROOM - 24, 9.5)) * 12.35 + 2
    layout.y += 2


def _text_height(body: Text) -> float:
    paragraphs = sum(len(wrap(text, ROOM - 4, 9.5)) * 12.35 + 3 for text in body.paragraphs)
    return 3 + paragraphs + sum(len(wrap(text, ROOM - 24, 9.5)) * 12.35 + 2 for text in body.bullets)


def draw_criteria(layout: Layout, body: Criteria) -> None:
    """Sentences with a box for each answer."""
    answers = next(iter(body.rows))[1].choices
    width = ROOM - 55 * len(answers)
    layout.surface(MARGIN, layout.y - 18, width, 18, HEAD)
    layout.letters(MARGIN + 6, layout.y - 12.3, "Criterion", 8.5, True, SOFT)
    for place, text in enumerate(answers.values()):
        x = MARGIN + width + 55 * place
        layout.surface(x, layout.y - 18, 55, 18, HEAD)
        layout.letters(x + (55 - stringWidth(text, BOLD, 8.5)) / 2, layout.y - 12.3, text, 8.5, True, SOFT)
    layout.y -= 18
    for text, found in body.rows:
        height = _criterion_height(text)
        layout.ensure(height)
        layout.surface(MARGIN, layout.y - height, width, height)
        layout.paragraph(MARGIN + 6, layout.y - 5.5, width - 12, text, 9.5)
        for place, choice in enumerate(answers):
            x = MARGIN + width + 55 * place
            layout.surface(x, layout.y - height, 55, height)
            layout.place(Placed(found, x + 22, layout.y - height / 2 - BOX / 2, BOX, BOX, choice=choice))
        layout.y -= height


def _criterion_height(text: str) -> float:
    return 10.5 + 12.35 * len(wrap(text, ROOM - 110 - 12, 9.5))

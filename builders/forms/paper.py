"""The pages of a form while they fill: lines of text, surfaces and boxes, each put at its place."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from reportlab.pdfbase.pdfmetrics import stringWidth

from builders.forms.form_file import Form
from builders.forms.page import BAR, DARK, HEIGHT, INK, LINE, MARGIN, ROOM, SOFT, WIDTH, Letters, Page, Placed, Surface

REGULAR, BOLD = "Form", "Form-Bold"
BOTTOM = 46.0


class Layout:
    """The pages of a form while they are laid out, and the height on the current page down to which they are full."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.pages: list[Page] = []
        self.y = 0.0
        self.groups = count(1)
        self._open_first_page()

    def letters(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        bold: bool = False,
        colour: str = INK,
        tag: str = "P",
        group: int = 0,
    ) -> None:
        """One line of text with its baseline at y."""
        self.page.items.append(Letters(x, y, text, size, bold, colour, tag, group or next(self.groups)))

    def paragraph(
        self, x: float, y: float, width: float, text: str, size: float, bold: bool = False, colour: str = INK
    ) -> None:
        """Lines of text, the first just below y."""
        group = next(self.groups)
        for place, line in enumerate(wrap(text, width, size, bold)):
            self.letters(x, y - size * (1 + 1.3 * place), line, size, bold, colour, group=group)

    def surface(self, x: float, y: float, width: float, height: float, fill: str = "", border: str = LINE) -> None:
        """A rectangle with its lower left corner at x, y."""
        self.page.items.append(Surface(x, y, width, height, fill, border))

    def place(self, placed: Placed) -> None:
        """A field's box."""
        self.page.items.append(placed)

    @property
    def page(self) -> Page:
        """The page that is being laid out."""
        return self.pages[-1]

    def ensure(self, height: float, again: Callable[[], None] | None = None) -> None:
        """Begins a page when there is less room than this, and repeats a table's head there."""
        if self.y - height < BOTTOM:
            self.open_page()
            if again:
                again()

    def open_page(self) -> None:
        """A further page, with the form's title and the child's name at its top."""
        self.pages.append(Page())
        top = HEIGHT - 34
        self.letters(MARGIN, top, self.form.title, 8.5, True, DARK, tag="")
        self.letters(WIDTH - MARGIN - 215, top, "Child:", 8.5, False, SOFT, tag="")
        self.place(Placed(self.form.pupil, WIDTH - MARGIN - 187, top - 5, 187, 16, 9.0))
        self.surface(MARGIN, top - 9, ROOM, 0, border=DARK)
        self.y = top - 22

    def heading(self, text: str) -> None:
        """A part's heading on a bar."""
        self.surface(MARGIN, self.y - 19, ROOM, 19, BAR)
        self.letters(MARGIN + 7, self.y - 13.2, text, 10, True, DARK, tag="H2")
        self.y -= 19

    def _open_first_page(self) -> None:
        self.pages.append(Page())
        top = HEIGHT - 36
        name, address, contact = self.form.letterhead
        self.place(Placed(name, MARGIN, top - 20, ROOM - 110, 22, 14.0))
        self.place(Placed(address, MARGIN, top - 37, ROOM - 110, 15, 9.0))
        self.place(Placed(contact, MARGIN, top - 53, ROOM - 110, 15, 9.0))
        self.page.items.append(Surface(MARGIN, top - 61, ROOM, 0, border=DARK, thickness=1.4))
        self.letters(MARGIN, top - 85, self.form.title, 17, True, DARK, tag="H1")
        self.y = top - 91
        self.paragraph(MARGIN, self.y, ROOM, self.form.purpose, 9.5, colour=SOFT)
        self.y -= 9.5 * 1.3 * len(wrap(self.form.purpose, ROOM, 9.5)) + 10


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The lines of a text in a width."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if stringWidth(longer, BOLD if bold else REGULAR, size) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines

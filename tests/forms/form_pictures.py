"""Forms as pictures: rendered by Poppler and by PDFium, and compared with the same text drawn by another program."""

from __future__ import annotations

import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from reportlab.pdfgen.canvas import Canvas

from service.forms.pdf.boxes import Box
from service.forms.pdf.template import FormTemplate

DPI = 216
SCALE = DPI / 72
PAGE_WIDTH, PAGE_HEIGHT = 420.0, 120.0


def draw_form(boxes: dict[str, tuple[float, float, float, float]], **settings: object) -> bytes:
    """A form as a school's own program may make it: text fields at (x, y, width, height), the font not embedded."""
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1)
    for name, (x, y, width, height) in boxes.items():
        options = {
            "fontSize": 10,
            "borderWidth": 0,
            "maxlen": 20_000,
            "fillColor": None,
            "borderColor": None,
        } | settings
        canvas.acroForm.textfield(name=name, x=x, y=y, width=width, height=height, **options)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


@cache
def one_field(**settings: object) -> FormTemplate:
    """A prepared form with one field called "name"."""
    return FormTemplate.open(draw_form({"name": (60.0, 50.0, 300.0, 18.0)}, **settings), "one.pdf")


def render_poppler(content: bytes, folder: Path, dpi: int = DPI) -> list[Image.Image]:
    """Every page as Poppler draws it, in grey."""
    (folder / "form.pdf").write_bytes(content)
    for old in folder.glob("page*.png"):
        old.unlink()
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", "-png", "form.pdf", "page"], cwd=folder, check=True, capture_output=True
    )
    return [Image.open(file).convert("L") for file in sorted(folder.glob("page*.png"))]


def render_pdfium(content: bytes, dpi: int = DPI) -> list[Image.Image]:
    """Every page as PDFium (the engine of Chrome) draws it with its form environment, in grey."""
    with pypdfium2.PdfDocument(content) as document:
        document.init_forms()
        pages = [page.render(scale=dpi / 72, may_draw_forms=True).to_pil().convert("L") for page in document]
    return [ImageChops.lighter(page, page.point(lambda grey: 255 if grey > 200 else grey)) for page in pages]


def cut_box(page: Image.Image, box: Box, dpi: int = DPI, height: float = PAGE_HEIGHT) -> Image.Image:
    """What a page shows inside a box."""
    scale = dpi / 72
    edges = (box.left * scale, (height - box.top) * scale, box.right * scale, (height - box.bottom) * scale)
    return page.crop(tuple(round(edge) for edge in edges))


def ink_of(picture: Image.Image) -> Image.Image:
    """White where there is ink, black elsewhere."""
    return picture.point(lambda grey: 255 if grey < 170 else 0)


def draw_reference(text: str, font: str, size: float, direction: str | None = None) -> Image.Image:
    """The same text drawn by Pillow with Raqm, straight from the font file: its ink, without margins."""
    letters = ImageFont.truetype(font, round(size * SCALE), layout_engine=ImageFont.Layout.RAQM)
    picture = Image.new("L", (2400, 300), 255)
    features = ["-kern"]
    ImageDraw.Draw(picture).text((60, 100), text, font=letters, fill=0, direction=direction, features=features)
    return trim(ink_of(picture))


def trim(ink: Image.Image) -> Image.Image:
    """Ink without the empty edges around it."""
    edges = ink.getbbox()
    assert edges is not None, "there is no ink"
    return ink.crop(edges)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How much of each picture's ink lies on (or beside) the other's: 1 for the same drawing, 0 for another size."""
    if any(abs(a - b) > max(4, 0.03 * b) for a, b in zip(one.size, other.size, strict=True)):
        return 0.0
    one = one.resize(other.size).point(lambda grey: 255 if grey > 127 else 0)
    return min(_covered(one, other), _covered(other, one))


def _covered(ink: Image.Image, by: Image.Image) -> float:
    near = by.filter(ImageFilter.MaxFilter(3))
    return ImageChops.multiply(ink, near).histogram()[255] / max(ink.histogram()[255], 1)

"""What a filled form looks like on paper, compared with the same text drawn by another program."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from service.forms.pdf.fonts import shared_shelf
from service.forms.pdf.shaping import split_clusters
from service.forms.pdf.template import FormTemplate
from tests.forms.form_pictures import (
    PAGE_HEIGHT,
    cut_box,
    draw_form,
    draw_reference,
    ink_of,
    likeness,
    one_field,
    render_pdfium,
    render_poppler,
    trim,
)

NAMES = {
    "Welsh": "Llŷr Ŵyn",
    "Romanian": "Ștefan Țepeș",
    "Vietnamese": "Nguyễn Thị Ễ",
    "Polish": "Łukasz Żółć",
    "Turkish": "Çağlar İşçi",
    "Cyrillic": "Иван Щукин",
    "Ukrainian": "Ґанна Їжак",
    "Greek": "Ελένη Ώρα",
    "apostrophe and ampersand": "O’Brien & Sons",
    "quotes and brackets": 'd\'Été (\\ "Zoë")',
    "accents put together": "Zoe\u0308 O\u0301 Se\u0301an",
    "marks without a letter of their own": "Ẹ́niọlá x̌ m̃",
    "Arabic": "محمد أحمد",
    "Urdu": "ٹیپو ڈار گھر",
    "Hebrew": "שרה כהן",
    "Bengali": "বাংলা শ্রেয়া",
    "Gujarati": "ગુજરાતી ક્ષમા",
    "Punjabi": "ਪੰਜਾਬੀ ਸਿੰਘ",
    "Hindi": "हिन्दी क्षत्रिय",
    "Chinese": "王伟 李小龙",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
@pytest.mark.parametrize("flat", [False, True], ids=["fillable", "flat"])
def test_a_name_is_drawn_as_its_font_draws_it(name: str, flat: bool, tmp_path: Path) -> None:
    form = one_field()
    content = form.fill({"name": name}, flat=flat)
    wanted = _reference(name)
    for pages in (render_poppler(content, tmp_path), render_pdfium(content)):
        shown = trim(ink_of(cut_box(pages[0], form.fields["name"].box)))
        assert likeness(shown, wanted) > 0.9


@pytest.mark.parametrize("wrong", ["Lly?r ?yn", "Llyr Wyn", "Llŷr Ŵym"])
def test_the_comparison_notices_a_wrong_letter(wrong: str, tmp_path: Path) -> None:
    form = one_field()
    page = render_poppler(form.fill({"name": "Llŷr Ŵyn"}), tmp_path)[0]
    assert likeness(trim(ink_of(cut_box(page, form.fields["name"].box))), _reference(wrong)) < 0.9


def test_text_in_two_directions_reads_in_the_order_of_its_scripts(tmp_path: Path) -> None:
    form = one_field()
    page = render_poppler(form.fill({"name": "Ali محمد (12) Khan"}), tmp_path)[0]
    shown = trim(ink_of(cut_box(page, form.fields["name"].box)))
    last = draw_reference("Khan", shared_shelf().text.path, 10)
    assert likeness(trim(shown.crop((shown.width - last.width - 2, 0, *shown.size))), last) > 0.9
    first = draw_reference("Ali", shared_shelf().text.path, 10)
    assert likeness(trim(shown.crop((0, 0, first.width + 2, shown.height))), first) > 0.9
    arabic = draw_reference("محمد", _font_of("م"), 10, "rtl")
    assert _columns_of(shown, arabic) > 0.9


def _columns_of(line: Image.Image, word: Image.Image) -> float:
    """How like a word the likeliest stretch of a line is."""
    stretches = (line.crop((left, 0, left + word.width, line.height)) for left in range(line.width - word.width))
    return max(likeness(trim(stretch), word) for stretch in stretches if stretch.getbbox())


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_nothing_is_drawn_outside_its_box(name: str, tmp_path: Path) -> None:
    form = FormTemplate.open(draw_form({"name": (60.0, 50.0, 80.0, 14.0)}), "small.pdf")
    empty = render_poppler(form.fill({}, flat=True), tmp_path)[0]
    full = render_poppler(form.fill({"name": name}, flat=True), tmp_path)[0]
    box = form.fields["name"].box
    inside = cut_box(full, box)
    assert trim(ink_of(inside)).height > 5
    blank = cut_box(empty, box)
    full.paste(blank, (round(box.left * 3), round((PAGE_HEIGHT - box.top) * 3)))
    assert full.tobytes() == empty.tobytes()


@pytest.mark.parametrize("name", ["Ễ Ỗ Ậ gọj", "ٹیپو", "শ্রেয়া", "हिन्दी", "Ẹ́ x̌"])
def test_no_glyph_is_cut_at_the_edge_of_an_ordinary_box(name: str, tmp_path: Path) -> None:
    form = one_field()
    page = render_poppler(form.fill({"name": name}), tmp_path)[0]
    inside = ink_of(cut_box(page, form.fields["name"].box))
    _, top, _, bottom = inside.getbbox() or (0, 0, 0, 0)
    assert top > 0
    assert bottom < inside.height


def _font_of(character: str) -> str:
    typeface = shared_shelf().typeface_for(character)
    assert typeface is not None
    return typeface.path


def _reference(name: str):  # type: ignore[no-untyped-def]
    """The name as one picture: Pillow draws one font at a time, so all of a name here is in one font."""
    composed = unicodedata.normalize("NFC", name)
    fonts = {
        found.path: found
        for cluster in split_clusters(composed)
        if cluster.strip() and (found := shared_shelf().typeface_for(cluster)) is not None
    }
    assert len(fonts) == 1
    right = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in composed)
    return draw_reference(composed, next(iter(fonts)), 10, "rtl" if right else None)

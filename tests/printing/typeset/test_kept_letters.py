"""A letter of which only the Word document is kept is set from it: the same lines, and its words are words only."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from builders.letters.shelf import example_values, read_letters
from service.letters.profile import apply_profile
from service.printing.office.converter import Converter
from service.printing.office.converter_settings import ConverterSettings
from service.printing.press import Press
from service.printing.printable import Printable
from service.word.filling.template import LetterTemplate
from tests.printing.typeset.setting import lines_of

LETTERS = read_letters()
HOSTILE = '{{ 7 * 7 }} {% for x in y %} {_{ a }_} #read("/etc/passwd") \\u{41} $x$ <w:t>'


@pytest.fixture(scope="module")
def press(typesetter) -> Press:
    """Sets what it can; there is no LibreOffice."""
    office = Converter(ConverterSettings(processes=1, seconds=30, pdf_a=False, tagged=False))
    return Press(typesetter, office)


def letter_of(name: str, variant: str = "", **words: object) -> tuple[Printable, Printable]:
    """A letter with its template, and only its document."""
    letter = LETTERS[name]
    template = apply_profile(letter.template.read_bytes(), "dl")
    fields = {**example_values(letter, variant or letter.variants[0]), **words}
    content = LetterTemplate.open(template, f"{name}.docx").fill(fields)
    return Printable("a.docx", content, template, fields), Printable("a.docx", content)


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_set_from_its_document_has_the_lines_of_the_one_that_was_issued(press, name) -> None:
    for variant in LETTERS[name].variants:
        whole, kept = letter_of(name, variant)
        assert press.why_word_only(kept) is None
        assert lines_of(press.make_one_file([kept], "")) == lines_of(press.make_one_file([whole], ""))


def test_what_looks_like_a_tag_or_like_code_in_a_kept_letter_is_printed_as_it_stands(press) -> None:
    _, kept = letter_of("letter_1", pupil_name=HOSTILE)
    shown = "".join("".join(lines_of(press.make_one_file([kept], ""))).split())
    assert "".join(HOSTILE.split()) in shown


def test_the_words_of_a_kept_letter_stand_in_no_file(press) -> None:
    _, kept = letter_of("letter_1", pupil_name="Zwicknagl")
    assert "Zwicknagl" in " ".join(lines_of(press.make_one_file([kept], "")))
    folder = Path(press.typesetter._folder.name)
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    assert files
    assert not any(b"Zwicknagl" in file.read_bytes() for file in files)


def test_a_character_that_no_font_draws_is_found_in_a_kept_letter(press) -> None:
    _, kept = letter_of("letter_1", pupil_name="Ash\U000fff00")
    assert press.undrawable(kept) == ("U+FFF00 UNNAMED CHARACTER",)


def test_kept_letters_are_printed_together(press) -> None:
    kept = [letter_of(name, pupil_name=f"Ash{name[-1]}")[1] for name in ("letter_1", "letter_2", "letter_1")]
    made = press.make_letters(kept, own=False, to_print=True)
    assert len({id(one.printed.file) for one in made}) == 1
    (file,) = {one.printed.file for one in made}
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages]
    starts = [pages[one.printed.first] for one in made]
    assert ["Ash1" in starts[0], "Ash2" in starts[1], "Ash1" in starts[2]] == [True] * 3


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_trial_says_so_on_each_page(press, is_kept) -> None:
    letter = letter_of("letter_1")[is_kept]
    pdf, live = (press.make_one_file([letter], "", is_trial=is_trial) for is_trial in (True, False))
    assert all("TEST" in page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert not any("TEST" in page.extract_text() for page in PdfReader(io.BytesIO(live)).pages)
    assert b"pdfuaid:part" in PdfReader(io.BytesIO(pdf)).root_object["/Metadata"].get_data()

"""Every letter is tagged as PDF/UA-1: all text in a tag, in the order of reading, with headings and table heads."""

from __future__ import annotations

import io
import re
import subprocess

import pytest
from PIL import Image
from pypdf import PdfReader

from builders.letters.shelf import example_values, read_letters
from service.letters.profile import apply_profile
from service.printing.pdf_specimen import mark_pages
from service.printing.typeset.letter_call import CallWriter
from service.printing.typeset.translate.translate import translate
from service.printing.typeset.typesetter import TypesetSettings, Typesetter
from service.word.logo import apply_logo
from tests.printing.typeset.setting import call_of, lines_of, read_aloud, spoken
from tests.word.letter_making import paragraph

LETTERS = read_letters()
FOOT = re.compile(r"Page \d+ of \d+ · Reference .*")
LOGO_ALT = "Logo of Ash School"


def letter_of(typesetter: Typesetter, name: str, variant: str, logo: bytes | None = None):
    letter = LETTERS[name]
    template = apply_profile(apply_logo(letter.template.read_bytes(), logo, LOGO_ALT), "dl")
    return CallWriter(translate(template, typesetter.faces)).fill(example_values(letter, variant))


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", LETTERS)
def test_all_that_is_seen_but_the_footer_is_read_aloud_in_its_order(typesetter, tmp_path, name) -> None:
    for variant in LETTERS[name].variants:
        pdf = typesetter.set_tagged([letter_of(typesetter, name, variant)])
        raw = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout
        seen = FOOT.sub("", raw.decode())
        said = spoken(pdf, tmp_path)
        assert sorted(bare(seen)) == sorted(bare(said))
        order = [said.index(words) for words in ("Private and confidential", "Dear ")]
        assert order == sorted(order)


@pytest.mark.parametrize("name", LETTERS)
def test_it_has_a_title_a_language_headings_and_heads_of_its_tables(typesetter, tmp_path, name) -> None:
    pdf = typesetter.set_tagged([letter_of(typesetter, name, LETTERS[name].variants[0])])
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.root_object
    assert reader.metadata.title
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    tags = [line.split()[0] for line in read_aloud(pdf, tmp_path) if line.strip()]
    assert tags.count("H1") == 1
    if "Table" in tags:
        assert "TH" in tags[tags.index("Table") :]


def test_a_file_is_sound_and_its_fonts_are_in_it(typesetter, tmp_path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(typesetter.set_tagged([letter_of(typesetter, "letter_n", "")]))
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
    fonts = subprocess.run(["pdffonts", file], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts)


def figures_below(element) -> list[str]:
    """The words that stand for the pictures below a tag."""
    found = [str(element["/Alt"])] if element.get("/S") == "/Figure" else []
    inner = element.get("/K", [])
    for one in inner if isinstance(inner, list) else [inner]:
        kid = one.get_object()
        if isinstance(kid, dict):
            found += figures_below(kid)
    return found


def test_the_logo_is_said_in_words(typesetter) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (200, 80), "navy").save(picture, "PNG")
    pdf = typesetter.set_tagged([letter_of(typesetter, "letter_1", "", picture.getvalue())])
    assert figures_below(PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"]) == [LOGO_ALT]


def test_for_keeping_it_is_pdf_a_as_well() -> None:
    setter = Typesetter(TypesetSettings(processes=1, pdf_a=True))
    pdf = setter.set_tagged([letter_of(setter, "letter_2", "")])
    setter.close()
    about = PdfReader(io.BytesIO(pdf)).root_object["/Metadata"].get_data()
    assert re.search(rb"pdfaid:part>2<", about)
    assert re.search(rb"pdfaid:conformance>A<", about)
    assert b"pdfuaid:part" in about


def test_letters_in_one_file_each_start_a_sheet_and_stay_tagged(typesetter, tmp_path) -> None:
    letters = [letter_of(typesetter, name, "") for name in ("letter_1", "letter_2")]
    pdf = typesetter.set_tagged(letters, "Two letters")
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "Two letters"
    assert [bool(page.extract_text().strip()) for page in reader.pages] == [True, False, True]
    assert spoken(pdf, tmp_path).count("Private and confidential") == 2


def test_the_mark_of_a_trial_is_seen_on_each_page_and_not_read_aloud(typesetter, tmp_path) -> None:
    letter = letter_of(typesetter, "notice_to_improve", "")
    plain, trial = typesetter.set_tagged([letter]), typesetter.set_tagged([letter], across="TEST")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(trial)).pages]
    assert len(pages) > 1
    assert all("TEST" in page for page in pages)
    assert spoken(trial, tmp_path) == spoken(plain, tmp_path)


def test_the_mark_laid_over_a_tagged_file_is_not_read_aloud_either(typesetter, tmp_path) -> None:
    plain = typesetter.set_tagged([letter_of(typesetter, "letter_1", "")])
    trial = mark_pages(plain)
    first = PdfReader(io.BytesIO(trial)).pages[0]
    assert "TEST" in first.extract_text()
    assert re.search(rb"/Artifact BMC[^B]*BT[^B]*\(TEST\) Tj", first.get_contents().get_data())
    assert spoken(trial, tmp_path) == spoken(plain, tmp_path)


def test_a_print_run_is_not_tagged(typesetter) -> None:
    pdf = typesetter.set_to_print([letter_of(typesetter, "letter_1", "")])
    assert "/StructTreeRoot" not in PdfReader(io.BytesIO(pdf)).root_object


def test_a_template_whose_headings_jump_is_tagged_all_the_same(typesetter, tmp_path) -> None:
    body = paragraph("Third", properties='<w:outlineLvl w:val="2"/>') + paragraph("words")
    pdf = typesetter.set_tagged([call_of(typesetter, body)])
    assert lines_of(pdf) == ["Third", "words"]
    assert spoken(pdf, tmp_path) == "Thirdwords"

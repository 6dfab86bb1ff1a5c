"""Print runs: one PDF or one DOCX of many letters."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from dataclasses import replace

import pytest
from pypdf import PdfReader, PdfWriter

from service.errors import ConversionError
from service.printing.office.converter import Converter
from service.printing.pdf_pages import PdfFile, PdfLetter, open_pdf
from service.printing.press import Press
from service.printing.print_index import IndexRow
from service.printing.print_run import (
    PrintLetter,
    bind_docx_run,
    bind_print_run,
    order_by_group_and_name,
    order_by_postcode,
)
from service.printing.to_pdf import letters_to_pdf
from service.printing.typeset.typesetter import Typesetter
from service.word.document import DOCX, Document
from tests.word.sample_docx import field, make_letter


@pytest.fixture(scope="module")
def letters(converter: Converter) -> list[PrintLetter]:
    """Four letters of two pages, one, two and one; the last is a file of its own."""
    documents = [Document(f"{n}.docx", DOCX, make_letter(number=n, paragraphs=5 if n % 2 else 14)) for n in range(4)]
    made = [one for one in letters_to_pdf(converter, documents) if isinstance(one, PdfLetter)]
    assert [one.pages for one in made] == [2, 1, 2, 1]
    made[3] = replace(made[3], file=PdfFile(made[3].content), first=0, whole=True)
    return [PrintLetter(one, f"REF-{n:05d}", f"School Letter {1 + n % 2}") for n, one in enumerate(made)]


def pages_of(pdf: bytes) -> list[str]:
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return shown.decode().split("\f")[:-1]


def references(pdf: bytes) -> list[str]:
    """The reference on each page, "" on a blank back."""
    found = (re.search(r"Our reference (REF-\d+)", page) for page in pages_of(pdf))
    return [one[1] if one else "" for one in found]


def test_on_both_sides_every_letter_starts_a_new_sheet(letters: list[PrintLetter]) -> None:
    run = bind_print_run(letters)
    assert references(run.content) == ["REF-00000"] * 2 + ["REF-00001", ""] + ["REF-00002"] * 2 + ["REF-00003"]
    assert (run.letters, run.pages, run.sheets) == (4, 7, 4)


def test_on_one_side_there_are_no_blank_pages(letters: list[PrintLetter]) -> None:
    run = bind_print_run(letters[::-1], "one")
    assert references(run.content) == ["REF-00003"] + ["REF-00002"] * 2 + ["REF-00001"] + ["REF-00000"] * 2
    assert (run.pages, run.sheets) == (6, 6)


def test_enclosures_lie_behind_their_letter_on_sheets_of_their_own(letters: list[PrintLetter]) -> None:
    enclosed = replace(letters[1], enclosures=(letters[3].letter.content, letters[0].letter.content))
    run = bind_print_run([enclosed, letters[2]])
    numbers = ["REF-00001", "", "REF-00003", "", "REF-00000", "REF-00000", "REF-00002", "REF-00002"]
    assert references(run.content) == numbers
    assert (run.letters, run.sheets) == (2, 4)


@pytest.mark.parametrize("by_office", [False, True])
def test_the_index_lists_every_letter_with_its_pages_and_sheets(
    letters: list[PrintLetter], converter: Converter, typesetter: Typesetter, by_office: bool
) -> None:
    first = replace(letters[0], enclosures=(letters[3].letter.content,))
    press = Press(typesetter, converter, by_office)
    run = bind_print_run([first, *letters[1:]], index_by=press.make_index)
    index, back, *rest = pages_of(run.content)
    rows = re.findall(r"^ *(\d+) +(REF-\d+) +(School Letter \d) +(\d+) +(\d+)$", index, re.MULTILINE)
    assert rows == [
        ("1", "REF-00000", "School Letter 1", "3", "2"),
        ("2", "REF-00001", "School Letter 2", "1", "1"),
        ("3", "REF-00002", "School Letter 1", "2", "1"),
        ("4", "REF-00003", "School Letter 2", "1", "1"),
    ]
    assert "4 letters on 5 sheets" in index
    assert back.strip() == ""
    assert "REF-00000" in rest[0]


def test_a_long_index_comes_in_parts_that_count_on(converter: Converter, typesetter: Typesetter) -> None:
    rows = [IndexRow(f"REF-{number:05d}", "School Letter 1", 1, 1) for number in range(1, 1201)]
    parts = [pages_of(one) for one in Press(typesetter, converter).make_index(rows, ["1,200 letters"])]
    shown = "".join(page for pages in parts for page in pages)
    assert [int(one) for one in re.findall(r"^ *(\d+) +REF-", shown, re.MULTILINE)] == list(range(1, 1201))
    assert ["1,200 letters" in pages[0] for pages in parts] == [True, False]
    assert "Letters 1,001 to 1,200 of 1,200." in parts[1][0]
    assert f"Index, part 2 of 2, page 1 of {len(parts[1])}" in parts[1][0]


def test_every_page_is_a4_and_every_font_is_in_the_file_once(letters: list[PrintLetter]) -> None:
    run = bind_print_run([*letters, *letters])
    open_pdf(run.content)  # refuses a PDF that does not hold its fonts
    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in PdfReader(
        io.BytesIO(run.content)).pages}  # fmt: skip
    assert sizes == {(595, 842)}
    assert len(run.content) < 1.3 * len(bind_print_run(letters).content)


def test_a_print_run_of_nothing_and_an_enclosure_that_is_no_pdf_are_refused(letters: list[PrintLetter]) -> None:
    with pytest.raises(ConversionError, match="no letter in this print run"):
        bind_print_run([])
    with pytest.raises(ConversionError, match=r'Enclosure 1 of the letter "REF-00000" cannot be printed'):
        bind_print_run([replace(letters[0], enclosures=(b"words",))])
    empty = PdfWriter()
    empty.add_blank_page(595, 842)
    target = io.BytesIO()
    empty.write(target)
    with pytest.raises(ConversionError, match="nothing on them"):
        bind_print_run([replace(letters[0], enclosures=(target.getvalue(),))])


def test_letters_are_ordered_by_group_and_name_or_by_postcode(letters: list[PrintLetter]) -> None:
    rows = [("10A", "Brown", "Ann", ""), ("7B", "zoe", "A", "BD18 3QX"), ("7B", "Adams", "Z", "BD2 1AA")]
    given = [
        replace(letters[0], registration_group=group, last_name=last, first_name=first, postcode=postcode)
        for group, last, first, postcode in rows
    ]
    assert [one.last_name for one in order_by_group_and_name(given)] == ["Adams", "zoe", "Brown"]
    assert [one.last_name for one in order_by_postcode(given)] == ["Adams", "zoe", "Brown"]


def test_one_docx_keeps_letterhead_page_numbers_and_reference_of_every_letter(converter: Converter) -> None:
    given = [make_letter(number=n, paragraphs=5 if n % 2 else 14, school=f"School {n}") for n in range(4)]
    pages = pages_of(converter.convert(bind_docx_run(given)))
    expected = [(number, page, 2 - number % 2) for number in range(4) for page in range(1, 3 - number % 2)]
    assert len(pages) == len(expected)
    for shown, (number, page, of) in zip(pages, expected, strict=True):
        assert f"Our reference REF-{number:05d}" in shown
        assert f"Page {page} of {of}" in shown
        assert (f"School {number}" in shown) == (page == 1)


def test_no_count_of_pages_in_one_docx_is_taken_for_right_before_it_is_counted() -> None:
    docx = bind_docx_run([make_letter(number=n) for n in range(3)])
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        xml = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    counts = re.findall(r"PAGEREF letterEnd[0-2]", xml)
    assert len(set(counts)) == 3
    assert "NUMPAGES" not in xml
    assert xml.count('w:dirty="true"') == len(counts)


def test_letters_that_cannot_stand_in_one_docx_are_named_by_their_place() -> None:
    with pytest.raises(ConversionError, match="Letter 2 of 2 cannot go into one Word document with the others"):
        bind_docx_run([make_letter(), make_letter(template="serif")])
    with pytest.raises(ConversionError, match="Letter 1 of 1"):
        bind_docx_run([make_letter(extra_body="<w:p>" + field("TOC", "") + "</w:p>")])
    with pytest.raises(ConversionError, match="no letter in this print run"):
        bind_docx_run([])

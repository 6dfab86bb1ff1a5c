"""Letters to PDF: one or many, each as it would be alone."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.errors import ConversionError
from service.printing.office.converter import Converter, ConverterSettings
from service.printing.pdf_pages import PdfFile, PdfLetter, open_pdf
from service.printing.to_pdf import ConversionFailure, letter_to_pdf, letters_to_pdf
from service.word.document import DOCX, Document
from tests.printing.converter_trouble import wait_for
from tests.word.sample_docx import Sample, field, make_letter, make_package, parts_of


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    with tempfile.TemporaryDirectory(prefix="letters-") as folder:
        made = Converter(ConverterSettings(processes=2, folder=folder, linger=0.2))
        yield made
        made.close()
        assert wait_for(lambda: not list(Path(folder).glob("*/office-*"))), "LibreOffice was not ended"


def document(number: int, **changes: object) -> Document:
    return Document(f"letter-{number}.docx", DOCX, make_letter(number=number, **changes))


def words(pdf: bytes) -> list[str]:
    """Every page's size and every word with its place."""
    shown = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return re.findall(r"<page.*|<word.*", shown.decode())


def text(pdf: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def pdfs(outcomes: list[PdfLetter | ConversionFailure]) -> list[PdfLetter]:
    assert all(isinstance(one, PdfLetter) for one in outcomes), outcomes
    return [one for one in outcomes if isinstance(one, PdfLetter)]


def assert_as_alone(converter: Converter, documents: list[Document], *, merged: bool = True) -> None:
    """Each letter's words stand where they stand when it is converted by itself."""
    made = pdfs(letters_to_pdf(converter, documents))
    assert [one.name for one in made] == [one.name for one in documents]
    assert [one.whole for one in made] == [not merged] * len(documents)
    for one, alone in zip(made, documents, strict=True):
        assert words(one.content) == words(letter_to_pdf(converter, alone).content), one.name


def test_letters_converted_together_are_as_if_converted_alone(converter: Converter) -> None:
    assert_as_alone(converter, [document(n, paragraphs=5 + n % 9) for n in range(24)])


def test_numbered_lists_start_again_in_every_letter(converter: Converter) -> None:
    assert_as_alone(converter, [document(n, numbered=True) for n in range(4)])


def test_a_letter_with_its_own_picture_keeps_it(converter: Converter) -> None:
    documents = [document(n, logo_seed=n % 2) for n in range(4)]
    assert_as_alone(converter, documents)
    drawn = [colours(one.content) for one in pdfs(letters_to_pdf(converter, documents))]
    assert drawn[0] == drawn[2] != drawn[1] == drawn[3]


def colours(pdf: bytes) -> bytes:
    """The letterhead's corner of the page as pixels."""
    command = ["pdftoppm", "-r", "30", "-f", "1", "-l", "1", "-x", "150", "-y", "0", "-W", "90", "-H", "40", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def test_letterheads_of_two_schools_do_not_mix(converter: Converter) -> None:
    documents = [document(n, school=f"School {n // 2 % 2}") for n in range(6)]
    assert_as_alone(converter, documents)


@pytest.mark.parametrize("key", ["3", "9" * 5_000], ids=["short", "long"])
def test_bookmarks_and_references_of_one_letter_stay_in_it(converter: Converter, key: str) -> None:
    start = f'<w:p><w:bookmarkStart w:id="{key}" w:name="days"/>'
    mark = start + f'<w:r><w:t>{{}}</w:t></w:r><w:bookmarkEnd w:id="{key}"/></w:p>'
    body = mark + "<w:p>" + field("REF days", "?") + field("NUMPAGES \\* MERGEFORMAT", "9") + "</w:p>"
    documents = [document(n, extra_body=body.replace("{}", f"{n} days")) for n in range(4)]
    assert_as_alone(converter, documents)


def test_letters_of_different_templates_are_converted_apart_and_stay_in_order(converter: Converter) -> None:
    documents = [document(n, template=("plain", "serif", "violet")[n % 3]) for n in range(12)]
    assert_as_alone(converter, documents)


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param("<w:p>" + field("SECTIONPAGES", "1") + "</w:p>", id="a field that counts a whole document"),
        pytest.param("<w:p>" + field("NUM", "1").replace("NUM ", 'NUM</w:instrText></w:r><w:r><w:instrText>PAGES ')
                     + "</w:p>", id="a field broken over two runs"),
    ],
)  # fmt: skip
def test_a_letter_that_cannot_share_a_document_is_converted_by_itself(converter: Converter, extra: str) -> None:
    assert_as_alone(converter, [document(n, extra_body=extra) for n in range(3)], merged=False)


def test_page_x_of_y_counts_the_letter(converter: Converter) -> None:
    made = pdfs(letters_to_pdf(converter, [document(n, paragraphs=5 if n % 2 else 14) for n in range(6)]))
    assert [one.pages for one in made] == [2, 1] * 3
    for number, one in enumerate(made):
        pages = text(one.content).split("\f")[: one.pages]
        for page, shown in enumerate(pages, 1):
            assert f"Our reference REF-{number:05d}" in shown
            assert f"Page {page} of {one.pages}" in shown
            assert ("Cherry Lane Primary School" in shown) == (page == 1)


def test_each_file_has_its_own_title_language_and_fonts(converter: Converter, tmp_path: Path) -> None:
    for number, one in enumerate(pdfs(letters_to_pdf(converter, [document(n) for n in range(3)]))):
        reader = PdfFile(one.content).reader
        assert reader.metadata is not None
        assert reader.metadata.title == f"Attendance letter REF-{number:05d}"
        assert reader.root_object["/Lang"] == "en-GB"
        open_pdf(one.content)  # refuses a PDF that does not hold its fonts
        assert len(one.content) < 60_000
        file = tmp_path / "letter.pdf"
        file.write_bytes(one.content)
        subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=True)


def test_no_letters_give_no_pdfs(converter: Converter) -> None:
    assert letters_to_pdf(converter, []) == []


def test_files_that_are_no_letters_are_named_and_the_others_are_made(converter: Converter) -> None:
    good = [document(n) for n in range(4)]
    broken = parts_of(Sample()) | {"word/document.xml": "<w:document"}
    bad = {
        1: (b"only text, whatever its name", "not-a-word-document"),
        3: (make_package(broken), "damaged-document"),
        5: (make_letter()[:4000], "damaged-document"),
        6: (make_package({"a.txt": "words"}), "not-a-word-document"),
    }
    documents = [
        Document("letter.docx", DOCX, bad[place][0]) if place in bad else good[place // 2 % 4] for place in range(8)
    ]
    outcomes = letters_to_pdf(converter, documents)
    codes = {n: one.problems[0].code for n, one in enumerate(outcomes) if isinstance(one, ConversionFailure)}
    assert codes == {place: code for place, (_, code) in bad.items()}
    made = {n: one for n, one in enumerate(outcomes) if isinstance(one, PdfLetter)}
    assert {n: text(one.content).count("Our reference") for n, one in made.items()} == {0: 1, 2: 1, 4: 1, 7: 1}


def test_a_letter_that_points_outside_itself_is_refused(converter: Converter) -> None:
    outside = (
        '<Relationship Id="rId90" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        'Target="file:///etc/hostname" TargetMode="External"/>'
    )
    (outcome,) = letters_to_pdf(converter, [document(1, extra_relationships=outside)])
    assert isinstance(outcome, ConversionFailure)
    assert outcome.problems[0].code == "outside-the-document"


def test_tagged_and_archive_letters_are_what_they_say(converter: Converter) -> None:
    folder = converter.settings.folder
    for changes, word in (({"tagged": True}, b"/MarkInfo"), ({"pdf_a": True}, b"pdfaid:part>2<")):
        other = Converter(ConverterSettings(processes=2, folder=folder, linger=0.2, **changes))
        made = pdfs(letters_to_pdf(other, [document(n) for n in range(2)]))
        other.close()
        assert all(word in one.content and b"/StructTreeRoot" in one.content for one in made)


def test_without_libreoffice_it_is_said_at_once_what_to_install(tmp_path: Path) -> None:
    converter = Converter(ConverterSettings(soffice="no-such-soffice", folder=str(tmp_path / "r")))
    with pytest.raises(ConversionError, match="apt-get install"):
        letters_to_pdf(converter, [document(1)])


@pytest.mark.parametrize(("content", "code"), [(b"", "not-a-pdf"), (b"%PDF-1.6 cut off", "not-a-pdf")])
def test_what_is_not_a_whole_pdf_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ConversionError) as caught:
        open_pdf(content)
    assert caught.value.problems[0].code == code


def test_a_pdf_whose_pages_are_empty_is_refused(converter: Converter) -> None:
    empty = parts_of(Sample())
    start, end = str(empty["word/document.xml"]).split("<w:body>")[0], "</w:body></w:document>"
    empty["word/document.xml"] = f"{start}<w:body><w:p/>{end}"
    (outcome,) = letters_to_pdf(converter, [Document("letter.docx", DOCX, make_package(empty))])
    assert isinstance(outcome, ConversionFailure)
    assert outcome.problems[0].code == "empty-pdf"


def test_a_font_that_is_not_in_the_file_is_named() -> None:
    font = (
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1"
        "/BaseFont/Helvetica>>>>>>>>"
    )
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", font]
    objects.append("<</Length 22>>stream\nBT /F 9 Tf (words)Tj ET\nendstream")
    body = "".join(f"{n} 0 obj{one}endobj\n" for n, one in enumerate(objects, 1))
    pdf = f"%PDF-1.4\n{body}trailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF".encode()
    with pytest.raises(ConversionError, match="Helvetica") as caught:
        open_pdf(pdf)
    assert caught.value.problems[0].code == "font-not-embedded"

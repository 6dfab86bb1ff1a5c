"""POST /v1/letters with Accept: application/pdf: set here, or by the real LibreOffice where a template needs it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from service.app import create_app
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.web.example import EXAMPLE
from service.web.problems import PROBLEM_JSON
from service.word.document import PDF
from service.word.filling.template import LetterTemplate
from service.word.package import write_parts
from service.word.parts import DOCUMENT, read_parts
from tests.invented import contact

ACCEPT = {"Accept": PDF}
TWO_HOMES = {
    **EXAMPLE["pupil"],
    "contacts": [
        contact(first_name="Jo"),
        contact(first_name="Sam", address_line_1="9 Mill Street", postcode="ZE7 1LB"),
    ],
}


@pytest.fixture(scope="module")
def pdf_app() -> Iterator[Flask]:
    """An application that ends its processes afterwards."""
    app = create_app(read_settings({}), SAMPLE_SCHOOL)
    yield app
    app.extensions["desk"].press.close()


def words_of(pdf: bytes) -> str:
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return shown.decode()


def ask(app: Flask, **words: object):
    return app.test_client().post("/v1/letters", json={**EXAMPLE, **words}, headers=ACCEPT)


def test_a_letter_comes_as_a_pdf_under_its_reference_and_no_name(pdf_app) -> None:
    answer = ask(pdf_app)
    assert (answer.status_code, answer.mimetype) == (200, PDF)
    reference = answer.headers["Letter-Id"]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{reference}.pdf"'
    shown = words_of(answer.data)
    assert "Dear Ms Ash" in shown
    assert "90.4%" in shown
    assert f"Page 1 of 1 · Reference {reference}" in shown


def test_two_homes_get_one_file_each_letter_on_its_own_sheet(pdf_app) -> None:
    answer = ask(pdf_app, pupil=TWO_HOMES)
    references = answer.headers["Letter-Id"].split(", ")
    assert len(references) == 2
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    assert [[one in page for one in references] for page in pages] == [[True, False], [False, False], [False, True]]
    assert "9 Mill Street" in pages[2]
    assert "9 Mill Street" not in pages[0]


def test_a_file_of_several_letters_is_titled_as_its_letter(pdf_app) -> None:
    information = PdfReader(io.BytesIO(ask(pdf_app, pupil=TWO_HOMES).data)).metadata
    assert information is not None
    assert information.title == "School Letter 1"


def test_one_of_two_recipients_gets_only_their_letter(pdf_app) -> None:
    answer = ask(pdf_app, pupil=TWO_HOMES, recipient="2")
    shown = words_of(answer.data)
    assert "9 Mill Street" in shown
    assert len(answer.headers["Letter-Id"].split(", ")) == 1


def test_requests_at_the_same_time_get_each_their_own_letter(pdf_app) -> None:
    def letter_about(number: int) -> str:
        pupil = {**EXAMPLE["pupil"], "pupil_reference": str(number), "last_name": f"Ash{'abcdefghijkl'[number]}"}
        return words_of(ask(pdf_app, pupil=pupil).data)

    with ThreadPoolExecutor(6) as requests:
        shown = list(requests.map(letter_about, range(12)))
    for number, text in enumerate(shown):
        assert f"Robin Ash{'abcdefghijkl'[number]}, 8B" in text


@pytest.mark.parametrize(("first", "last"), [("محمد", "الحسن"), ("דוד", "כהן")])
def test_a_name_written_from_right_to_left_turns_nothing_else_round(pdf_app, first, last) -> None:
    answer = ask(pdf_app, pupil={**EXAMPLE["pupil"], "first_name": first, "last_name": last})
    shown = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=answer.data, capture_output=True, check=True).stdout
    found = re.findall(r'<word xMin="(\S+)" yMin="(\S+)".*?>(.*?)</word>', shown.decode())
    words = [(text.strip("\u200e"), float(left), top) for left, top, text in found]
    left_of_group, line = next((left, top) for text, left, top in words if text == "8B")
    assert all(left <= left_of_group for text, left, top in words if top == line)


def test_a_character_that_no_font_draws_holds_the_letter_back_by_its_number(pdf_app) -> None:
    answer = ask(pdf_app, pupil={**EXAMPLE["pupil"], "first_name": "Robin\U000fff00"})
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM_JSON)
    assert "U+FFF00" in answer.get_data(as_text=True)
    assert "Robin" not in answer.get_data(as_text=True)


def test_where_only_one_letter_holds_such_a_character_it_is_said_whose_by_number(pdf_app) -> None:
    people = [TWO_HOMES["contacts"][0], {**TWO_HOMES["contacts"][1], "first_name": "Sam\U000fff00"}]
    answer = ask(pdf_app, pupil={**TWO_HOMES, "contacts": people})
    (problem,) = answer.get_json()["problems"]
    assert (answer.status_code, problem["code"]) == (422, "undrawable-character")
    assert problem["detail"] == (
        "No font on this machine draws U+FFF00 UNNAMED CHARACTER in the letter to recipient 2. "
        "Install one, or print this letter from Word."
    )
    both = ask(pdf_app, pupil={**TWO_HOMES, "first_name": "Robin\U000fff00"}).get_json()["problems"]
    assert [f"recipient {number}." in problem["detail"] for number, problem in enumerate(both, 1)] == [True, True]
    by_hand = {**EXAMPLE["pupil"], "first_name": "Robin\U000fff00", "contacts": []}
    (problem,) = ask(pdf_app, pupil=by_hand, school={"without_contacts": "by hand"}).get_json()["problems"]
    assert "recipient" not in problem["detail"]


@pytest.fixture
def app_with(monkeypatch, tmp_path) -> Iterator[Callable[..., Flask]]:
    """An application with these settings on a machine without LibreOffice."""
    opened: list[Flask] = []

    def create(**settings: str) -> Flask:
        monkeypatch.setenv("PATH", str(tmp_path))
        named = {f"ATTENDANCE_LETTERS_{name}": value for name, value in settings.items()}
        opened.append(create_app(read_settings(named), SAMPLE_SCHOOL))
        return opened[-1]

    yield create
    for app in opened:
        app.extensions["desk"].press.close()


def test_without_libreoffice_letters_are_pdfs_all_the_same(app_with) -> None:
    app = app_with()
    answer = ask(app)
    assert (answer.status_code, answer.mimetype) == (200, PDF)
    ready = app.test_client().get("/ready").get_json()
    assert (ready["status"], ready["pdf"]) == ("ready", "ready")
    assert "apt-get install libreoffice-writer-nogui" in ready["libreoffice"]


def test_where_libreoffice_is_to_make_them_and_is_not_there_only_the_pdf_is_refused(app_with) -> None:
    app = app_with(PDF_BY="libreoffice")
    answer = ask(app)
    assert answer.status_code == 503
    assert "apt-get install libreoffice-writer-nogui" in answer.get_data(as_text=True)
    assert app.test_client().post("/v1/letters", json=EXAMPLE).status_code == 200
    ready = app.test_client().get("/ready").get_json()
    assert ready["status"] == "ready"
    assert "apt-get install libreoffice-writer-nogui" in ready["pdf"]


def letters_with(folder: Path, before: bytes, after: bytes) -> str:
    """A folder of letters with this changed in Letter 1."""
    shutil.copytree(read_settings({}).letters, folder)
    parts = read_parts((folder / "letter_1.docx").read_bytes())
    assert before in parts[DOCUMENT]
    document = parts[DOCUMENT].replace(before, after)
    (folder / "letter_1.docx").write_bytes(write_parts(parts | {DOCUMENT: document}))
    return str(folder)


@pytest.fixture
def columns(tmp_path) -> str:
    """A folder of letters whose Letter 1 is set in two columns, which only LibreOffice prints."""
    return letters_with(tmp_path / "templates", b"<w:titlePg/>", b'<w:cols w:num="2"/><w:titlePg/>')


def test_a_template_that_needs_libreoffice_goes_there(columns) -> None:
    app = create_app(read_settings({"ATTENDANCE_LETTERS_LETTERS": columns}), SAMPLE_SCHOOL)
    answer = ask(app)
    app.extensions["desk"].press.close()
    assert answer.status_code == 200
    assert "LibreOffice" in PdfReader(io.BytesIO(answer.data)).metadata.producer


def test_without_libreoffice_it_is_word_only_and_this_is_said(app_with, columns) -> None:
    app = app_with(LETTERS=columns)
    answer = ask(app)
    (problem,) = answer.get_json()["problems"]
    assert (answer.status_code, problem["code"]) == (503, "needs-libreoffice")
    assert "Ask for this letter as a Word document" in problem["detail"]
    assert "LibreOffice for the text in columns" in problem["detail"]
    assert app.test_client().post("/v1/letters", json=EXAMPLE).status_code == 200


@pytest.mark.parametrize("pupil", [EXAMPLE["pupil"], TWO_HOMES])
def test_a_word_that_a_letter_cannot_print_is_told_alike_of_a_pdf_and_a_word_document(
    app_with, tmp_path, pupil
) -> None:
    app = app_with(LETTERS=letters_with(tmp_path / "own", b"{{ date_long }}", b"{{ address_lines }}"))
    pdf, word = ask(app, pupil=pupil), app.test_client().post("/v1/letters", json={**EXAMPLE, "pupil": pupil})
    assert (pdf.status_code, word.status_code) == (422, 422)
    assert pdf.get_json() == word.get_json()
    assert "is a list" in pdf.get_json()["problems"][0]["detail"]


def test_a_letter_that_is_only_wanted_as_pdf_is_not_filled_as_a_word_document(pdf_app, monkeypatch) -> None:
    filled: list[str] = []
    fill = LetterTemplate.fill
    monkeypatch.setattr(LetterTemplate, "fill", lambda self, fields: filled.append(self.name) or fill(self, fields))
    assert ask(pdf_app).status_code == 200
    assert filled == []
    assert pdf_app.test_client().post("/v1/letters", json=EXAMPLE).status_code == 200
    assert len(filled) == 1

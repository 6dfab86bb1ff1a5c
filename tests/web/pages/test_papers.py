"""What leaves the pages as a file: one PDF to print, the same bytes again, a filled form, lists for a spreadsheet."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from pypdf import PdfReader

from service.word.text import read_text


@pytest.fixture
def visitor(office):
    """A reader, who may look at everything."""
    return office.visit("reader")


def letters_on(text: str) -> list[str]:
    """The numbers of the letters in the log."""
    return re.findall(r'name="letter" value="(\d+)"', text)


def test_letters_that_were_chosen_come_as_one_pdf_with_their_index(visitor) -> None:
    chosen = letters_on(visitor.text("/letters"))[:3]
    answer = visitor.send("/letters/files", **{"as": "print", "letter": chosen})
    assert answer.mimetype == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert len(set(re.findall(r"AL-\w{4}-\w{4}-\w{4}", text))) == len(chosen)


def test_a_letter_of_the_log_is_looked_at_as_a_tagged_pdf_of_the_kept_document(visitor) -> None:
    path = re.search(r'href="(/letters/AL-[^"]+)\.docx"', visitor.text("/letters"))[1]
    answer = visitor.get(f"{path}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    shown = PdfReader(io.BytesIO(answer.data))
    assert "Typst" in shown.metadata.creator
    assert shown.root_object["/MarkInfo"]["/Marked"]
    words = "".join("".join(page.extract_text() for page in shown.pages).split())
    (body,) = [one for one in read_text(visitor.get(f"{path}.docx").data).splitlines() if one.startswith("Dear ")]
    assert "".join(body.split()) in words


def test_a_letter_that_is_due_is_looked_at_as_a_tagged_pdf(visitor) -> None:
    numbers = re.findall(r'href="/decisions/(\d+)', visitor.text("/decisions"))
    pages = (visitor.get(f"/decisions/{number}/letter.pdf") for number in dict.fromkeys(numbers))
    answer = next(page for page in pages if page.status_code == 200)
    shown = PdfReader(io.BytesIO(answer.data))
    assert "Typst" in shown.metadata.creator
    assert shown.root_object["/MarkInfo"]["/Marked"]


def test_a_zip_holds_the_letters_and_an_index_and_names_no_child(visitor) -> None:
    text = visitor.text("/letters")
    names = set(re.findall(r'href="/pupils/\d+">([^,<]+),', text))
    answer = visitor.send("/letters/files", **{"as": "zip", "letter": letters_on(text)[:3]})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert len(archive.namelist()) == 4
        assert not any(name in file for name in names for file in archive.namelist())
        assert archive.read("index.csv").decode("utf-8-sig").startswith("Reference,Letter")


def test_a_letter_that_is_opened_again_has_the_same_bytes(visitor) -> None:
    path = re.search(r'href="(/letters/AL-[^"]+\.docx)"', visitor.text("/letters"))[1]
    assert visitor.get(path).data == visitor.get(path).data
    assert visitor.get(path).data.startswith(b"PK")


def test_nothing_chosen_is_said_in_a_sentence(visitor) -> None:
    answer = visitor.send("/letters/files", **{"as": "zip"})
    assert answer.status_code == 422
    assert "Choose at least one letter" in answer.get_data(as_text=True)


def test_the_decisions_come_as_csv_with_everybody_in_them(visitor) -> None:
    lines = visitor.get("/decisions.csv").get_data().decode("utf-8-sig").strip().splitlines()
    assert lines[0].startswith("Last name,First name")
    assert len(lines) == 41


def test_a_form_is_filled(visitor) -> None:
    assert visitor.get("/pupils/1/forms/attendance_certificate.pdf").data.startswith(b"%PDF")

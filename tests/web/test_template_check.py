"""A letter template that is sent is checked as the command does."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.word.letter_making import make_docx, paragraph

SHIPPED = Path(__file__).parents[2] / "letter_templates"
PATH = "/v1/templates/check"


def check(client, content: bytes, name: str = "letter.docx", part: str = "template", **more: str):
    return client.post(PATH, data={part: (io.BytesIO(content), name), **more})


def test_one_that_is_right_is_said_to_be(client) -> None:
    answer = check(client, (SHIPPED / "letter_1.docx").read_bytes())
    assert answer.get_json() == {"is_right": True, "problems": [], "notes": []}


def test_a_word_that_is_none_comes_with_what_was_meant(client) -> None:
    found = check(client, make_docx(paragraph("Dear {{ address_line }}"))).get_json()
    assert not found["is_right"]
    assert [problem["code"] for problem in found["problems"]] == ["unknown-word"]
    assert 'Did you mean "address_lines"?' in found["problems"][0]["detail"]


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7", b"\0" * 5_000])
def test_what_is_no_word_document_is_said_in_a_sentence(client, content) -> None:
    answer = check(client, content)
    assert (answer.status_code, answer.get_json()["is_right"]) == (200, False)
    assert all(problem["detail"].endswith(".") for problem in answer.get_json()["problems"])


def test_its_name_is_not_looked_at(client) -> None:
    answer = check(client, (SHIPPED / "letter_1.docx").read_bytes(), name="../../../etc/passwd")
    assert answer.get_json()["is_right"]


def test_without_a_file_or_with_more_it_is_refused(client) -> None:
    assert check(client, b"x", part="file").get_json()["type"] == "/problems/no-file"
    assert check(client, b"x", letter="letter_1").status_code == 422
    assert client.post(PATH, data={}, content_type="multipart/form-data; boundary=x").status_code == 422
    assert client.post(PATH, json={}).status_code == 415

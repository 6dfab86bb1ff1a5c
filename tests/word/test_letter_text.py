"""The text of a letter is what a reader sees of it."""

from __future__ import annotations

import pytest

from service.errors import TemplateError
from service.word.text import read_text
from tests.word.letter_making import cell, make_docx, paragraph, run, table


def test_headers_body_notes_and_footers_stand_in_reading_order() -> None:
    content = make_docx(
        paragraph("body"),
        headers=(paragraph("header"), paragraph("first header")),
        footers=(paragraph("footer"),),
        footnotes=paragraph("note"),
    )
    assert read_text(content).split("\n") == ["header", "first header", "body", "note", "footer"]


def test_lines_tabs_and_empty_paragraphs_are_kept() -> None:
    body = "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:cr/></w:r></w:p><w:p/>" + paragraph("d")
    assert read_text(make_docx(body)) == "a\nb\tc\n\n\nd"


def test_the_cells_of_a_row_stand_on_one_line() -> None:
    assert read_text(make_docx(table(cell("a") + cell("b"), cell("c", "d") + cell("")))) == "a\tb\nc\nd\t"


def test_a_table_in_a_cell_is_read_once() -> None:
    inner = f"<w:tc><w:tcPr/>{table(cell('x') + cell('y'))}{paragraph('')}</w:tc>"
    assert read_text(make_docx(table(cell("a") + inner))) == "a\tx\ty\n"


def test_what_does_not_print_is_left_out() -> None:
    body = (
        paragraph("seen", run("hidden", "<w:vanish/>"), run("shown", '<w:vanish w:val="0"/>'))
        + "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>"
    )
    assert read_text(make_docx(body)) == "seenshown\nnewlink"


def test_a_text_box_is_read_once_although_word_saves_it_twice() -> None:
    box = f"<w:txbxContent>{paragraph('in the box')}</w:txbxContent>"
    both = f'<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    body = f"<w:p><w:r><w:t>before</w:t>{both}</mc:AlternateContent><w:t> after</w:t></w:r></w:p>"
    assert read_text(make_docx(body)) == "before after\nin the box"


def test_hyphens_of_word_are_characters() -> None:
    body = "<w:p><w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t></w:r></w:p>"
    assert read_text(make_docx(body)) == "a\u2011b\u00adc"


def test_a_file_that_is_no_word_document_is_refused() -> None:
    with pytest.raises(TemplateError):
        read_text(b"plain text")

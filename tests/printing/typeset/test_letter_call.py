"""Words stand in Typst strings only: whatever they are, they come out as they were typed."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from service.printing.typeset.code import quote
from service.printing.typeset.letter_call import CallWriter, encode_word
from tests.printing.typeset.setting import lines_of, translated
from tests.word.letter_making import cell, paragraph, table

BODY = paragraph("start {{ word }} end") + table(cell("{{ word }}")) + paragraph("{{ word }}")
HOSTILE = (
    '#panic("x")', '"#read("/etc/passwd")', "$ x^2 $", "@cite", "<label>", "= heading", "`raw`", "```", "\\", '\\"',
    '\\\\"', "#{ [a] }", "*bold* _it_", "// comment", "/* comment", "~", "---", "'", "[", "]", "](", "{", "}",
    '#import "@preview/x:1"', '"+sys.version+"', "\\u{41}", "https://example.org/#x", "1. one", "- one", "/ term: x",
    "a\\", 'a" + "b', "d.at(0)",
)  # fmt: skip


@pytest.fixture(scope="module")
def writer(typesetter) -> CallWriter:
    """A template with one word in a line, a cell and a paragraph of its own, and in the title."""
    return CallWriter(translated(typesetter, BODY, title="Letter about {{ word }}"))


@pytest.mark.parametrize("word", HOSTILE)
def test_what_would_be_code_comes_out_as_it_was_typed(typesetter, writer, word) -> None:
    pdf = typesetter.set_tagged([writer.fill({"word": word})])
    assert "".join(lines_of(pdf)).replace(" ", "") == f"start{word}end{word}{word}".replace(" ", "")
    assert PdfReader(io.BytesIO(pdf)).metadata.title == f"Letter about {word}"


ALPHABET = "#$@\\\"`'[](){}<>*_=-~/+.,:;|&%^! abcdu0123456789é§"


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=st.lists(st.text(ALPHABET, min_size=1, max_size=40), min_size=10, max_size=10))
def test_any_mixture_of_signs_comes_out_as_it_was_typed(typesetter, writer, words) -> None:
    pdf = typesetter.set_to_print([writer.fill({"word": word}) for word in words])
    shown = [page.extract_text().replace(" ", "").replace("\n", "") for page in PdfReader(io.BytesIO(pdf)).pages]
    for page, word in zip(shown, words, strict=True):
        bare = word.replace(" ", "")
        assert page == f"start{bare}end{bare}{bare}"


@given(st.text())
def test_a_string_ends_only_at_its_end(text) -> None:
    quoted = quote(text)
    assert quoted[0] == quoted[-1] == '"'
    inside = quoted[1:-1].replace("\\\\", "")
    assert '"' not in inside.replace('\\"', "")
    assert not inside.endswith("\\")


def test_lines_and_tabs_of_a_word_are_kept(typesetter, writer) -> None:
    assert encode_word('a"\nb') == b'[#"a\\""#linebreak()#"b"]'
    pdf = typesetter.set_tagged([writer.fill({"word": "one\r\ntwo\tthree"})])
    assert [line.split() for line in lines_of(pdf)[-2:]] == [["one"], ["two", "three"]]

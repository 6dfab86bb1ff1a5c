"""A letter says exactly what it was handed, or says why it cannot."""

from __future__ import annotations

import datetime
import io
import unicodedata
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

from service.errors import FillError, Problem
from service.word.filling.template import LetterTemplate
from service.word.filling.values import UNUSABLE
from service.word.text import read_text
from tests.word.letter_making import cell, make_docx, make_parts, make_zip, paragraph, run, table
from tests.word.test_letterhead import draw

ONE_WORD = LetterTemplate.open(make_docx(paragraph("Start {{ value }} end")), "one word")
TWO_WORDS = LetterTemplate.open(make_docx(paragraph("{{ value }}|{{ other }}")), "two words")
ROWS = LetterTemplate.open(
    make_docx(
        paragraph("{{ name }} {{ school.town }}")
        + table(
            cell("{%tr for row in sessions %}") + cell(""),
            cell("{{ row.date }}") + cell("{{ row.session }}"),
            cell("{%tr endfor %}") + cell(""),
        )
    ),
    "rows",
)


def fill_value(value: object) -> str:
    return read_text(ONE_WORD.fill({"value": value})).removeprefix("Start ").removesuffix(" end")


def problems_of(template: LetterTemplate, words: dict[str, Any]) -> tuple[Problem, ...]:
    with pytest.raises(FillError) as caught:
        template.fill(words)
    return caught.value.problems


def test_a_template_knows_what_it_asks_for() -> None:
    assert ROWS.wants == {"name", "school", "sessions"}
    assert ROWS.name == "rows"
    assert ROWS.is_fast


def test_missing_words_are_known_before_filling() -> None:
    assert ROWS.missing({"name": "Ann"}) == ("school", "sessions")
    assert ROWS.missing({"name": None, "school": {}, "sessions": [], "more": 1}) == ()


def test_words_that_the_template_asks_about_first_may_be_absent() -> None:
    body = paragraph("{% if place is defined %}at {{ place }}{% endif %} {{ time|default('soon') }} {{ name }}")
    template = LetterTemplate.open(make_docx(body), "letter")
    assert template.wants == {"place", "time", "name"}
    assert template.missing({}) == ("name",)
    assert read_text(template.fill({"name": "Ann"})) == " soon Ann"
    assert read_text(template.fill({"name": "Ann", "place": "school", "time": "noon"})) == "at school noon Ann"


@pytest.mark.parametrize(
    "value",
    [
        "O'Brien & Sons",
        'St "Anne\'s"',
        "Llŷr Ŵyn",
        "Nguyễn",
        "العربية",
        "王伟 👩‍👧 e\u0301",
        "<b>bold</b>",
        "{{7*7}}",
        "{% if %}",
        "{_{ x }_} {_% %_}",
        "]]>",
        "<!-- -->",
        "&amp; &#65;",
        "<w:p/>",
        "\x85\x9f\u00a0\u200b",
        "a\tb\n\nc\n",
        "  two  spaces  ",
        "",
        "\U0010ffff",
    ],
)
def test_every_legal_character_arrives_exactly(value: str) -> None:
    assert fill_value(value) == value


legal = st.characters(exclude_categories=("Cs",)).filter(
    lambda c: (c >= " " or c in "\t\n") and c not in "\ufffe\uffff" and unicodedata.bidirectional(c) not in BIDI
)
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@settings(max_examples=300, deadline=None)
@given(value=st.text(legal), other=st.text(legal))
def test_whatever_is_legal_arrives_exactly(value: str, other: str) -> None:
    assert read_text(TWO_WORDS.fill({"value": value, "other": other})) == f"{value}|{other}"


@settings(max_examples=300, deadline=None)
@example(value="\ud800")
@given(value=st.text(st.characters()))
def test_any_text_at_all_is_printed_or_refused_with_its_name_only(value: str) -> None:
    if UNUSABLE.search(value):
        assert [problem.pointer for problem in problems_of(ONE_WORD, {"value": value})] == ["/value"]
    else:
        assert fill_value(value) == value.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    "character",
    [*map(chr, set(range(32)) - {9, 10, 13}), "\ud800", "\udfff", "\ufffe", "\uffff"]
    + [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))],
    ids=lambda character: f"U+{ord(character):04X}",
)
def test_an_unusable_character_is_refused_with_the_fields_name_and_never_its_value(character: str) -> None:
    for template in (ONE_WORD, TWO_WORDS):
        (problem,) = problems_of(template, {"value": f"Secret{character}Name", "other": "plain"})
        assert (problem.code, problem.pointer) == ("unusable-character", "/value")
        assert f'The word "value" holds U+{ord(character):04X}' in problem.detail
        assert "Secret" not in problem.detail


def test_every_missing_and_unusable_word_is_named_at_once_with_its_row() -> None:
    rows = [{"date": "1", "session": "AM"}, {"session": "P\x07M"}, {"date": True, "session": Decimal("1.5")}]
    problems = problems_of(ROWS, {"name": "A\ufffe", "school": {}, "sessions": rows})
    assert [(problem.code, problem.pointer) for problem in problems] == [
        ("unusable-character", "/name"),
        ("missing-word", "/school/town"),
        ("missing-word", "/sessions/1/date"),
        ("unusable-character", "/sessions/1/session"),
        ("not-a-word", "/sessions/2/date"),
        ("not-a-word", "/sessions/2/session"),
    ]
    assert '"row.date" (row 2) has no value' in problems[2].detail


def test_absent_fields_are_all_named_with_what_was_probably_meant() -> None:
    problems = problems_of(ROWS, {"nmae": "Ann"})
    assert [problem.pointer for problem in problems] == ["/name", "/school", "/sessions"]
    assert 'asks for "name", which has no value. Did you mean "nmae"?' in problems[0].detail


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "True or False"),
        (1.5, "a decimal number"),
        (Decimal("91.50"), "a decimal number"),
        (datetime.date(2026, 11, 22), "a date"),
        ([1], "a list"),
        ({"a": 1}, "a group of words"),
        (b"bytes", "bytes"),
        (10**30, "a number of more than 18 digits"),
        ("line\n" * 200, "has 201 lines, the limit is 200"),
    ],
)
def test_what_is_no_finished_word_is_refused(value: object, words: str) -> None:
    (problem,) = problems_of(ONE_WORD, {"value": value})
    assert words in problem.detail


@pytest.mark.parametrize(("value", "printed"), [(0, "0"), (-12, "-12"), (None, ""), (Markup("<b>"), "<b>")])
def test_whole_numbers_print_and_none_prints_nothing(value: object, printed: str) -> None:
    assert fill_value(value) == printed


@pytest.mark.parametrize("value", ["text", None, {"a": 1}, 3])
def test_a_loop_over_something_else_than_a_list_is_refused(value: object) -> None:
    problems = problems_of(ROWS, {"name": "a", "school": {"town": "b"}, "sessions": value})
    assert [problem.code for problem in problems] == ["not-a-list"]


def test_things_of_different_kinds_are_not_compared() -> None:
    template = LetterTemplate.open(make_docx(paragraph("{% if count &gt; 3 %}many{% endif %}")), "letter")
    (problem,) = problems_of(template, {"count": "4"})
    assert problem.code == "cannot-be-compared"


def test_loops_in_one_another_count_by_themselves_and_leave_outer_words_alone() -> None:
    body = paragraph(
        "{{ row }}{% for row in rows %}[{{ loop.index }}:{% for x in row.inner %}{{ x }}{{ loop.revindex }}"
        "{% if not loop.last %},{% endif %}{% else %}none{% endfor %}/{{ loop.length }}]{% endfor %}{{ row }}"
    )
    template = LetterTemplate.open(make_docx(body), "letter")
    filled = template.fill({"row": "R", "rows": [{"inner": ["a", "b"]}, {"inner": []}]})
    assert read_text(filled) == "R[1:a2,b1/2][2:none/2]R"


def test_the_words_handed_in_stay_as_they_are() -> None:
    words = {"name": "a", "school": {"town": "b"}, "sessions": [{"date": "1", "session": "AM"}], "row": "mine"}
    before = repr(words)
    ROWS.fill(words)
    assert repr(words) == before


def test_the_same_words_give_the_same_bytes_whatever_was_filled_between() -> None:
    first = ONE_WORD.fill({"value": "Ann"})
    assert read_text(ONE_WORD.fill({"value": "Bob"})) == "Start Bob end"
    assert ONE_WORD.fill({"value": "Ann"}) == first


def test_a_letter_without_tags_is_the_template_with_fixed_dates() -> None:
    content = make_docx(paragraph("No tags"))
    template = LetterTemplate.open(content, "letter")
    assert template.wants == set()
    assert read_text(template.fill({})) == "No tags"


def test_parts_without_tags_are_copied_as_they_are() -> None:
    parts = make_parts(paragraph("{{ value }}"), headers=(paragraph("none"),))
    parts["word/media/logo.png"] = draw("PNG", 30, 20)
    filled = LetterTemplate.open(make_zip(parts), "letter").fill({"value": "x"})
    with zipfile.ZipFile(io.BytesIO(filled)) as package:
        same = {name for name in parts if package.read(name) == parts[name]}
    assert same == set(parts) - {"word/document.xml"}


def test_a_line_break_keeps_the_properties_of_its_run() -> None:
    template = LetterTemplate.open(make_docx(paragraph(run("{{ value }}", "<w:b/>"))), "letter")
    with zipfile.ZipFile(io.BytesIO(template.fill({"value": "a\nb\tc"}))) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    (only,) = root.iter("{*}r")
    assert [etree.QName(child).localname for child in only] == ["rPr", "t", "br", "t", "tab", "t"]


def test_a_description_of_a_picture_takes_quotes_and_lines() -> None:
    body = '<w:p><w:r><w:drawing><wp:docPr id="1" name="x" descr="Logo of {{ value }}"/></w:drawing></w:r></w:p>'
    template = LetterTemplate.open(make_docx(body), "letter")
    with zipfile.ZipFile(io.BytesIO(template.fill({"value": 'St "A" & <B>\nC'}))) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    assert [item.get("descr") for item in root.iter("{*}docPr")] == ['Logo of St "A" & <B> C']


def test_a_colspan_that_is_no_number_is_refused() -> None:
    template = LetterTemplate.open(make_docx(table(cell("{% colspan value %}x") + cell("y"))), "letter")
    assert not template.is_fast
    (problem,) = problems_of(template, {"value": "two"})
    assert problem.code == "not-a-number"

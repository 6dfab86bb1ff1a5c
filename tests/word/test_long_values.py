"""Long values of attributes are set aside while a template is prepared, and stand in every letter as they were."""

from __future__ import annotations

import io
import re
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from service.word.filling.long_values import LONG, SetAside, set_aside
from service.word.filling.tags import STRAY, Place, find_stray_braces, find_tags
from service.word.filling.template import LetterTemplate
from tests.word.letter_making import make_docx, paragraph, run

PICTURE, OTHER = "aGVsbG8/" * 40_000 + "==", "y" * 2_000
TAG = re.compile(r"\{\{(?P<value>.*?)\}\}|\{%(?P<statement>.*?)%\}|\{#.*?#\}", re.DOTALL)
"""What a tag is, said as a pattern."""


def written(*paragraphs: str, **fields: str) -> str:
    content = LetterTemplate.open(make_docx("".join(paragraphs)), "letter.docx").fill(fields)
    return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


def test_a_picture_in_an_attribute_comes_out_as_it_went_in() -> None:
    first = f'<w:p w:rsidR="{PICTURE}">{run("{{ name }}")}</w:p>'
    second = f'<w:p w:rsidR="{OTHER}">{run("and more")}</w:p>'
    letter = written(first, second, paragraph("{{ name }}"), name="Jo")
    assert letter.count(PICTURE) == letter.count(OTHER) == 1
    assert letter.index(PICTURE) < letter.index(OTHER)
    assert letter.count(">Jo<") == 2


def test_the_same_template_with_a_short_value_gives_the_same_letter_but_for_the_value() -> None:
    def with_value(value: str) -> str:
        return written(
            f'<w:p w:rsidR="{value}">{run("{{ name }}")}</w:p>', paragraph("{% if name %}x{% endif %}"), name="J"
        )

    assert with_value(OTHER).replace(OTHER, "00AB12CD") == with_value("00AB12CD")


def test_a_value_in_a_loop_is_there_as_often_as_its_row() -> None:
    body = f'<w:p w:rsidR="{OTHER}">{run("{%p for a in rows %}")}</w:p>'
    inner = f'<w:p w:rsidR="{PICTURE}">{run("{{ a }}")}</w:p>'
    letter = LetterTemplate.open(make_docx(body + inner + paragraph("{%p endfor %}")), "letter.docx")
    content = zipfile.ZipFile(io.BytesIO(letter.fill({"rows": ["1", "2", "3"]}))).read("word/document.xml").decode()
    assert content.count(PICTURE) == 3


def test_the_mark_is_one_that_the_template_does_not_hold() -> None:
    bullets = "\ue000\ue001 0 \ue000"
    letter = written(f'<w:p w:rsidR="{OTHER}">{run(bullets)}{run("{{ name }}")}</w:p>', name="Jo")
    assert bullets in letter
    assert OTHER in letter


def test_long_words_of_a_letter_are_no_value() -> None:
    xml, kept = set_aside(f'<w:t a="1">{OTHER} "{OTHER}" {{{{ a }}}}</w:t>')
    assert (xml.count(OTHER), kept) == (2, SetAside())


@given(st.lists(st.sampled_from([f'"{OTHER}"', f'="{PICTURE}"', "\ue000", "{{ a }}", "<a b", ">", '="x"', "0"])))
def test_what_is_set_aside_is_put_back(pieces: list[str]) -> None:
    text = "".join(pieces)
    xml, kept = set_aside(text)
    assert kept.put_back(xml) == text
    assert not LONG.search(xml)


@given(st.text(alphabet="{}%# a", max_size=40))
def test_tags_are_found_as_the_pattern_says(text: str) -> None:
    place = Place("part", "spot", text)
    kinds = [
        ("value" if found["value"] is not None else "statement", found.span())
        for found in TAG.finditer(text)
        if not found[0].startswith("{#")
    ]
    assert [(tag.kind, (tag.start, tag.end)) for tag in find_tags(place)] == kinds
    assert len(list(find_stray_braces(place))) == len(STRAY.findall(TAG.sub("\0", text)))

"""The school's logo takes the place of the placeholder, or the placeholder goes."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from builders.letters.shelf import read_letters
from service.errors import TemplateError
from service.word.logo import apply_logo, fit_box
from service.word.parts import read_parts
from service.word.picture import MAX_BYTES, read_picture

LETTERS = read_letters()
TEMPLATE = LETTERS["letter_1"].template.read_bytes()


def draw(kind: str, width: int = 600, height: int = 200) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, kind)
    return file.getvalue()


def header(docx: bytes) -> str:
    return read_parts(docx)["word/header1.xml"].decode()


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpeg")])
def test_a_logo_takes_the_place_of_the_placeholder(kind, ending) -> None:
    logo = draw(kind)
    parts = read_parts(apply_logo(TEMPLATE, logo, "Logo of Canal Street School"))
    assert [name for name in parts if "media" in name] == [f"word/media/logo.{ending}"]
    assert parts[f"word/media/logo.{ending}"] == logo
    assert f'Target="media/logo.{ending}"'.encode() in parts["word/_rels/header1.xml.rels"]
    assert re.findall(r'image/(\w+)"', parts["[Content_Types].xml"].decode()) == [ending]
    assert parts["word/header1.xml"].count(b'descr="Logo of Canal Street School"') == 2


def test_a_logo_keeps_its_shape_within_60_by_25_millimetres() -> None:
    shown = header(apply_logo(TEMPLATE, draw("PNG", 600, 200), "Logo"))
    assert re.findall(r'cx="(\d+)" cy="(\d+)"', shown) == [(str(60 * 36000), str(20 * 36000))] * 2


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_no_logo_is_larger_than_its_box_or_blown_up_or_out_of_shape(width, height) -> None:
    shown_width, shown_height = fit_box(width, height)
    assert shown_width <= 60 + 1e-9
    assert shown_height <= 25 + 1e-9
    assert shown_width <= width * 25.4 / 96 + 1e-9
    assert shown_width * height == pytest.approx(shown_height * width)


def test_without_a_logo_no_trace_of_the_placeholder_is_left() -> None:
    parts = read_parts(apply_logo(TEMPLATE, None, "School logo"))
    assert not [name for name in parts if "media" in name or "header1.xml.rels" in name]
    assert b"drawing>" not in parts["word/header1.xml"]
    assert b"Private and confidential" in parts["word/header1.xml"]
    assert b"image/" not in parts["[Content_Types].xml"]


def test_the_schools_name_stands_in_large_letters_where_there_is_no_logo_and_beside_it_where_there_is() -> None:
    for logo, style in ((None, "LetterheadTitle"), (draw("PNG"), "LetterheadName")):
        lines = re.findall(r"<w:p>.*?</w:p>", header(apply_logo(TEMPLATE, logo, "Logo")))
        (named,) = [line for line in lines if "{{ school_name }}" in line]
        assert f'"{style}"' in named


def test_a_logo_can_be_replaced_by_another_and_removed_again() -> None:
    second = apply_logo(apply_logo(TEMPLATE, draw("PNG"), "First"), draw("JPEG"), "Second")
    assert read_parts(second) == read_parts(apply_logo(TEMPLATE, draw("JPEG"), "Second"))
    bare = apply_logo(second, None, "")
    assert b"drawing>" not in read_parts(bare)["word/header1.xml"]
    assert header(bare).count("{{ school_name }}") == 1


def test_a_letter_of_the_local_authority_never_shows_the_schools_logo() -> None:
    notice = LETTERS["notice_to_improve"].template.read_bytes()
    assert apply_logo(notice, draw("PNG"), "Logo") == notice


def test_the_text_for_the_logo_may_hold_any_sign_but_no_tag() -> None:
    assert "St Mary&amp;St John&quot;s" in header(apply_logo(TEMPLATE, draw("PNG"), 'St Mary&St John"s'))
    with pytest.raises(TemplateError, match="Use plain words"):
        apply_logo(TEMPLATE, draw("PNG"), "{{ school_name }}")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a" + bytes(100), "logo-not-png-or-jpeg"),
        (b"<svg/>", "logo-not-png-or-jpeg"),
        (b"", "logo-not-png-or-jpeg"),
        (draw("PNG")[:-20], "logo-damaged"),
        (draw("PNG").replace(b"IHDR\0\0\2", b"IHDR\0\0\3"), "logo-damaged"),
        (draw("JPEG")[:50], "logo-damaged"),
        (draw("PNG", 10_001, 1), "logo-too-large"),
        (b"\x89PNG\r\n\x1a\n" + bytes(MAX_BYTES), "logo-too-large"),
    ],
)
def test_another_kind_of_file_or_a_damaged_or_huge_picture_is_refused_in_a_sentence(content, code) -> None:
    with pytest.raises(TemplateError) as refused:
        apply_logo(TEMPLATE, content, "Logo")
    assert refused.value.problems[0].code == code
    assert refused.value.detail.startswith("The logo ")


@given(st.binary(max_size=200))
def test_no_bytes_after_a_picture_signature_do_more_than_be_refused(rest) -> None:
    for start in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"):
        with pytest.raises(TemplateError):
            read_picture(start + rest)

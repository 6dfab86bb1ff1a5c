"""A print profile moves the address, the margins and the beginning of a letter."""

from __future__ import annotations

import re

import pytest

from builders.letters.shelf import read_letters
from service.errors import TemplateError
from service.letters.profile import PROFILES, apply_profile
from service.word.package import write_parts
from service.word.parts import read_parts

TEMPLATE = read_letters()["letter_1"].template.read_bytes()


def change(docx: bytes, part: str, pattern: str, new: str) -> bytes:
    parts = read_parts(docx)
    parts[part] = re.sub(pattern, new, parts[part].decode()).encode()
    return write_parts(parts)


def millimetres(text: str, name: str) -> float:
    return round(int(re.search(rf'{name}="(\d+)"', text).group(1)) * 25.4 / 1440, 1)


def frames(docx: bytes, style: str = "Address") -> list[str]:
    """The frames of the paragraphs in a style."""
    document = read_parts(docx)["word/document.xml"].decode()
    return re.findall(rf'<w:pStyle w:val="{style}"/>(<w:framePr[^>]*>)', document)


def test_a_shipped_template_is_laid_out_for_dl_already() -> None:
    assert frames(apply_profile(TEMPLATE, "dl")) == frames(TEMPLATE)


def test_notify_puts_the_address_into_its_own_box() -> None:
    notify = apply_profile(TEMPLATE, "notify")
    found = [frame for style in ("Address", "AddressClose", "AddressTight") for frame in frames(notify, style)]
    assert found
    for frame in found:
        left, top = millimetres(frame, "w:x"), millimetres(frame, "w:y")
        assert left >= 24.6
        assert top >= 39.5
        assert left + millimetres(frame, "w:w") <= 120
        assert top + millimetres(frame, "w:h") <= 66.3


def test_the_date_stands_in_the_column_of_the_letterhead_beside_the_address() -> None:
    for profile, places in PROFILES.items():
        (frame,) = frames(apply_profile(TEMPLATE, profile), "Date")
        assert millimetres(frame, "w:x") == places.letterhead_left
        assert places.address_top <= millimetres(frame, "w:y") <= places.body_from - 20


def test_notify_has_margins_of_15_at_the_sides_and_nothing_within_5_of_the_top_and_bottom() -> None:
    margins = re.search(r"<w:pgMar[^>]*>", read_parts(apply_profile(TEMPLATE, "notify"))["word/document.xml"].decode())[
        0
    ]
    assert (millimetres(margins, "w:left"), millimetres(margins, "w:right")) == (15, 15)
    assert min(millimetres(margins, f"w:{name}") for name in ("top", "bottom", "header", "footer")) >= 5


@pytest.mark.parametrize("profile", PROFILES)
def test_applying_a_profile_twice_changes_nothing_more(profile) -> None:
    once = apply_profile(TEMPLATE, profile)
    assert apply_profile(once, profile) == once


def test_going_to_notify_and_back_gives_the_layout_of_dl() -> None:
    assert apply_profile(apply_profile(TEMPLATE, "notify"), "dl") == apply_profile(TEMPLATE, "dl")


def test_an_address_that_word_left_without_a_frame_gets_one_where_the_schema_wants_it() -> None:
    bare = change(TEMPLATE, "word/document.xml", r"<w:framePr[^>]*>", "")
    document = read_parts(apply_profile(bare, "dl"))["word/document.xml"].decode()
    assert document.count('<w:pStyle w:val="Address"/><w:framePr ') == len(frames(TEMPLATE))


def test_a_letter_without_an_address_style_keeps_its_own_layout_under_dl() -> None:
    own = change(TEMPLATE, "word/document.xml", '"Address(Close|Tight)?"', '"Normal"')
    assert apply_profile(own, "dl") == own


def test_a_letter_without_an_address_style_is_refused_for_notify_with_what_to_do() -> None:
    own = change(TEMPLATE, "word/document.xml", '"Address(Close|Tight)?"', '"Normal"')
    with pytest.raises(TemplateError, match="give the paragraphs of the address a style called") as refused:
        apply_profile(own, "notify")
    assert refused.value.problems[0].code == "no-address-style"


def test_an_unknown_profile_is_refused_with_the_one_that_was_probably_meant() -> None:
    with pytest.raises(TemplateError, match='Did you mean "notify"') as refused:
        apply_profile(TEMPLATE, "notfy")
    assert refused.value.problems[0].code == "unknown-print-profile"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 but no more", write_parts({"mimetype": b"text"})])
def test_what_is_no_word_document_is_refused(content) -> None:
    with pytest.raises(TemplateError, match=r"not a Word Document|damaged"):
        apply_profile(content, "dl")

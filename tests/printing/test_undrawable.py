"""Characters that no installed font draws."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ConversionError
from service.forms.pdf.fonts import FontShelf
from service.printing.undrawable import drawable_characters, undrawable_characters

NAMES = "Zoë Llŷr Ŵyn Łukasz Ștefan Çağlar Nguyễn Иван Ελένη O’Brien Zoe\u0308"


def test_names_of_many_languages_can_be_drawn() -> None:
    assert undrawable_characters(NAMES) == ()


def test_a_character_without_a_glyph_is_named_once() -> None:
    text = "A\U000fff00B\U000fff00\ufdd0"
    assert undrawable_characters(text) == ("U+FFF00 UNNAMED CHARACTER", "U+FDD0 UNNAMED CHARACTER")


@pytest.mark.parametrize("character", ["\n", "\t", " ", "\u200d", "\u200b", "\u00ad", "\u2066", "\ufe0f"])
def test_characters_that_are_never_drawn_need_no_glyph(character: str) -> None:
    assert undrawable_characters(f"a{character}b") == ()


def test_a_character_is_called_by_its_unicode_name() -> None:
    missing = [one for one in map(chr, range(0x12000, 0x18AFF)) if ord(one) not in drawable_characters()]
    if not missing:
        pytest.skip("every character looked at can be drawn here")
    assert undrawable_characters(missing[0])[0].startswith(f"U+{ord(missing[0]):04X} ")


@given(st.text())
def test_any_text_is_answered_and_what_is_named_is_in_the_text(text: str) -> None:
    for one in undrawable_characters(text):
        assert chr(int(one.split()[0][2:], 16)) in text


def be_without_fontconfig(fault: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "failing":
        (folder / "fc-list").write_text("#!/bin/sh\nexit 1\n")
        (folder / "fc-list").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize("fault", ["missing", "failing"])
def test_libreoffices_fonts_that_cannot_be_listed_are_told(fault, tmp_path, monkeypatch) -> None:
    be_without_fontconfig(fault, tmp_path, monkeypatch)
    with pytest.raises(ConversionError, match="Install fontconfig") as refused:
        drawable_characters.__wrapped__()
    assert refused.value.problems[0].code == "no-fontconfig"


@pytest.mark.parametrize("fault", ["missing", "failing"])
def test_forms_find_their_fonts_without_fontconfig(fault, tmp_path, monkeypatch) -> None:
    usual = FontShelf.open().text.path
    be_without_fontconfig(fault, tmp_path, monkeypatch)
    shelf = FontShelf.open()
    assert shelf.text.path == usual
    assert shelf.typeface_for("\u0628")

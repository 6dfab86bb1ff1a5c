"""The widths by which an address is fitted, beside the font that letters are set in."""

from __future__ import annotations

import subprocess

import pytest

from service.forms.pdf.fonts import Typeface
from service.letters.address_window import WIDTHS, choose_setting, fit_address


def test_the_widths_are_those_of_the_font_that_sets_the_letters() -> None:
    path = subprocess.run(["fc-match", "-f", "%{file}", "Arial"], capture_output=True, text=True, check=True).stdout
    font = Typeface(path)
    wrong = {
        character: round(font.advance(font.glyph(character)))
        for character, width in WIDTHS.items()
        if abs(font.advance(font.glyph(character)) - width) > 1
    }
    assert wrong == {}
    assert set(map(chr, range(32, 127))) <= WIDTHS.keys()


@pytest.mark.parametrize(
    ("lines", "fitted"),
    [
        (["2 Long Row"], ["2 Long Row"]),
        (["1", "2", "3", "4", "5"], ["1", "2", "3", "4", "5"]),
        (["1", "2", "3", "4", "5", "6"], ["1", "2", "3", "4", "5, 6"]),
        (["1", "2", "3", "4", "5", "6", "7"], ["1", "2", "3", "4", "5, 6, 7"]),
        (["W" * 90, "2", "3", "4"], ["W" * 90, "2, 3, 4"]),
        (["W" * 30] * 6, None),
    ],
)
def test_lines_are_joined_only_when_they_have_to_be(lines, fitted) -> None:
    found = fit_address("Ms Jo Ash", lines, "ZE8 4QT", "dl")
    assert found == (None if fitted is None else tuple(fitted))


@pytest.mark.parametrize(
    ("lines", "setting"),
    [
        (["Ms Jo Ash", "2 Long Row", "Netherford", "Oxley Bridge", "ZE8 4QT"], "wide"),
        (["Ms Jo Ash", "Flat 2", "2 Long Row", "Netherford", "Oxley Bridge", "ZE8 4QT"], "close"),
        (["Ms Jo Ash", "Flat 2", "The Mill", "2 Long Row", "Netherford", "Oxley Bridge", "ZE8 4QT"], "tight"),
        (["W" * 60, "2 Long Row", "ZE8 4QT"], "wide"),
        (["W" * 75, "2 Long Row", "Netherford", "ZE8 4QT"], "tight"),
    ],
)
def test_an_address_is_set_as_widely_as_the_window_lets_it(lines, setting) -> None:
    assert choose_setting(lines, "dl") == setting

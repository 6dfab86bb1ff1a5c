"""Addresses as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.attendance.address import NO_ADDRESS, PostalAddress, is_postcode, read_address, tidy_postcode


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("bd9 4qx", "BD9 4QX"),
        ("BD94QX", "BD9 4QX"),
        (" b d 9 4 q x ", "BD9 4QX"),
        ("sw1a1aa", "SW1A 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("W1A 0AX", "W1A 0AX"),
        ("gir0aa", "GIR 0AA"),
        ("bfpo57", "BFPO 57"),
        ("BFPO 1234", "BFPO 1234"),
        ("bd9\u00a04qx", "BD9 4QX"),
        ("", ""),
        ("not known", "not known"),
        ("BD9 4Q", "BD9 4Q"),
        ("D02 AF30", "D02 AF30"),  # an Irish one
    ],
)
def test_a_postcode_is_written_as_royal_mail_writes_it_and_other_text_kept(typed, tidy) -> None:
    assert tidy_postcode(typed) == tidy


@pytest.mark.parametrize("text", ["BD9 4QX", "SW1A 1AA", "M1 1AE", "GIR 0AA", "BFPO 57", "ZE9 9ZZ"])
def test_a_postcode_is_known_by_its_shape(text) -> None:
    assert is_postcode(text)


@pytest.mark.parametrize("text", ["", "BD9", "bd9 4qx", "BD9 4QXX", "9BD 4QX", "Bradford", "BD9 4QX ", "BD9  4QX"])
def test_other_text_is_no_postcode(text) -> None:
    assert not is_postcode(text)


@pytest.mark.parametrize(
    ("lines", "postcode", "printed"),
    [
        (["14 Mill Lane", "Heaton"], "bd94qx", ("14 Mill Lane", "Heaton", "BD9 4QX")),
        (["14  Mill   Lane,", "", " Heaton ; ", "   "], "BD9 4QX", ("14 Mill Lane", "Heaton", "BD9 4QX")),
        (["14 Mill Lane", "Heaton", "bd9 4qx"], "", ("14 Mill Lane", "Heaton", "BD9 4QX")),
        (["14 Mill Lane", "bd9 4qx", ""], "", ("14 Mill Lane", "BD9 4QX")),
        (["14 Mill Lane", "BD9 4QX"], "BD8 1AA", ("14 Mill Lane", "BD9 4QX", "BD8 1AA")),
        (["Flat 2, 14 Mill Lane"], "BD9 4QX", ("Flat 2, 14 Mill Lane", "BD9 4QX")),
        ([], "BD9 4QX", ("BD9 4QX",)),
        (["14 Mill Lane"], "", ("14 Mill Lane",)),
        ([",", " ; "], "", ()),
    ],
)
def test_lines_are_tidied_and_a_postcode_at_their_end_is_found(lines, postcode, printed) -> None:
    assert read_address(lines, postcode).printed_lines == printed


@pytest.mark.parametrize(
    ("address", "complete"),
    [
        (PostalAddress(("14 Mill Lane",), "BD9 4QX"), True),
        (PostalAddress((), "BD9 4QX"), False),
        (PostalAddress(("14 Mill Lane",), ""), False),
        (PostalAddress(("14 Mill Lane",), "not known"), False),
        (NO_ADDRESS, False),
    ],
)
def test_an_address_is_complete_with_a_line_and_a_real_postcode(address, complete) -> None:
    assert address.is_complete is complete


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=12))
def test_reading_what_was_read_changes_nothing_more(lines, postcode) -> None:
    once = read_address(lines, postcode)
    assert read_address(once.lines, once.postcode) == once
    assert all(line and line == line.strip(" ,;") for line in once.lines)

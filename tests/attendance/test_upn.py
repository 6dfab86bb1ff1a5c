"""The check letter of a unique pupil number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.attendance.upn import ALPHABET, check_letter, upn_warning


@pytest.mark.parametrize(
    ("rest", "letter"),
    [("801200005001", "B"), ("207000016049", "P"), ("674123101121", "R"), ("000000000000", "A")],
)
def test_the_check_letter_is_the_sum_of_value_times_place_modulo_23(rest, letter) -> None:
    assert check_letter(rest) == letter


@pytest.mark.parametrize("upn", ["B801200005001", "P207000016049", "R674123101121"])
def test_a_right_number_needs_no_warning_wherever_it_was_given_out(upn) -> None:
    assert upn_warning(upn) == ""


def test_a_wrong_letter_is_told_with_the_right_one() -> None:
    assert upn_warning("A801200005001") == "The UPN should begin with B; please check it."
    assert "begin with P" in upn_warning("Q207000016049")


@pytest.mark.parametrize(
    "upn", ["", "B80120000500", "B8012000050011", "I801200005001", "B80120000500O", "1801200005001", "B 01200005001"]
)
def test_another_shape_is_told_as_such(upn) -> None:
    assert "12 digits" in upn_warning(upn)


@given(st.text("0123456789", min_size=11, max_size=11), st.sampled_from([*"0123456789", *ALPHABET]))
def test_numbers_with_their_own_letter_are_right_and_with_any_other_wrong(digits, last) -> None:
    rest = digits + last
    right = check_letter(rest)
    assert upn_warning(right + rest) == ""
    assert all(upn_warning(letter + rest) for letter in ALPHABET if letter != right)


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(digits, place, change) -> None:
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    assert upn_warning(check_letter(digits) + wrong)

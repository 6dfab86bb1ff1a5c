"""Register codes, what each counts as, and on which days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.attendance.codes import ABSENT, ATTENDED, AUTHORISED, BY_BYTE, CODES, NOT_COUNTED, UNAUTHORISED, read_code
from service.attendance.codes import REFORM as REFORM_DAY

LAST_OLD_DAY = date(2024, 8, 18)
TODAY = date(2026, 11, 20)
# The statistical classes of the 2024 guidance, written out once more: attended, authorised, unauthorised, not counted.
CLASSES = {
    "attended": "/ \\ L K V P W B",
    "authorised": "C C1 C2 E I J1 M R S T",
    "unauthorised": "G N O U",
    "not counted": "D Q X Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z #",
}
BYTES = {"attended": ATTENDED, "authorised": AUTHORISED, "unauthorised": UNAUTHORISED, "not counted": NOT_COUNTED}
IN_FORCE = [(code, name) for name, codes in CLASSES.items() for code in codes.split()]


def test_the_regulations_came_into_force_on_19_august_2024() -> None:
    assert date(2024, 8, 19) == REFORM_DAY


@pytest.mark.parametrize(("code", "name"), IN_FORCE)
def test_a_code_in_force_counts_in_exactly_one_class_and_needs_no_warning(code, name) -> None:
    read = read_code(code, TODAY)
    assert read is not None
    assert read.warning == ""
    assert [other for other, found in BYTES.items() if read.byte in found] == [name]
    assert BY_BYTE[read.byte].code == code


def test_absent_is_authorised_and_unauthorised_together() -> None:
    assert set(ABSENT) == set(AUTHORISED) | set(UNAUTHORISED)


def test_every_code_has_a_byte_of_its_own_and_none_is_the_empty_place() -> None:
    assert len(BY_BYTE) == len(CODES)
    assert 0 not in BY_BYTE


@pytest.mark.parametrize(
    ("code", "name", "told"),
    [
        ("H", "authorised", "withdrawn on 19 August 2024"),
        ("F", "authorised", "withdrawn"),
        ("Y", "not counted", "replaced by Y1 to Y7"),
        ("-", "not counted", "no mark"),
        ("!", "not counted", "not counted"),
        ("@", "not counted", "no known meaning"),
        ("I01", "authorised", "I01 was read as I"),
        ("i02", "authorised", "i02 was read as I"),
        ("X05", "not counted", "X05 was read as X"),
    ],
)
def test_a_code_of_former_years_is_read_with_a_warning(code, name, told) -> None:
    read = read_code(code, TODAY)
    assert read is not None
    assert read.byte in BYTES[name]
    assert told in read.warning


@pytest.mark.parametrize(
    ("day", "code", "counted", "warned"),
    [(LAST_OLD_DAY, "J", ATTENDED, False), (REFORM_DAY, "J1", AUTHORISED, True), (TODAY, "J1", AUTHORISED, True)],
)
def test_j_was_an_activity_until_the_reform_and_is_j1_from_that_day_on(day, code, counted, warned) -> None:
    read = read_code("J", day)
    assert read is not None
    assert BY_BYTE[read.byte].code == code
    assert read.byte in counted
    assert bool(read.warning) is warned


@pytest.mark.parametrize("code", ["C1", "C2", "J1", "K", "Q", "Y1", "Y7"])
def test_a_new_code_on_an_earlier_day_is_read_with_a_warning(code) -> None:
    before, after = read_code(code, REFORM_DAY - timedelta(days=1)), read_code(code, REFORM_DAY)
    assert before is not None
    assert after is not None
    assert "before 19 August 2024" in before.warning
    assert after.warning == ""


@pytest.mark.parametrize("text", ["l", " L ", "\tl\n"])
def test_small_letters_and_spaces_make_no_difference(text) -> None:
    assert read_code(text, TODAY) == read_code("L", TODAY)


@pytest.mark.parametrize("text", ["", " ", "A", "Y8", "I1", "I0", "X0", "LL", "present", "//", "0", "І"])
def test_what_is_no_register_code_is_not_read(text) -> None:
    assert read_code(text, TODAY) is None

"""Who signs is a person."""

from __future__ import annotations

import pytest

from service.letters.sender import is_person


@pytest.mark.parametrize(
    "name",
    [
        "Ms T Garrick",
        "J Smith-Jones",
        "Ms A Reed, attendance officer",
        "Jo Ash (office)",
        "Ms Head",
        "Dr Principal",
        "Alex Head",
        "Lee",
    ],
)
def test_a_person_can_sign(name) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "Oxley Council",
        "Education welfare officer",
        "Attendance Team",
        "The school office",
        "Head of Year",
        "Deputy Head",
        "Mr",
        "TBC",
        "N/A",
        "[Name]",
        "?",
        "Admin",
        "Name of head",
        "The Head",
        "",
    ],
)
def test_an_office_cannot_sign(name) -> None:
    assert not is_person(name)

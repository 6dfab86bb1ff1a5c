"""The letters that are set here look as LibreOffice sets them: as many pages, the same words at the same places.

Where there is no LibreOffice they are compared with figures of what it printed, and where it is there, so are those.
"""

from __future__ import annotations

import json
import shutil

import pytest

from builders.letters.printed import (
    LETTERS,
    PRINTED,
    figures_of,
    print_by_office,
    random_letters,
    set_here,
    tears_what_is_kept_together,
)
from service.letters.profile import PROFILES

RECORDED = json.loads(PRINTED.read_text(encoding="utf-8"))
AGAIN = "Read the change, then: python -m builders.letters.printed"

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="compares with LibreOffice")


@needs_office
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_has_the_same_words_at_the_same_places(typesetter, converter, name, profile) -> None:
    for key, docx, values in random_letters(name, profile):
        ours, theirs = set_here(typesetter, docx, values), print_by_office(converter, docx, values)
        assert sorted(text for *_, text in ours) == sorted(text for *_, text in theirs)
        assert ours[-1][0] == theirs[-1][0], "as many pages"
        recorded = dict(RECORDED[key])
        torn = tears_what_is_kept_together(ours, theirs)
        assert recorded.pop("torn", False) == torn, AGAIN
        assert recorded == figures_of(theirs), AGAIN
        if torn:
            continue
        assert [(page, text) for page, *_, text in ours] == [(page, text) for page, *_, text in theirs]
        across = [abs(one[1] - other[1]) for one, other in zip(ours, theirs, strict=True)]
        down = [abs(one[2] - other[2]) for one, other in zip(ours, theirs, strict=True)]
        assert max(across) < 0.5
        assert max(down) < 0.2


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_as_libreoffice_was_seen_to_print_it(typesetter, name, profile) -> None:
    for key, docx, values in random_letters(name, profile):
        ours, recorded = figures_of(set_here(typesetter, docx, values)), RECORDED[key]
        assert ours["words"] == recorded["words"]
        assert len(ours["pages"]) == len(recorded["pages"])
        if recorded.get("torn"):
            continue
        for page, other in zip(ours["pages"], recorded["pages"], strict=True):
            assert [words for _, words in page] == [words for _, words in other]
            assert [y for y, _ in page] == pytest.approx([y for y, _ in other], abs=0.3)


def test_every_letter_of_every_profile_is_recorded() -> None:
    known = {key for profile in PROFILES for name in LETTERS for key, *_ in random_letters(name, profile)}
    assert set(RECORDED) == known, AGAIN

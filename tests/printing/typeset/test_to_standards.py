"""A validator that is not ours finds nothing wrong with letters: every rule of PDF/UA-1 that a machine can look at."""

from __future__ import annotations

import io
from collections.abc import Iterator

import page
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from builders.letters.shelf import example_values, read_letters
from service.letters.profile import PROFILES, apply_profile
from service.printing.typeset.letter_call import CallWriter, LetterCall
from service.printing.typeset.translate.translate import translate
from service.printing.typeset.typesetter import TypesetSettings, Typesetter
from service.word.logo import apply_logo
from tests.printing.typeset.test_scripts import SCRIPTS

LETTERS = read_letters()


def faults(pdf: bytes, standard: str) -> list[str]:
    """What is not as a standard asks, in the validator's words."""
    report = page.validate_pdf_bytes(pdf, profile=standard)
    assert report.rules.total > 100
    found = [f"{one.rule_id} {one.message}" for one in report.failures]
    if b"\r\nendstream" in pdf:  # it takes the last byte of a packed stream for half of the end of the line
        found = [one for one in found if "STREAM-LENGTH" not in one]
    return found


def calls_of(typesetter: Typesetter, name: str, profile: str = "dl", **words: object) -> Iterator[LetterCall]:
    """A letter for each wording, with a logo."""
    picture = io.BytesIO()
    Image.new("RGB", (200, 80), "navy").save(picture, "PNG")
    letter = LETTERS[name]
    docx = apply_profile(apply_logo(letter.template.read_bytes(), picture.getvalue(), "Logo of Ash School"), profile)
    writer = CallWriter(translate(docx, typesetter.faces))
    for variant in letter.variants:
        yield writer.fill(example_values(letter, variant) | words)


@pytest.fixture(scope="module")
def for_keeping() -> Iterator[Typesetter]:
    """Sets letters as PDF/A-2a too."""
    made = Typesetter(TypesetSettings(processes=1, pdf_a=True))
    yield made
    made.close()


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_pdf_ua(typesetter, name, profile) -> None:
    for call in calls_of(typesetter, name, profile):
        assert faults(typesetter.set_tagged([call]), "ua1") == []


@pytest.mark.parametrize("name", LETTERS)
def test_for_keeping_every_letter_is_pdf_a_as_well(for_keeping, name) -> None:
    for call in calls_of(for_keeping, name):
        pdf = for_keeping.set_tagged([call])
        assert faults(pdf, "2a") == []
        assert faults(pdf, "ua1") == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_so_are_letters_with_names_in_other_scripts(for_keeping, script) -> None:
    name = SCRIPTS[script]
    if for_keeping.faces.undrawable(name):
        pytest.skip("no font of this machine draws it")
    for call in calls_of(for_keeping, "letter_1", pupil_name=f"{name}\u200e", known_as=f"{name}\u200e"):
        pdf = for_keeping.set_tagged([call])
        assert faults(pdf, "2a") == []
        assert faults(pdf, "ua1") == []


def test_so_are_letters_together_and_trials(typesetter) -> None:
    letters = [*calls_of(typesetter, "letter_1"), *calls_of(typesetter, "notice_to_improve")]
    assert faults(typesetter.set_tagged(letters, "Two letters"), "ua1") == []
    assert faults(typesetter.set_tagged(letters, "Two letters", across="TEST"), "ua1") == []


def test_the_validator_sees_what_is_not_so(typesetter) -> None:
    letter = next(calls_of(typesetter, "letter_1"))
    assert any("TAGGED" in one for one in faults(typesetter.set_to_print([letter]), "ua1"))
    assert faults(typesetter.set_tagged([letter]), "2a")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(typesetter.set_tagged([letter]))))
    for element in writer._objects:
        if isinstance(element, dict) and element.get("/S") == "/Figure":
            del element[NameObject("/Alt")]
    changed = io.BytesIO()
    writer.write(changed)
    assert any("FIGURE" in one for one in faults(changed.getvalue(), "ua1"))

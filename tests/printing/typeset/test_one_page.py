"""A letter by itself is set as if it had one page; it comes out the same when it is set as one that may have more."""

from __future__ import annotations

import re
from itertools import product

import pytest

from builders.letters.shelf import example_values, read_letters
from service.letters.profile import PROFILES, apply_profile
from service.printing.typeset.letter_call import CallWriter, LetterCall
from service.printing.typeset.set_pages import has_one_page
from service.printing.typeset.translate.translate import translate
from service.printing.typeset.typesetter import Typesetter
from tests.printing.typeset.setting import call_of, lines_of
from tests.word.letter_making import paragraph

LETTERS = read_letters()
LONG = "The school and the family agreed to meet again. " * 120
PAGE_OF = re.compile(r"Page (\d+) of (\d+)")
FIELDS = '<w:fldSimple w:instr="PAGE"/>', '<w:fldSimple w:instr="NUMPAGES"/>'
FOOT = paragraph("Page ", FIELDS[0], " of ", FIELDS[1])
BODY = f"{paragraph('{%p for line in lines %}')}{paragraph('{{ line }}')}{paragraph('{%p endfor %}')}"
FEW, MANY = ["line"] * 3, ["line"] * 140


def of_template(typesetter: Typesetter, name: str, profile: str) -> tuple[LetterCall, LetterCall]:
    """The example of a template that comes with the service, and the same with a very long sentence of its own."""
    letter = LETTERS[name]
    writer = CallWriter(translate(apply_profile(letter.template.read_bytes(), profile), typesetter.faces))
    values = example_values(letter, letter.variants[0])
    return writer.fill(values), writer.fill(values | {"personal_sentence": LONG})


def numbered(pdf: bytes) -> list[tuple[str, ...]]:
    """What its feet say: the number of the page, and how many there are."""
    return [found for line in lines_of(pdf) for found in PAGE_OF.findall(line)]


@pytest.mark.parametrize(("name", "profile"), list(product(LETTERS, PROFILES)))
def test_each_letter_is_the_same_after_a_longer_one(typesetter: Typesetter, name: str, profile: str) -> None:
    short, long = of_template(typesetter, name, profile)
    alone = typesetter.set_tagged([short])
    pages = numbered(typesetter.set_tagged([long]))
    among = typesetter.set_tagged([short])
    assert [number for number, _ in pages] == [str(number + 1) for number in range(len(pages))]
    assert {many for _, many in pages} == {str(len(pages))}
    assert len(pages) > len(numbered(alone)) >= 1
    assert alone == among == typesetter.set_tagged([short])


@pytest.mark.parametrize(
    ("feet", "shown"),
    [((FOOT, FOOT), ["Page 1 of 1"]), ((FOOT, paragraph("The first page")), ["The first page"]), ((FOOT,), [])],
)
def test_a_foot_is_the_same_on_a_page_by_itself(typesetter: Typesetter, feet: tuple[str], shown: list[str]) -> None:
    short, long = (call_of(typesetter, BODY, {"lines": lines}, footers=feet) for lines in (FEW, MANY))
    alone = typesetter.set_tagged([short])
    many = typesetter.set_tagged([long])
    assert has_one_page(alone)
    assert not has_one_page(many)
    assert typesetter.set_tagged([short]) == alone
    assert lines_of(alone)[len(FEW) :] == shown
    assert lines_of(many).count("line") == len(MANY)


def test_page_numbers_in_the_text_are_those_of_the_letter(typesetter: Typesetter) -> None:
    text = f"{BODY}{paragraph('This is ', *FIELDS)}"
    said = [lines_of(typesetter.set_tagged([call_of(typesetter, text, {"lines": lines})]))[-1] for lines in (FEW, MANY)]
    assert said == ["This is 11", "This is 33"]

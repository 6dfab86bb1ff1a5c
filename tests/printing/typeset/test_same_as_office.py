"""The letters that are set here look as LibreOffice sets them: as many pages, the same words at the same places."""

from __future__ import annotations

import ctypes
import random
import shutil
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from pypdfium2 import raw

from builders.letters.look import LONG_ADDRESS
from builders.letters.shelf import example_values, read_letters
from service.letters.profile import PROFILES, apply_profile
from service.printing.to_pdf import letter_to_pdf
from service.printing.typeset.letter_call import CallWriter
from service.printing.typeset.translate.translate import translate
from service.word.document import DOCX, Document
from service.word.filling.template import LetterTemplate
from service.word.logo import apply_logo

LETTERS = read_letters()
NAMES = "Al Bo Fatima Krzysztof Wilhelmina Oluwaseun Siân Łukasz Zoë Ni".split()
Seen = tuple[int, float, float, str]

pytestmark = pytest.mark.skipif(not shutil.which("soffice"), reason="compares with LibreOffice")


def seen_in(pdf: bytes) -> list[Seen]:
    """Each word with its page, its left edge and its base line in points, from top to bottom."""
    seen: list[Seen] = []
    opened = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(opened, 1):
        seen += words_on(page, number)
    opened.close()
    return sorted(seen, key=lambda word: (word[0], round(word[2] / 3), word[1]))


def words_on(page: pypdfium2.PdfPage, number: int) -> Iterator[Seen]:
    """The words of one page."""
    text, height, word, start = page.get_textpage(), page.get_height(), "", (0.0, 0.0)
    x, y = ctypes.c_double(), ctypes.c_double()
    for place, character in enumerate([*(characters_of(text)), " "]):
        if character.isspace():
            if word:
                yield number, *start, word
            word = ""
            continue
        if not word:
            raw.FPDFText_GetCharOrigin(text, place, x, y)
            start = (x.value, height - y.value)
        word += character


def characters_of(text: pypdfium2.PdfTextPage) -> Iterator[str]:
    """Every character, with the spaces that lie between words."""
    return (chr(raw.FPDFText_GetUnicode(text, place)) for place in range(text.count_chars()))


def random_values(name: str, variant: str, chance: random.Random) -> dict[str, Any]:
    """The letter's words with names and addresses of other lengths, and tables of other heights."""
    values = example_values(LETTERS[name], variant)
    first, last = chance.choice(NAMES), "-".join(chance.sample(NAMES, chance.randint(1, 3)))
    values |= {"known_as": first, "pupil_name": f"{first} {last}", "salutation": f"Dear Ms {last}"}
    values["address_lines"] = [*LONG_ADDRESS[: chance.randint(2, 5)], LONG_ADDRESS[-1]]
    for word, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            values[word] = [dict(chance.choice(value)) for _ in range(chance.randint(1, 12))]
    return values


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_has_the_same_words_at_the_same_places(typesetter, converter, name, profile) -> None:
    chance = random.Random(f"{name} {profile}")
    for variant in LETTERS[name].variants:
        docx = apply_profile(apply_logo(LETTERS[name].template.read_bytes(), None, ""), profile)
        values = random_values(name, variant, chance)
        writer = CallWriter(translate(docx, typesetter.faces))
        ours = seen_in(typesetter.set_tagged([writer.fill(values)]))
        word = LetterTemplate.open(docx, "letter.docx").fill(values)
        theirs = seen_in(letter_to_pdf(converter, Document("letter.docx", DOCX, word)).content)
        assert sorted(text for *_, text in ours) == sorted(text for *_, text in theirs)
        assert ours[-1][0] == theirs[-1][0], "as many pages"
        if tears_what_is_kept_together(ours, theirs):
            continue
        assert [(page, text) for page, *_, text in ours] == [(page, text) for page, *_, text in theirs]
        across = [abs(one[1] - other[1]) for one, other in zip(ours, theirs, strict=True)]
        down = [abs(one[2] - other[2]) for one, other in zip(ours, theirs, strict=True)]
        assert max(across) < 0.5
        assert max(down) < 0.2


def tears_what_is_kept_together(ours: list[Seen], theirs: list[Seen]) -> bool:
    """Whether LibreOffice has left lines on the first page that are to be kept with the signature on the second.

    Word keeps them together, and so do we.
    """
    second = [" ".join(text for page, *_, text in seen if page == 2) for seen in (ours, theirs)]
    more = second[0].removesuffix(second[1])
    return ours[-1][0] == 2 and more != second[0] and 0 < len(more.split()) < 80

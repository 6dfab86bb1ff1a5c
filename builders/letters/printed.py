"""Writes down how LibreOffice prints every letter, for machines that have none to compare with.

python -m builders.letters.printed
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import random
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pypdfium2
from pypdfium2 import raw

from builders.letters.look import LONG_ADDRESS, address_values
from builders.letters.shelf import ROOT, example_values, read_letters
from service.letters.profile import PROFILES, apply_profile
from service.printing.office.converter import Converter, ConverterSettings
from service.printing.to_pdf import letter_to_pdf
from service.printing.typeset.letter_call import CallWriter
from service.printing.typeset.translate.translate import translate
from service.printing.typeset.typesetter import Typesetter
from service.word.document import DOCX, Document
from service.word.filling.template import LetterTemplate
from service.word.logo import apply_logo

PRINTED: Final = ROOT.parent / "tests" / "golden" / "printed_by_libreoffice.json"
LETTERS: Final = read_letters()
NAMES: Final = "Al Bo Fatima Krzysztof Wilhelmina Oluwaseun Siân Łukasz Zoë Ni".split()
SAME_LINE: Final = 2  # points between the base lines of words of one line
Seen = tuple[int, float, float, str]
Figures = dict[str, Any]


def seen_in(pdf: bytes) -> list[Seen]:
    """Each word with its page, its left edge and its base line in points, from top to bottom."""
    seen: list[Seen] = []
    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        for number, page in enumerate(opened, 1):
            seen += _words_on(page, number)
    return sorted(seen, key=lambda word: (word[0], round(word[2] / 3), word[1]))


def _words_on(page: pypdfium2.PdfPage, number: int) -> Iterator[Seen]:
    text, height, word, start = page.get_textpage(), page.get_height(), "", (0.0, 0.0)
    x, y = ctypes.c_double(), ctypes.c_double()
    for place, character in enumerate([*_characters_of(text), " "]):
        if character.isspace():
            if word:
                yield number, *start, word
            word = ""
            continue
        if not word:
            raw.FPDFText_GetCharOrigin(text, place, x, y)
            start = (x.value, height - y.value)
        word += character


def _characters_of(text: pypdfium2.PdfTextPage) -> Iterator[str]:
    """Every character, with the spaces that lie between words."""
    return (chr(raw.FPDFText_GetUnicode(text, place)) for place in range(text.count_chars()))


def random_letters(name: str, profile: str) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """A letter in each of its variants: its template, and words that are the same each time."""
    chance = random.Random(f"{name} {profile}")  # noqa: S311  # nothing secret: other lengths
    docx = apply_profile(apply_logo(LETTERS[name].template.read_bytes(), None, ""), profile)
    for variant in LETTERS[name].variants:
        yield f"{name} {variant} {profile}", docx, _random_values(name, variant, profile, chance)


def _random_values(name: str, variant: str, profile: str, chance: random.Random) -> dict[str, Any]:
    """The letter's words with names and addresses of other lengths, and tables of other heights."""
    values = example_values(LETTERS[name], variant)
    first, last = chance.choice(NAMES), "-".join(chance.sample(NAMES, chance.randint(1, 3)))
    values |= {"known_as": first, "pupil_name": f"{first} {last}", "salutation": f"Dear Ms {last}"}
    values |= address_values([*LONG_ADDRESS[: chance.randint(2, 5)], LONG_ADDRESS[-1]], profile)
    for word, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            values[word] = [dict(chance.choice(value)) for _ in range(chance.randint(1, 12))]
    return values


def set_here(typesetter: Typesetter, docx: bytes, values: dict[str, Any]) -> list[Seen]:
    """What one sees of a letter that is set here."""
    return seen_in(typesetter.set_tagged([CallWriter(translate(docx, typesetter.faces)).fill(values)]))


def print_by_office(converter: Converter, docx: bytes, values: dict[str, Any]) -> list[Seen]:
    """What one sees of a letter that LibreOffice prints."""
    word = LetterTemplate.open(docx, "letter.docx").fill(values)
    return seen_in(letter_to_pdf(converter, Document("letter.docx", DOCX, word)).content)


def figures_of(seen: list[Seen]) -> Figures:
    """A letter in figures: its words and, of each page, where its lines stand and how many words each has."""
    words = "\n".join(sorted(text for *_, text in seen))
    digest = hashlib.blake2b(words.encode(), digest_size=6).hexdigest()
    pages = [_lines_of([y for at, _, y, _ in seen if at == page]) for page in range(1, seen[-1][0] + 1)]
    return {"words": digest, "pages": pages}


def _lines_of(base_lines: list[float]) -> list[list[float]]:
    lines: list[list[float]] = []
    for y in sorted(base_lines):
        if lines and y - lines[-1][0] < SAME_LINE:
            lines[-1][1] += 1
        else:
            lines.append([round(y, 1), 1])
    return lines


def tears_what_is_kept_together(ours: list[Seen], theirs: list[Seen]) -> bool:
    """Whether LibreOffice has left lines on the first page that are to be kept with the signature on the second.

    Word keeps them together, and so do we.
    """
    second = [" ".join(text for page, *_, text in seen if page == 2) for seen in (ours, theirs)]
    more = second[0].removesuffix(second[1])
    return ours[-1][0] == 2 and more != second[0] and 0 < len(more.split()) < 80


def main() -> None:
    """Write the figures of every letter."""
    printed: dict[str, Figures] = {}
    with closing(Typesetter()) as typesetter, closing(Converter(ConverterSettings())) as converter:
        for profile in PROFILES:
            for name in LETTERS:
                for key, docx, values in random_letters(name, profile):
                    theirs = print_by_office(converter, docx, values)
                    torn = tears_what_is_kept_together(set_here(typesetter, docx, values), theirs)
                    printed[key] = figures_of(theirs) | ({"torn": True} if torn else {})
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(figures)}" for key, figures in printed.items())
    PRINTED.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    sys.stdout.write(f"{len(printed)} letters in {PRINTED}\n")


if __name__ == "__main__":
    main()

"""Names in every script that the fonts of this machine draw, and from right to left."""

from __future__ import annotations

import io
import random
import re
import subprocess
import unicodedata

import pytest
from pypdf import PdfReader

from service.printing.typeset.letter_call import CallWriter
from tests.printing.typeset.setting import translated
from tests.word.letter_making import paragraph

SCRIPTS = {
    "Polish": "Łukasz Brzęczyszczykiewicz",
    "Welsh": "Siân Llŷr",
    "Greek": "Ελένη Παππά",
    "Cyrillic": "Олена Шевченко",
    "Vietnamese": "Nguyễn Thị Phương",
    "Chinese": "王小明",
    "Thai": "สมชาย",
    "Hebrew": "דוד כהן",
    "Arabic": "محمد الحسن",
    "Urdu": "عائشہ خان",
    "Bengali": "রহিমা",
    "Punjabi": "ਗੁਰਪ੍ਰੀਤ",
    "Gujarati": "પટેલ",
    "Tamil": "தமிழ்",
}
RIGHT_TO_LEFT = "אבגדהוזחטיכלמנסעפצקרשת ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
MIXED = RIGHT_TO_LEFT + "abcXYZ 0123456789 .,;:-()'\"/áéłžñ \u0301\u05b8\u064e"


@pytest.fixture(scope="module")
def writer(typesetter) -> CallWriter:
    return CallWriter(translated(typesetter, paragraph("Name: {{ name }}, 8B") + paragraph("{{ name }}")))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_is_drawn_with_every_character(typesetter, writer, script) -> None:
    name = SCRIPTS[script]
    if typesetter.faces.undrawable(name):
        pytest.skip("no font of this machine draws it")
    pdf = typesetter.set_tagged([writer.fill({"name": name})])
    shown = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    found = {character for character in unicodedata.normalize("NFKC", shown) if character.isalpha()}
    assert {one for one in unicodedata.normalize("NFKC", name) if one.isalpha()} <= found


@pytest.mark.parametrize("name", ["محمد الحسن", "דוד כהן"])
def test_words_from_right_to_left_turn_nothing_else_round(typesetter, writer, name) -> None:
    pdf = typesetter.set_tagged([writer.fill({"name": f"{name}\u200e"})])  # as letters are filled
    shown = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    words = re.findall(r'<word xMin="(\S+)" yMin="\S+" xMax="(\S+)" yMax="\S+">(.*?)</word>', shown)
    first, group = words[0], next(word for word in words if word[2].strip("\u200e") == "8B")
    assert first[2] == "Name:"
    assert all(float(first[0]) <= float(word[0]) <= float(group[0]) for word in words[: words.index(group)])


def test_three_thousand_mixtures_of_directions_are_all_set(typesetter, writer) -> None:
    chance = random.Random(20261125)
    names = ["".join(chance.choices(MIXED, k=chance.randint(1, 24))) for _ in range(3000)]
    pages = 0
    for start in range(0, len(names), 100):
        calls = [writer.fill({"name": name}) for name in names[start : start + 100]]
        pages += len(PdfReader(io.BytesIO(typesetter.set_to_print(calls))).pages)
    assert pages == len(names)


def test_a_character_that_no_font_draws_is_named_before_anything_is_set(typesetter) -> None:
    faces = typesetter.faces
    assert faces.undrawable("Robin Ash £5 ‘ok’") == ()
    assert faces.undrawable("Robin\U000fff00 \u16a0\u16a0") == (
        "U+FFF00 UNNAMED CHARACTER",
        "U+16A0 RUNIC LETTER FEHU FEOH FE F",
    )


def test_a_letter_and_its_mark_have_to_be_in_one_face(typesetter) -> None:
    faces = typesetter.faces
    assert faces.undrawable("e\u0301") == ()
    assert faces.undrawable("\u05d0\u0985\u0301") == ("U+0301 COMBINING ACUTE ACCENT",)


def test_what_has_passed_is_never_refused_by_the_typesetting(typesetter, writer) -> None:
    chance = random.Random(7)
    blocks = [range(0x20, 0x7F), range(0xA0, 0x250), range(0x370, 0x530), range(0x590, 0x700), range(0x900, 0xD00)]
    blocks += [range(0x300, 0x340), range(0x1E00, 0x2000), range(0x2010, 0x2028), range(0x4E00, 0x4F00)]
    names = []
    while len(names) < 200:
        block = chance.choice(blocks)
        name = "".join(chr(chance.choice(block)) for _ in range(8))
        if "Cn" not in map(unicodedata.category, name) and not typesetter.faces.undrawable(name):
            names.append(name)
    for name in names:  # PDF/UA refuses what is drawn as a box
        assert typesetter.set_tagged([writer.fill({"name": name})]).startswith(b"%PDF")

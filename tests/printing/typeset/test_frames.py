"""Words that are too long for their frame are held back, and never printed over one another."""

from __future__ import annotations

from itertools import groupby

import pypdfium2
import pytest

from builders.letters.look import LONG_ADDRESS
from builders.letters.shelf import example_values, read_letters
from service.errors import ConversionError
from service.letters.profile import PROFILES, apply_profile
from service.printing.typeset.letter_call import CallWriter
from service.printing.typeset.translate.translate import translate
from service.printing.typeset.typesetter import Typesetter
from tests.printing.typeset.setting import call_of
from tests.word.letter_making import paragraph

DOTS = 4  # a point
FRAME = (
    '<w:framePr w:w="4535" w:h="1332" w:hRule="exact" w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:x="1134"'
    ' w:y="60"/><w:spacing w:line="260" w:lineRule="exact"/>'
)
LEFT, TOP, RIGHT = 1134 / 20, 60 / 20, (1134 + 4535) / 20
FIT = 5  # lines of 13 points in 66.6
ADDRESS = (paragraph("{%p for line in lines %}"), paragraph("{{ line }}", properties=FRAME), paragraph("{%p endfor %}"))


def bands_of_ink(pdf: bytes, to: float = 200) -> int:
    """How many lines one sees from the frame's top down to some height, each with white above and below it."""
    with pypdfium2.PdfDocument(pdf) as opened:
        picture = opened[0].render(scale=DOTS).to_pil().convert("L")
    area = picture.crop((int(LEFT * DOTS), int(TOP * DOTS), int(RIGHT * DOTS), int(to * DOTS)))
    rows = [min(area.crop((0, row, area.width, row + 1)).tobytes()) < 128 for row in range(area.height)]
    return sum(is_ink for is_ink, _ in groupby(rows))


@pytest.mark.parametrize("count", range(1, FIT + 1))
def test_each_line_that_fits_stands_by_itself(typesetter: Typesetter, count: int) -> None:
    letter = call_of(typesetter, "".join(ADDRESS), {"lines": ["HHHH"] * count})
    assert bands_of_ink(typesetter.set_tagged([letter])) == count


def test_the_space_below_the_last_line_needs_no_room(typesetter: Typesetter) -> None:
    spaced = "".join(ADDRESS).replace("<w:spacing ", '<w:spacing w:after="200" ')  # 59 points, and 10 below
    assert bands_of_ink(typesetter.set_tagged([call_of(typesetter, spaced, {"lines": ["HHHH"] * 3})])) == 3
    with pytest.raises(ConversionError):
        typesetter.set_tagged([call_of(typesetter, spaced, {"lines": ["HHHH"] * 4})])


@pytest.mark.parametrize("lines", [["HHHH"] * (FIT + 1), ["HHHH"] * 40, ["H" * 10 + " " + "H" * 25] * 3])
def test_what_does_not_fit_is_held_back_with_the_reason(typesetter: Typesetter, lines: list[str]) -> None:
    letter = call_of(typesetter, "".join(ADDRESS), {"lines": lines})
    for make in (typesetter.set_tagged, typesetter.set_to_print):
        with pytest.raises(ConversionError) as error:
            make([letter])
        assert [problem.code for problem in error.value.problems] == ["frame-too-small"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_letter_without_a_setting_of_its_address_shows_every_line_or_is_held_back(typesetter, profile: str) -> None:
    letter = next(iter(read_letters().values()))
    writer = CallWriter(translate(apply_profile(letter.template.read_bytes(), profile), typesetter.faces))
    values = example_values(letter, letter.variants[0]) | {"address_setting": ""}
    shown, held = [], set()
    for count in range(2, 9):
        lines = [*LONG_ADDRESS, "Netherford"][:count]
        try:
            pdf = typesetter.set_tagged([writer.fill(values | {"address_lines": lines})])
        except ConversionError as error:
            held |= {problem.code for problem in error.problems}
            continue
        text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        assert all(line in text for line in lines)
        shown.append(count)
    assert held == {"frame-too-small"}
    assert shown == list(range(2, shown[-1] + 1))
    assert 4 <= shown[-1] < 8

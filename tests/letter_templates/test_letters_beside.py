"""Pictures of letters beside LibreOffice's: what lies elsewhere is told, and every pair is on a sheet."""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageDraw

from builders.letters.beside import CAPTION, GAP, NAMES, Pair, all_pairs, make_sheet, values_with
from builders.letters.shelf import read_letters


def page(*marks: tuple[int, int]) -> Image.Image:
    drawn = Image.new("RGB", (60, 80), "white")
    for x, y in marks:
        ImageDraw.Draw(drawn).rectangle((x, y, x + 9, y + 9), fill="black")
    return drawn


def test_ink_counts_where_the_other_has_none_next_to_it() -> None:
    assert Pair("", page((10, 10)), page((10, 10))).elsewhere == 0
    assert Pair("", page((10, 10)), page((12, 11))).elsewhere == 0
    assert Pair("", page((10, 10)), page((40, 60))).elsewhere == 1
    assert Pair("", page((10, 10), (40, 60)), page((10, 10))).elsewhere == 100 / 300
    assert Pair("", page(), page()).elsewhere == 0


def test_a_sheet_has_ours_to_the_left_of_theirs(tmp_path) -> None:
    make_sheet([Pair("one", page((10, 10)), page()), Pair("two", page(), page((40, 60)))], tmp_path / "sheet.png")
    sheet = Image.open(tmp_path / "sheet.png")
    wide = 2 * 60 + 2 * GAP
    assert sheet.size == (3 * wide, 80 + CAPTION + GAP)
    assert sheet.getpixel((15, CAPTION + 15)) == (0, 0, 0)
    assert sheet.getpixel((wide + 60 + GAP // 2 + 45, CAPTION + 65)) == (0, 0, 0)
    assert sheet.getpixel((wide + 45, CAPTION + 65)) == (255, 255, 255)


def test_every_kind_of_names_fits_an_address_of_seven_lines() -> None:
    letter = read_letters()["letter_1"]
    for names, (given, last) in NAMES.items():
        values = values_with(letter, "", names, "dl")
        assert len(values["address_lines"]) == 7
        assert last in values["address_lines"][0]
        assert given in values["pupil_name"]


def test_a_logo_is_at_one_place_of_both_pages() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (300, 100), "red").save(picture, "PNG")
    letter = read_letters()["letter_1"]
    for profile in ("dl", "notify"):
        with_logo = next(all_pairs(["longest"], [letter], profile, 60, picture.getvalue()))
        places = [red_box(page) for page in (with_logo.ours, with_logo.theirs)]
        assert all(abs(ours - theirs) <= 1 for ours, theirs in zip(*places, strict=True))
        assert places[0][2] - places[0][0] > 100


def red_box(page: Image.Image) -> tuple[int, int, int, int]:
    red, green, _ = page.split()
    box = ImageChops.subtract(red, green).point(lambda dot: 255 * (dot > 200)).getbbox()
    assert box
    return box

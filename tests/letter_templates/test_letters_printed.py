"""What the letters look like on paper, as LibreOffice sets them."""

from __future__ import annotations

import random
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from builders.letters.filling import fill_template
from builders.letters.look import LONG_ADDRESS, address_values
from builders.letters.shelf import example_values, read_letters
from service.letters.address_window import fit_address
from service.letters.profile import apply_profile
from service.word.logo import apply_logo

LETTERS = read_letters()
# Millimetres from the left and top of the page: the box that the address must stand in, and the zone where nothing
# else may (domain: a DL window that the folded sheet slides in; GOV.UK Notify's letter specification).
BOX = {"dl": (20, 57, 100, 81), "notify": (24.6, 39.5, 120, 66.3)}
ZONE = {"dl": (10, 46, 110, 92), "notify": (24.6, 39.5, 120, 66.3)}
BODY_FROM = {"dl": 92, "notify": 95}
SIDE = {"dl": 20, "notify": 15}
MILLIMETRES = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Word:
    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str

    def inside(self, left: float, top: float, right: float, bottom: float) -> bool:
        return self.left >= left and self.top >= top and self.right <= right and self.bottom <= bottom

    def touches(self, left: float, top: float, right: float, bottom: float) -> bool:
        return self.left < right and self.right > left and self.top < bottom and self.bottom > top


def print_letters(files: list[Path], folder: Path) -> None:
    profile = f"-env:UserInstallation=file://{folder}/office"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def read_words(pdf: Path) -> list[Word]:
    shown = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True).stdout
    pattern = r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)</word>'
    return [
        Word(page, *(float(number) * MILLIMETRES for number in found[:4]), found[4])
        for page, part in enumerate(shown.split("<page ")[1:], 1)
        for found in re.findall(pattern, part)
    ]


def said(words: list[Word]) -> str:
    return " ".join(word.text for word in words)


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> dict[tuple[str, str], list[Word]]:
    """The words of every letter of every policy under each profile, with an address of seven lines."""
    folder, files = tmp_path_factory.mktemp("printed"), {}
    for name, letter in LETTERS.items():
        for profile in BOX:
            template = apply_logo(apply_profile(letter.template.read_bytes(), profile), None, "")
            files[name, profile] = folder / f"{name.replace('/', '-')}-{profile}.docx"
            values = example_values(letter) | address_values(LONG_ADDRESS, profile)
            files[name, profile].write_bytes(fill_template(template, values))
    print_letters(list(files.values()), folder)
    return {key: read_words(file.with_suffix(".pdf")) for key, file in files.items()}


def print_every_letter(folder: Path, **words: str) -> dict[str, list[Word]]:
    """The words of every letter and variant, filled with the example values but for some."""
    files = {}
    for letter in LETTERS.values():
        for variant in letter.variants:
            name = ".".join(filter(None, (letter.name.replace("/", "."), variant)))
            files[name] = folder / f"{name}.docx"
            values = example_values(letter, variant) | words
            files[name].write_bytes(fill_template(letter.template.read_bytes(), values))
    print_letters(list(files.values()), folder)
    return {name: read_words(file.with_name(f"{name}.pdf")) for name, file in files.items()}


@pytest.fixture(scope="module")
def every_letter(tmp_path_factory) -> dict[str, list[Word]]:
    """The words of every letter as it is without a personal sentence."""
    return print_every_letter(tmp_path_factory.mktemp("every"), personal_sentence="")


@pytest.fixture(scope="module")
def with_sentence(tmp_path_factory) -> dict[str, list[Word]]:
    """The words of every letter with a personal sentence."""
    return print_every_letter(tmp_path_factory.mktemp("sentence"))


@pytest.mark.parametrize("profile", BOX)
@pytest.mark.parametrize("name", LETTERS)
def test_seven_lines_of_address_stand_in_the_window_and_nothing_else_does(printed, name, profile) -> None:
    words = [word for word in printed[name, profile] if word.page == 1]
    address = [word for word in words if word.touches(*ZONE[profile])]
    assert said(address) == " ".join(address_values(LONG_ADDRESS, profile)["address_lines"])
    assert all(word.inside(*BOX[profile]) for word in address)


def long_addresses(profile: str, count: int) -> list[tuple[str, ...]]:
    """Names and addresses of every length that are said to fit the window, with the same seed every time."""
    chosen, found = random.Random(7), []
    parts = ("Flat 17", "Oluwaseun", "Adebayo-Fotheringham", "the Old Brewery", "Wolverhampton", "MMW", "Zażółć", "Row")
    while len(found) < count:
        name, *lines = (" ".join(chosen.choices(parts, k=chosen.randint(1, 4))) for _ in range(chosen.randint(2, 6)))
        fitted = fit_address(name, lines, "ZE8 4QT", profile)
        if fitted is not None:
            found.append((name, *fitted, "ZE8 4QT"))
    return found


@pytest.mark.parametrize("profile", BOX)
def test_every_address_that_is_said_to_fit_stands_in_the_window(tmp_path, profile) -> None:
    template = apply_logo(apply_profile(LETTERS["letter_1"].template.read_bytes(), profile), None, "")
    addresses = long_addresses(profile, 40)
    files = [tmp_path / f"{number}.docx" for number in range(len(addresses))]
    for file, lines in zip(files, addresses, strict=True):
        values = example_values(LETTERS["letter_1"]) | address_values(list(lines), profile)
        file.write_bytes(fill_template(template, values))
    print_letters(files, tmp_path)
    for file, lines in zip(files, addresses, strict=True):
        address = [word for word in read_words(file.with_suffix(".pdf")) if word.touches(*ZONE[profile])]
        assert "".join(word.text for word in address) == "".join(lines).replace(" ", "")  # broken at hyphens too
        assert all(word.inside(*BOX[profile]) for word in address), lines


@pytest.mark.parametrize("profile", BOX)
@pytest.mark.parametrize("name", LETTERS)
def test_the_letter_begins_below_the_window_and_keeps_its_margins(printed, name, profile) -> None:
    words = printed[name, profile]
    first = next(word for word in words if word.text == "Private")
    assert BODY_FROM[profile] <= first.top <= BODY_FROM[profile] + 3
    assert all(word.inside(SIDE[profile] - 0.1, 5, 210.1 - SIDE[profile], 292) for word in words)


@pytest.mark.parametrize("profile", BOX)
@pytest.mark.parametrize("name", LETTERS)
def test_only_the_first_page_has_a_letterhead_and_every_page_its_number(printed, name, profile) -> None:
    words = printed[name, profile]
    pages = max(word.page for word in words)
    for page in range(1, pages + 1):
        text = said([word for word in words if word.page == page])
        assert text.count(f"Page {page} of {pages} · Reference AL-7K3Q-0412") == 1
        assert ("Telephone" in text) == (page == 1)


def test_every_letter_fits_one_page_and_the_notice_two(every_letter) -> None:
    pages = {name: max(word.page for word in words) for name, words in every_letter.items()}
    assert {name: count for name, count in pages.items() if count > 1} == {"notice_to_improve": 2}


def test_only_the_longest_letters_need_another_page_for_a_personal_sentence(with_sentence) -> None:
    pages = {name: max(word.page for word in words) for name, words in with_sentence.items()}
    assert {name for name, count in pages.items() if count > 1} == {
        *("notice_to_improve", "enforcement_letter_2", "enforcement_letter_3")
    }
    assert max(pages.values()) == 2


def test_the_signature_never_stands_without_text_on_its_page(every_letter, with_sentence) -> None:
    for name, words in [*every_letter.items(), *with_sentence.items()]:
        last = [word for word in words if word.page == words[-1].page]
        assert said(last).index("Mr D Okonkwo") > 80, name

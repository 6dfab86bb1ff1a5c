"""Makes pictures of every letter as it is set here, beside LibreOffice's: with the longest names, and in six scripts.

python -m builders.letters.beside FOLDER [--profile dl or notify] [--names hebrew] [--letters primary/letter_2]
    [--logo FILE]

Six pairs stand on a sheet, ours to the left. It tells of each letter how much of its ink lies elsewhere than
LibreOffice's, the most first: look at all, and at those longest. What is drawn by other fonts differs most.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, Final

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from builders.letters.look import LONG_ADDRESS, address_values
from builders.letters.shelf import Letter, example_values, read_letters
from service.letters.profile import PROFILES, apply_profile
from service.printing.office.converter import Converter, ConverterSettings
from service.printing.to_pdf import letter_to_pdf
from service.printing.typeset.letter_call import CallWriter
from service.printing.typeset.translate.translate import translate
from service.printing.typeset.typesetter import Typesetter
from service.word.document import DOCX, Document
from service.word.filling.template import LetterTemplate
from service.word.logo import apply_logo

NAMES: Final = {
    "longest": ("Wilhelmina-Oluwaseun Anastasia", "Krzysztofowicz-Featherstonehaugh"),
    "latin": ("Łukasz Siân Thị", "Nguyễn-Brzęczyszczykiewicz"),
    "cyrillic": ("Олена Ελένη", "Шевченко-Παππά"),
    "arabic": ("عائشہ محمد", "الحسن خان"),
    "hebrew": ("דוד משה", "כהן לוי"),
    "bengali": ("রহিমা ফাতেমা", "বেগম চৌধুরী"),
    "chinese": ("小明", "王"),
}
MARK: Final = "\u200e"  # as the service ends words from right to left
PAIRS, IN_A_ROW, GAP, CAPTION = 6, 3, 4, 14
INK: Final = 128
LOGO: Final = "School logo"


@dataclass(frozen=True, slots=True)
class Pair:
    """A page of a letter as it is set here and as LibreOffice prints it; white where one has no such page."""

    caption: str
    ours: Image.Image
    theirs: Image.Image

    @property
    def elsewhere(self) -> float:
        """The share of the ink of one that has none of the other's next to it."""
        ink = [page.convert("L").point(lambda dot: 255 * (dot < INK)) for page in (self.ours, self.theirs)]
        near = [one.filter(ImageFilter.MaxFilter(5)) for one in ink]
        alone = [
            ImageChops.subtract(one, other).histogram()[255] for one, other in zip(ink, reversed(near), strict=True)
        ]
        return sum(alone) / max(sum(one.histogram()[255] for one in ink), 1)


def values_with(letter: Letter, variant: str, names: str, profile: str) -> dict[str, Any]:
    """The example's words, with these names for the pupil and the parent and an address of seven lines."""
    given, last = NAMES[names]
    parent = f"Ms {last}{MARK}"
    values = example_values(letter, variant)
    values |= {"known_as": f"{given}{MARK}", "pupil_name": f"{given} {last}{MARK}", "salutation": f"Dear {parent}"}
    return values | address_values([parent, *LONG_ADDRESS[1:]], profile)


def set_both(docx: bytes, values: dict[str, Any], typesetter: Typesetter, office: Converter) -> tuple[bytes, bytes]:
    """The letter as PDF by either way."""
    ours = typesetter.set_tagged([CallWriter(translate(docx, typesetter.faces)).fill(values)])
    word = LetterTemplate.open(docx, "letter.docx").fill(values)
    return ours, letter_to_pdf(office, Document("letter.docx", DOCX, word)).content


def draw(pdf: bytes, dots: int) -> list[Image.Image]:
    """The pages of a PDF."""
    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        return [page.render(scale=dots / 72).to_pil().convert("RGB") for page in opened]


def all_pairs(
    names: list[str], letters: list[Letter], profile: str, dots: int, logo: bytes | None = None
) -> Iterator[Pair]:
    """Every page of every letter in each of its variants, with each of these names."""
    with closing(Typesetter()) as typesetter, closing(Converter(ConverterSettings())) as office:
        for name in names:
            for letter in letters:
                docx = apply_profile(apply_logo(letter.template.read_bytes(), logo, LOGO), profile)
                for variant in letter.variants:
                    pdfs = set_both(docx, values_with(letter, variant, name, profile), typesetter, office)
                    pages = list(zip_longest(*(draw(pdf, dots) for pdf in pdfs)))
                    white = Image.new("RGB", next(page for page in pages[0] if page).size, "white")
                    for number, (ours, theirs) in enumerate(pages, 1):
                        caption = f"{name}: {letter.name} {variant}, page {number} of {len(pages)}"
                        yield Pair(caption, ours or white, theirs or white)


def make_sheet(pairs: list[Pair], file: Path) -> None:
    """A picture of a few pairs, each with what it is above it."""
    width, height = (max(sizes) for sizes in zip(*(pair.ours.size for pair in pairs), strict=True))
    wide, high = 2 * width + 2 * GAP, height + CAPTION + GAP
    sheet = Image.new("RGB", (IN_A_ROW * wide, -(-len(pairs) // IN_A_ROW) * high), "grey")
    pen = ImageDraw.Draw(sheet)
    for place, pair in enumerate(pairs):
        x, y = place % IN_A_ROW * wide, place // IN_A_ROW * high
        pen.text((x + GAP, y + 1), pair.caption, fill="white")
        sheet.paste(pair.ours, (x, y + CAPTION))
        sheet.paste(pair.theirs, (x + width + GAP // 2, y + CAPTION))
    sheet.save(file)


def write_sheets(pairs: Iterator[Pair], folder: Path) -> list[tuple[float, str]]:
    """All pairs on sheets; how much of each lies elsewhere, and its caption. Sheets of an earlier look are removed."""
    for old in folder.glob("sheet-*.png"):
        old.unlink()
    told: list[tuple[float, str]] = []
    while some := list(islice(pairs, PAIRS)):
        make_sheet(some, folder / f"sheet-{len(told) // PAIRS:02}.png")
        told += ((pair.elsewhere, pair.caption) for pair in some)
    return told


def main() -> None:
    """Draws what the command line asks for."""
    letters = read_letters()
    parser = argparse.ArgumentParser(description="Makes pictures of letters beside LibreOffice's.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="dl")
    parser.add_argument("--names", nargs="*", choices=NAMES, default=list(NAMES))
    parser.add_argument("--letters", nargs="*", choices=letters, default=list(letters))
    parser.add_argument("--logo", type=Path, help="a PNG or JPEG for the letterhead")
    parser.add_argument("--dots", type=int, default=52, help="dots per inch")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    logo = asked.logo.read_bytes() if asked.logo else None
    pairs = all_pairs(asked.names, [letters[name] for name in asked.letters], asked.profile, asked.dots, logo)
    told = write_sheets(pairs, asked.folder)
    for share, caption in sorted(told, reverse=True):
        sys.stdout.write(f"{share:7.1%} {caption}\n")
    sys.stdout.write(f"{len(told)} pages on the sheets in {asked.folder}\n")


if __name__ == "__main__":
    main()

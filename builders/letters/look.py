"""Makes pictures of all letters, filled with the example values, and one sheet with all of them.

python -m builders.letters.look FOLDER [--profile dl or notify] [--lines 7]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from PIL import Image

from builders.letters.filling import fill_template
from builders.letters.shelf import example_values, read_letters
from service.letters.address_window import choose_setting, fit_address
from service.letters.profile import PROFILES, apply_profile
from service.word.logo import apply_logo

COLUMNS = 6
LONG_ADDRESS = ["Mrs Samira Khan", "Flat 12", "Canal View House", "14 Mill Lane", "Heaton", "BRADFORD", "BD9 4QX"]


def fill_all(folder: Path, profile: str, lines: int, logo: bytes | None) -> list[Path]:
    """Writes every letter and variant into the folder as a DOCX."""
    files = []
    for letter in read_letters().values():
        template = apply_logo(apply_profile(letter.template.read_bytes(), profile), logo, "School logo")
        for variant in letter.variants:
            values = example_values(letter, variant)
            values |= address_values([*LONG_ADDRESS[: lines - 1], LONG_ADDRESS[-1]], profile)
            name = "-".join(filter(None, (letter.name.replace("/", "-"), variant)))
            files.append(folder / f"{name}.docx")
            files[-1].write_bytes(fill_template(template, values))
    return files


def address_values(lines: list[str], profile: str) -> dict[str, object]:
    """The words of an address, as the service would give them."""
    fitted = fit_address(lines[0], lines[1:-1], lines[-1], profile)
    if fitted is None:
        raise ValueError("This address does not fit the window.")
    shown = [lines[0], *fitted, lines[-1]]
    return {"address_lines": shown, "address_setting": choose_setting(shown, profile)}


def draw_pages(files: list[Path], folder: Path, dots: int) -> list[Path]:
    """The pages of these documents as PNG files, in order; pictures of an earlier look are removed."""
    for old in folder.glob("*.png"):
        old.unlink()
    profile = f"-env:UserInstallation=file://{folder.resolve()}/office"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
    subprocess.run(convert, check=True, capture_output=True, timeout=300)  # noqa: S603
    for file in files:
        pdf = file.with_suffix(".pdf")
        subprocess.run(["pdftoppm", "-png", "-r", str(dots), str(pdf), str(pdf.with_suffix(""))], check=True)  # noqa: S603, S607
    return sorted(folder.glob("*-[0-9].png"))


def make_sheet(pages: list[Path], sheet: Path) -> None:
    """One picture with all pages, six in a row."""
    pictures = [Image.open(page).convert("RGB") for page in pages]
    width, height = (max(sizes) for sizes in zip(*(picture.size for picture in pictures), strict=True))
    rows = -(-len(pictures) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * (width + 8), rows * (height + 8)), "grey")
    for number, picture in enumerate(pictures):
        whole.paste(picture, (number % COLUMNS * (width + 8) + 4, number // COLUMNS * (height + 8) + 4))
    whole.save(sheet)


def main() -> None:
    """Draws what the command line asks for."""
    parser = argparse.ArgumentParser(description="Makes pictures of all letters.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="dl")
    parser.add_argument("--lines", type=int, choices=range(3, 8), default=5, help="lines of the address")
    parser.add_argument("--logo", type=Path, help="a PNG or JPEG for the letterhead")
    parser.add_argument("--dots", type=int, default=60, help="dots per inch")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    logo = asked.logo.read_bytes() if asked.logo else None
    pages = draw_pages(fill_all(asked.folder, asked.profile, asked.lines, logo), asked.folder, asked.dots)
    make_sheet(pages, asked.folder / "sheet.png")
    sys.stdout.write(f"{len(pages)} pages on {asked.folder / 'sheet.png'}\n")


if __name__ == "__main__":
    main()

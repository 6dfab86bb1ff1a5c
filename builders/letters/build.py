"""Builds every letter template from its wording.

python -m builders.letters.build            writes the DOCX files
python -m builders.letters.build --golden   writes them and the texts in tests/golden/letters
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from builders.letters.filling import fill_message, fill_template
from builders.letters.shelf import ROOT, Letter, example_values, least_values, other_values, read_letters
from builders.letters.template import write_template
from builders.letters.text import read_text
from builders.letters.wording import read_wording
from service.word.logo import apply_logo

GOLDEN = ROOT.parent / "tests" / "golden" / "letters"
MESSAGE = ROOT / "attendance_message.txt"


def build_letter(letter: Letter) -> bytes:
    """The DOCX of one letter, the same bytes each time."""
    return write_template(read_wording(letter.wording), letter.settings["title"])


def golden_texts() -> dict[str, str]:
    """What every letter says, by its golden file: with every word, with every flag the other way, with few words."""
    texts = {"attendance_message.txt": fill_message(MESSAGE.read_text(encoding="utf-8"), _message_values()) + "\n"}
    for letter in read_letters().values():
        template = apply_logo(build_letter(letter), None, "")
        for variant in letter.variants:
            name = ".".join(filter(None, (letter.name.replace("/", "."), variant, "txt")))
            full = read_text(fill_template(template, example_values(letter, variant)))
            other = read_text(fill_template(template, other_values(letter, variant)))
            least = read_text(fill_template(template, least_values(letter, variant)))
            texts[name] = f"== every word known ==\n{full}\n== every flag the other way ==\n{other}"
            texts[name] += f"\n== as few words as possible ==\n{least}"
    return texts


def _message_values() -> dict[str, object]:
    return example_values(Letter("attendance_message", {"sender_role": "", "variants": [], "needs": []}))


def _write_golden(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    texts = golden_texts()
    for old in folder.glob("*.txt"):
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(texts)} texts in {folder}\n")


def main() -> None:
    """Builds what the command line asks for."""
    parser = argparse.ArgumentParser(description="Builds every letter template from its wording.")
    parser.add_argument("--golden", action="store_true", help="write the texts that the tests compare, too")
    golden = parser.parse_args().golden
    letters = read_letters()
    for letter in letters.values():
        letter.template.write_bytes(build_letter(letter))
    sys.stdout.write(f"{len(letters)} templates in {ROOT}\n")
    if golden:
        _write_golden(GOLDEN)


if __name__ == "__main__":
    main()

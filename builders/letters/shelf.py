"""The letters with their settings and wording, and the words they can use."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2] / "letter_templates"
WORDING = ROOT / "wording"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: its name ("primary/letter_2") and its settings."""

    name: str
    settings: dict[str, Any]

    @property
    def wording(self) -> Path:
        return WORDING / f"{self.name}.md"

    @property
    def template(self) -> Path:
        return ROOT / f"{self.name}.docx"

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the letter's wordings; one empty name where it has a single one."""
        return tuple(self.settings["variants"]) or ("",)


def read_letters() -> dict[str, Letter]:
    """Every letter that has a wording, by its name."""
    names = sorted(path.relative_to(WORDING).with_suffix("").as_posix() for path in WORDING.rglob("*.md"))
    return {name: Letter(name, tomllib.loads((ROOT / f"{name}.toml").read_text(encoding="utf-8"))) for name in names}


def read_fields() -> dict[str, dict[str, Any]]:
    """The vocabulary of fields.toml."""
    return tomllib.loads((ROOT / "fields.toml").read_text(encoding="utf-8"))


def example_values(letter: Letter, variant: str = "") -> dict[str, Any]:
    """The example value of every word, with this wording of the letter."""
    values = {word: field["example"] for word, field in read_fields().items()}
    role = {"sender_role": letter.settings["sender_role"]}
    return values | role | ({"variant": variant} if variant else {})


def other_values(letter: Letter, variant: str = "") -> dict[str, Any]:
    """The example values with every flag the other way, and attendance to suit; what a letter needs stays."""
    values = example_values(letter, variant)
    flags = {word for word, field in read_fields().items() if field["type"] == "flag"} - set(letter.settings["needs"])
    above = {"attendance_percentage": "96.2%", "expected_level": "95%"}
    return values | {word: not values[word] for word in flags} | above


def least_values(letter: Letter, variant: str = "") -> dict[str, Any]:
    """The same with every optional word empty that this letter can do without, and every flag off that may be."""
    values = example_values(letter, variant)
    for word, field in read_fields().items():
        if field.get("optional") and word not in letter.settings["needs"]:
            values[word] = [] if field["type"] == "list" else ""
        elif field["type"] == "flag":
            values[word] = word in letter.settings["needs"] or word == "below_expected"
    return values

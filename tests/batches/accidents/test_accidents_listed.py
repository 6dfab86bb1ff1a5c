"""The guide's list of accidents names tests that are there, and every test of this room."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
ROOM = Path(__file__).parent.parent


def named() -> set[Path]:
    """The files of tests that the list names."""
    guide = (ROOT / "docs" / "many-machines.md").read_text(encoding="utf-8")
    listed = guide.split("## What may go wrong")[1].split("\n## ")[0]
    names = re.findall(r"`([\w/]+\.py)`", listed)
    return {ROOT / name if name.startswith("tests/") else ROOM / name for name in names}


def test_every_accident_of_the_guide_has_its_test_and_every_test_its_place_in_the_guide() -> None:
    assert [path for path in named() if not path.exists()] == []
    here = {path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)}
    assert here - named() == set()

"""The README's tables of figures: each between two marks, with the day and the machine."""

from __future__ import annotations

import os
import platform
import re
from datetime import date
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def write_readme(mark: str, text: str, note: str = "") -> None:
    """Put figures into the README, in the place of those between the marks of that name."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    told = f"Measured on {date.today():%d %B %Y}, {machine}{note}:"
    block = f"<!-- {mark} -->\n{told}\n\n```text\n{text}\n```\n<!-- /{mark} -->"
    found = re.compile(f"<!-- {mark} -->.*?<!-- /{mark} -->", flags=re.DOTALL)
    README.write_text(found.sub(lambda _: block, README.read_text(encoding="utf-8")), encoding="utf-8")

"""The table of input columns in docs/input.md, made from the one list of headings.

Run `python -m builders.input_page` after a change of headings.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from service.cohort.columns.aliases import SHIPPED

PAGE = Path(__file__).parents[1] / "docs" / "input.md"
BEGIN, END = "<!-- columns: made by builders.input_page -->\n", "<!-- end of columns -->\n"


def columns_table() -> str:
    """Each word with the headings it is known by; those of a contact in a second table."""
    table: dict[str, Any] = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    contact = table.pop("contact")
    return "\n".join([*_table(table), "", "Of a contact:", "", *_table(contact), ""])


def _table(words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield "| word | headings |"
    yield "|---|---|"
    for word, headings in words.items():
        yield f"| `{word}` | {', '.join(heading or '(nothing more)' for heading in headings)} |"


def with_table(page: str) -> str:
    """A page with its table made anew. Raises ValueError when the page has no place for it."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError("The page has no place for the table of columns.")
    return f"{before}{BEGIN}\n{columns_table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

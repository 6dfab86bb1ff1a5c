"""The table of columns in docs/input.md, made from the list of headings that the service reads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from service.cohort.columns.aliases import MOST_CONTACTS, SHIPPED

PAGE = Path(__file__).resolve().parents[1] / "docs" / "input.md"
_TABLE = re.compile(r"(?<=<!-- columns -->\n).*?(?=<!-- /columns -->)", re.S)
_TITLES = {
    "upn": "Who the pupil is",
    "sessions_possible": "Figures of a summary",
    "date": "Marks",
    "on": "What was done, answers, calendar and meetings",
    "child_protection_plan": "What is known of a pupil: yes or no",
}
"""The first word of each part of the list, and what the part is called."""
_TOP = ("| word | headings |", "|---|---|")
_NUMBERED = (
    "Each of these stands by itself, or after `Contact`, `Parent`, `Carer` or `Guardian`, without a number or with one "
    f"from 1 to {MOST_CONTACTS}: `Contact 2 Surname` is `contact_2_last_name`. `Mother Address` and `Father Address` "
    "are known too."
)


def with_table(page: str) -> str:
    """The page with its table as the list of headings has it now."""
    return _TABLE.sub(lambda _: make_table(), page)


def make_table() -> str:
    """Every word with the headings it is known by, in the order of the list, a table a part."""
    listed = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    contact: Mapping[str, Sequence[str]] = listed.pop("contact")
    lines: list[str] = []
    for word, headings in listed.items():
        if word in _TITLES:
            lines += ["", f"### {_TITLES[word]}", "", *_TOP]
        lines.append(_row(word, headings))
    lines += ["", "### A contact", "", _NUMBERED, "", *_TOP]
    lines += [_row(f"contact_1_{part}", headings) for part, headings in contact.items()]
    return "\n".join([*lines, "", ""])


def _row(word: str, headings: Sequence[str]) -> str:
    return f"| `{word}` | {', '.join(heading for heading in headings if heading)} |"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

"""A letter's wording: a text file that anybody can read, as the blocks of a letter.

The file begins with headings (`Subject:`, `Closing:`, where needed `Enclosed:` and `Letterhead:`), then an empty line,
then the body: paragraphs parted by empty lines, `## ` for a heading, `- ` for a bullet, `|` for the rows of a table
(the first row is its heading; the dashes below it share out the width, and a colon after them sets a column of figures
to the right), `**` around bold words. A line that is only `{% … %}` holds the paragraphs, bullets or rows between it
and its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADINGS = {"Subject", "Closing", "Enclosed", "Letterhead"}
LETTERHEADS = {"school", "local authority"}


class WordingError(ValueError):
    """Raised when a wording file cannot be understood."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph and the name of its style; one that `is_kept` stands on the page of the next."""

    style: str
    text: str
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that stands alone: it holds whole paragraphs, or whole rows when it stands in a table."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row of a table."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its heading row, its rows and tags, each column's share of the width, and which hold figures."""

    heading: Row
    rows: tuple[Row | Tag, ...]
    shares: tuple[int, ...]
    figures: tuple[bool, ...]


Block = Paragraph | Tag | Table


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything one letter says, without the parts that all letters share."""

    subject: str
    closing: str
    enclosed: str
    letterhead: str
    blocks: tuple[Block, ...]


def read_wording(path: Path) -> Wording:
    """The letter in one wording file; a WordingError names the file and what is wrong."""
    top, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    headings = dict(_read_heading(path, line) for line in top.splitlines())
    if not {"Subject", "Closing"} <= headings.keys():
        raise WordingError(f'{path.name} needs the headings "Subject:" and "Closing:" above its first empty line.')
    letterhead = headings.get("Letterhead", "school")
    if letterhead not in LETTERHEADS:
        raise WordingError(f'{path.name}: "Letterhead: {letterhead}" is not known. Use one of {sorted(LETTERHEADS)}.')
    blocks = tuple(block for chunk in _chunks(body) for block in _read_blocks(path, chunk))
    return Wording(headings["Subject"], headings["Closing"], headings.get("Enclosed", ""), letterhead, blocks)


def _read_heading(path: Path, line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or name not in HEADINGS:
        raise WordingError(f'{path.name}: "{line}" is not one of the headings {sorted(HEADINGS)}.')
    return name, value.strip()


def _chunks(body: str) -> Iterator[list[str]]:
    for chunk in body.split("\n\n"):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        if lines:
            yield lines


def _read_blocks(path: Path, lines: list[str]) -> Iterator[Block]:
    """The blocks of one chunk: a table is always a chunk of its own."""
    if lines[0].startswith("|"):
        yield _read_table(path, lines)
        return
    text: list[str] = []
    for line in lines:
        starts = _is_tag(line) or line.startswith(("- ", "## "))
        if text and starts:
            yield _read_paragraph(text)
            text = []
        if _is_tag(line):
            yield Tag(line)
        else:
            text.append(line)
    if text:
        yield _read_paragraph(text)


def _is_tag(line: str) -> bool:
    return line.startswith("{%") and line.endswith("%}") and line.count("{%") == 1


def _read_paragraph(lines: list[str]) -> Paragraph:
    text = " ".join(lines)
    for mark, style in (("- ", "ListBullet"), ("## ", "SectionHeading")):
        if text.startswith(mark):
            return Paragraph(style, text.removeprefix(mark))
    return Paragraph("BodyText", text)


def _read_table(path: Path, lines: list[str]) -> Table:
    heading, dashes = _read_row(lines[0]), _read_row(lines[1]).cells
    shares, figures = tuple(map(len, dashes)), tuple(cell.endswith(":") for cell in dashes)
    rows = tuple(Tag(line) if _is_tag(line) else _read_row(line) for line in lines[2:])
    if any(isinstance(row, Row) and len(row.cells) != len(shares) for row in (heading, *rows)):
        raise WordingError(f"{path.name}: a row of the table under {lines[0]!r} does not have {len(shares)} cells.")
    return Table(heading, rows, shares, figures)


def _read_row(line: str) -> Row:
    return Row(tuple(cell.strip() for cell in line.strip("|").split("|")))

"""The index of a run, read as the words of its columns."""

from __future__ import annotations

import csv
from pathlib import Path

from service.batches.index import INDEX_COLUMNS


def read_index(folder: Path) -> list[dict[str, str]]:
    """The lines of a folder's index.csv, each by the words of its columns instead of their headings."""
    with (folder / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        headings = csv.reader(file)
        assert next(headings) == list(INDEX_COLUMNS.values())
        return [dict(zip(INDEX_COLUMNS, row, strict=True)) for row in headings]

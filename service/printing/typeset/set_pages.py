"""The pages of letters that were set together."""

from __future__ import annotations

import re
from typing import Final

from service.errors import ConversionError, Problem

KEYWORDS: Final = re.compile(rb"/Keywords\(([\d, ]+)\)")
PAGE_TREE: Final = b"/Type/Pages/Count "


def has_one_page(pdf: bytes) -> bool:
    """Whether the PDF certainly has a single page."""
    return pdf.count(PAGE_TREE) == 1 and PAGE_TREE + b"1/" in pdf


def find_starts(pdf: bytes, letters: int) -> list[int]:
    """The page, from 0, on which each letter starts and, last, how many pages there are.

    Raises ConversionError where they do not add up.
    """
    found = KEYWORDS.findall(pdf)
    pages = [int(page) for page in found[-1].split(b",")] if found else []
    starts = [page - 1 for page in pages[:-1]] + pages[-1:]
    if len(starts) != letters + 1 or starts[0] != 0 or starts != sorted(set(starts)):
        raise ConversionError(Problem("pages-do-not-add-up", "The pages of these letters could not be told apart."))
    return starts

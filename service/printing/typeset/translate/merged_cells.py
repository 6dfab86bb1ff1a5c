"""Cells of a table that are merged downwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.printing.typeset.translate.looks import is_on, measure_of
from service.printing.typeset.translate.tree import Control, Node
from service.word.parts import Element, w

Spans = dict[Element, int]
"""How many rows a merged cell reaches over; 0 for a cell that is part of the one above it."""


def find_spans(rows: Sequence[Node]) -> Spans:
    """The merged cells of rows that always stand one below the other, in a table's head or below it.

    Those that a condition or a loop comes between are left out.
    """
    spans: Spans = {}
    above: dict[int, Element] = {}  # by column: the cell that the next row may go on with
    was_head = False
    for row in rows:
        is_head = not isinstance(row, Control) and _is_head(row)
        if isinstance(row, Control) or is_head != was_head:
            above, was_head = {}, is_head
        if isinstance(row, Control):
            continue
        below = {}
        for column, cell in _cells(row):
            merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
            if merge is None:
                continue
            if merge.get(w("val")) == "restart":
                spans[cell], below[column] = 1, cell
            elif column in above:
                spans[cell], below[column] = 0, above[column]
                spans[above[column]] += 1
        above = below
    return spans


def _is_head(row: Element) -> bool:
    flag = row.find(f"{w('trPr')}/{w('tblHeader')}")
    return flag is not None and is_on(flag)


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    column = 0
    for cell in row.iterchildren(w("tc")):
        yield column, cell
        span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
        column += 1 if span is None else int(measure_of(span.get(w("val")), 1))

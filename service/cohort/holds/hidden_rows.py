"""Rows that somebody hid or filtered out of a workbook: left out, counted, and a reason to hold letters."""

from __future__ import annotations

from collections.abc import Sequence

from service.cohort.files import CohortFiles
from service.cohort.further_files import Parts
from service.cohort.sheet import Sheet


def leave_out_hidden(people: Sequence[Sheet], files: CohortFiles, parts: Parts) -> frozenset[str]:
    """Say how many rows of each table are not shown, and hold letters about pupils whose marks or contacts are among
    them; the pupils whose own rows are hidden are handed back."""
    names, left_out = {sheet.name for sheet in people}, set[str]()
    for sheet in files.all():
        hidden = [(number, row) for number, row in sheet.hidden_rows() if number > sheet.heading_row and any(row)]
        if not hidden:
            continue
        sheet.count.hide(len(hidden))
        rows = "1 row is" if len(hidden) == 1 else f"{len(hidden):,} rows are"
        files.notices.append(
            f"{sheet.name}: {rows} hidden or filtered out, and left out here. Show all rows if they belong to it."
        )
        for number, row in hidden:
            key = sheet.key_of(row)
            if sheet.name in names:
                left_out.add(key)
            elif key:
                sentence = "A row about this pupil is hidden or filtered out. Show it, or delete it."
                parts.holds.setdefault(key, []).append(sheet.problem("hidden-row", sentence, number))
    return frozenset(left_out)

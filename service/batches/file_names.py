"""The names of a run's letters and forms, without a child's name in them."""

from __future__ import annotations

import re

from service.batches.run import RunRow
from service.cohort.pupil_row import PupilRow
from service.issue import IssuedLetter

_NOT_A_NAME = re.compile(r"[^A-Za-z0-9]+")


def file_name(row: PupilRow, letter: IssuedLetter) -> str:
    """A name without a child's name in it: registration group, row, letter, recipient.

    The row stands behind the number of its table where several tables list pupils: 2_17 is row 17 of the second.
    """
    return f"{_start_of_name(row)}-{letter.letter}-{letter.recipient.id}"


def form_files(item: RunRow) -> dict[str, bytes]:
    """The files of a pupil's forms: registration group, row, form."""
    return {f"{_start_of_name(item.row)}-{document.name}": document.content for document in item.forms.documents}


def _start_of_name(row: PupilRow) -> str:
    group = row.record.registration_group if row.record else ""
    number = f"{row.table}_{row.number}" if row.table else row.number
    return f"{_NOT_A_NAME.sub('', group) or 'x'}-{number}"

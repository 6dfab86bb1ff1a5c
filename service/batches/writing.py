"""One pupil's letters and forms -> files in a folder, and the lines about them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.batches.csv_files import csv_lines
from service.batches.index import INDEX_COLUMNS, MESSAGE_COLUMNS, file_name, form_files, index_rows, message_rows
from service.batches.run import RunRow
from service.errors import Problem
from service.printing.press import Made
from service.printing.to_pdf import ConversionFailure

Outcomes = Mapping[str, Made]
"""What became of letters as PDFs, by the names of their files."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for one pupil: lines of the index and of the messages, and what is counted.

    `labels` are those of letters and messages, `documents` how many of them are files; `reasons` say why somebody is
    not written to; `unusable` is the place of a row that is no use, and its problems.
    """

    index: str
    messages: str
    labels: list[str]
    documents: int
    forms: int
    is_held_back: bool
    reasons: tuple[str, ...] = ()
    unusable: tuple[str, tuple[Problem, ...]] | None = None


def write_pupil(folder: Path, item: RunRow, outcomes: Outcomes | None = None, as_pdf: bool = False) -> Written:
    """Write a pupil's letters and forms; a letter that could not be turned into a PDF is held back."""
    files: dict[str, str] = {}
    problems: list[Problem] = []
    labels: list[str] = []
    for letter in item.issue.letters if item.issue else ():
        outcome = outcomes.get(file_name(item.row, letter)) if outcomes else None
        if isinstance(outcome, ConversionFailure):
            problems += outcome.problems
            continue
        labels.append(letter.label)
        if letter.content:
            pdf = outcome.own if outcome and as_pdf else None
            name = file_name(item.row, letter) + (".pdf" if pdf else ".docx")
            write_new_file(folder / name, pdf.content if pdf else letter.content)
            files[letter.recipient.id] = name
    forms = form_files(item)
    for name, content in forms.items():
        write_new_file(folder / name, content)
    every = [*(item.issue.problems if item.issue else ()), *problems]
    return Written(
        index=csv_lines(INDEX_COLUMNS, index_rows(item, files, problems)),
        messages=csv_lines(MESSAGE_COLUMNS, message_rows(item)),
        labels=labels,
        documents=len(files),
        forms=len(forms),
        is_held_back=bool(every) and not labels,
        reasons=tuple(dict.fromkeys(problem.detail for problem in (*every, *item.forms.problems))),
        unusable=None if item.issue else (f"{item.row.file}, row {item.row.number}", tuple(item.row.problems)),
    )


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, with three calls to the system."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)

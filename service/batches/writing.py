"""One pupil's letters and forms -> files in a folder, and the lines about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.batches.csv_files import csv_lines
from service.batches.file_names import file_name, form_files
from service.batches.index import INDEX_COLUMNS, index_rows
from service.batches.messages import MESSAGE_COLUMNS, message_rows
from service.batches.own_files import OwnFiles
from service.batches.run import RunRow
from service.cohort.pupil_row import PupilRow
from service.errors import Problem
from service.printing.press import Made, MadeLetter
from service.printing.to_pdf import ConversionFailure

Outcomes = Mapping[str, Made]
"""What became of letters as PDFs, by the names of their files."""

WORD_INSTEAD = Problem("word-instead", "Print this letter from its Word file: no PDF could be made of it.")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for one pupil: lines of the index and of the messages, and what is counted.

    `labels` are those of letters and messages, `documents` how many of them are files; `reasons` say why somebody is
    not written to; `unusable` is a row that is no use, with its problems; `word_files` are Word files in the place of
    PDFs, each with what stopped its PDF.
    """

    index: str
    messages: str
    labels: list[str]
    documents: int
    forms: int
    is_held_back: bool
    is_undecided: bool = False
    reasons: tuple[str, ...] = ()
    unusable: PupilRow | None = None
    word_files: tuple[Problem, ...] = ()


def write_pupil(
    own: OwnFiles, item: RunRow, outcomes: Outcomes | None = None, as_pdf: bool = False, word_instead: bool = False
) -> Written:
    """Write a pupil's letters and forms; a letter that could not be turned into a PDF is held back, or written as a
    Word file instead."""
    files: dict[str, str] = {}
    problems: list[Problem] = []
    labels: list[str] = []
    word_files: list[Problem] = []
    for letter in item.issue.letters if item.issue else ():
        outcome = outcomes.get(file_name(item.row, letter)) if outcomes else None
        if isinstance(outcome, ConversionFailure):
            if not word_instead:
                problems += outcome.problems
                continue
            problems += (WORD_INSTEAD, *outcome.problems)
            name = f"{file_name(item.row, letter)}.docx"
            word_files += (replace(problem, file=name, pointer="") for problem in outcome.problems)
        labels.append(letter.label)
        if letter.content:
            pdf = outcome.own if as_pdf and isinstance(outcome, MadeLetter) else None
            name = file_name(item.row, letter) + (".pdf" if pdf else ".docx")
            own.write(name, pdf.content if pdf else letter.content)
            files[letter.recipient.id] = name
    forms = form_files(item)
    for name, content in forms.items():
        own.write(name, content)
    every = [*(item.issue.problems if item.issue else ()), *problems]
    return Written(
        index=csv_lines(INDEX_COLUMNS, index_rows(item, files, problems)),
        messages=csv_lines(MESSAGE_COLUMNS, message_rows(item)),
        labels=labels,
        documents=len(files),
        forms=len(forms),
        is_held_back=bool(every) and not labels,
        is_undecided=item.issue is not None and item.issue.decision.outcome == "undecided",
        reasons=tuple(dict.fromkeys(problem.detail for problem in (*every, *item.forms.problems))),
        unusable=None if item.issue else item.row,
        word_files=tuple(word_files),
    )

"""The index of a run, which accounts for every pupil."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from service.batches.file_names import form_files
from service.batches.messages import MESSAGES, WHO
from service.batches.questions import question_about
from service.batches.run import RunRow
from service.cohort.pupil_row import PupilRow
from service.decisions.decision import Decision
from service.errors import Problem
from service.issue import IssuedLetter

INDEX_COLUMNS = WHO | {
    "due": "What is due",
    "stage": "Stage",
    "letter": "Letter",
    "written_on": "Written on",
    "recipient": "Recipient",
    "file": "File",
    "reference": "Letter reference",
    "must_be_posted": "Post it",
    "enclosures": "Enclosures",
    "documents": "Forms",
    "review_on": "Review on",
    "why": "Why",
    "to_do": "To do",
    "missing": "To be answered",
    "cautions": "Cautions",
    "returns": "Returns",
    "problems": "What stopped it",
    "source": "Source",
}
"""What each column holds -> its heading. With the pupil, "Letter" and "Written on" it is a history of what was sent."""


def index_rows(item: RunRow, files: Mapping[str, str], problems: Sequence[Problem] = ()) -> Iterator[dict[str, Any]]:
    """The lines of the index for one pupil: one for each letter, or one that says why there is none.

    `files` maps the recipient's id to the letter's file; `problems` are those of turning letters into files.
    """
    if item.issue is None:
        yield _unusable(item.row)
        return
    problems = (*item.issue.problems, *item.forms.problems, *problems)
    common = _common(item.row, item.issue.decision, problems) | {"documents": "; ".join(form_files(item))}
    for letter in item.issue.letters:
        yield {
            **common,
            **_written(letter, files.get(letter.recipient.id, ""), item.issue.decision.on),
            "recipient": letter.recipient.name,
            "reference": letter.reference,
            "must_be_posted": "yes" if letter.must_be_posted else "",
            "enclosures": "; ".join(map(_plain, letter.enclosures)),
            "cautions": " ".join([*item.issue.decision.cautions, *letter.notes]),
        }
    if not item.issue.letters:
        yield common


def _written(letter: IssuedLetter, file: str, day: date) -> dict[str, str]:
    """What was written; nothing for a letter that could not be made into a file."""
    where = MESSAGES if letter.message else file
    return {"letter": letter.label, "written_on": f"{day:%d/%m/%Y}", "file": where} if where else {}


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _question(word: str) -> str:
    question = question_about(word)
    return question.text if question else _plain(word)


def _common(row: PupilRow, decision: Decision, problems: Iterable[Problem]) -> dict[str, Any]:
    record = row.record
    return {
        "row": row.number,
        "upn": decision.upn,
        "pupil_reference": decision.pupil_reference,
        "last_name": record.last_name if record else "",
        "first_name": record.first_name if record else "",
        "registration_group": record.registration_group if record else "",
        "due": decision.due,
        "stage": decision.stage,
        "review_on": f"{decision.review_on:%d/%m/%Y}" if decision.review_on else "",
        "why": " ".join(reason.text for reason in decision.main_reasons),
        "to_do": " ".join(decision.to_do),
        "missing": " ".join(map(_question, decision.missing)),
        "cautions": " ".join(decision.cautions),
        "returns": "; ".join(map(_plain, decision.returns)),
        "problems": " ".join(problem.detail for problem in problems),
        "source": row.file,
    }


def _unusable(row: PupilRow) -> dict[str, Any]:
    return {
        "row": row.number,
        "upn": row.key,
        "due": "not used",
        "why": "This row could not be used.",
        "problems": " ".join(str(problem) for problem in row.problems),
        "source": row.file,
    }

"""What the letters of a request are answered with, whether they are remembered or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, request

from service.desk import Desk
from service.errors import Problem, RequestError
from service.issue import Issue, IssuedLetter
from service.letters.recipients import Recipient
from service.one_file import Finished, as_one_document, as_one_pdf, printable
from service.web.callers import caller
from service.web.requests import Asked
from service.web.specimens import mark_trial, mark_trial_text
from service.word.document import DOCX, PDF, Document

JSON = "application/json"
NO_PDF = "PDF is not to be had on this machine"
FORMATS = (DOCX, PDF, JSON)
MOST_PROBLEMS = 50
"""Problems in a header, which many programs read only up to a few thousand characters; JSON has them all."""


def accepts_json() -> bool:
    """Whether JSON may come instead of a file."""
    return not request.accept_mimetypes or bool(request.accept_mimetypes.best_match((JSON,)))


def choose(issue: Issue, asked: Asked) -> tuple[IssuedLetter, ...]:
    """The letters for the recipient asked for, or all. Raises RequestError when that recipient gets none."""
    recipient = asked.recipient
    if not recipient:
        return issue.letters
    chosen = tuple(letter for letter in issue.letters if recipient in _names_of(letter.recipient))
    if not chosen and issue.letters:
        known = ", ".join(letter.recipient.id for letter in issue.letters)
        sentence = f"No recipient of this letter has that number. Use one of: {known}."  # what was sent may be a name
        problem = Problem("no-such-recipient", sentence, "/recipient")
        raise RequestError("no-such-recipient", "There is no such recipient", problem)
    return chosen


def _names_of(recipient: Recipient) -> tuple[str, ...]:
    """What a request may call a recipient: "1-2", or one of the two."""
    return recipient.id, *map(str, recipient.numbers)


def letter_as_json(letter: IssuedLetter) -> dict[str, Any]:
    """A letter as answers tell of it."""
    return {
        "letter": letter.letter,
        "label": letter.label,
        "recipient": letter.recipient.id,
        "recipient_name": letter.recipient.name,
        "reference": letter.reference,
        "must_be_posted": letter.must_be_posted,
        "enclosures": list(letter.enclosures),
        "notes": list(letter.notes),
        "text": mark_trial_text(letter.text),
    }


def refuse_no_converter(desk: Desk) -> None:
    """Raise RequestError where no PDF can be made."""
    if reason := desk.press.why_not():
        problem = Problem("no-converter", f"PDFs cannot be made here. {reason}")
        raise RequestError("no-converter", NO_PDF, problem)


def refuse_word_only(desk: Desk, letters: Sequence[Finished]) -> None:
    """Raise RequestError where no PDF can be made, or not of one of these letters."""
    refuse_no_converter(desk)
    if problem := next((found for one in letters if (found := desk.press.why_word_only(printable(one)))), None):
        raise RequestError(problem.code, NO_PDF, problem)


def make_file(desk: Desk, letters: Sequence[Finished], wanted: str, is_trial: bool = False) -> Document:
    """The letters as one file, in the format that is wanted."""
    if wanted == PDF:
        refuse_word_only(desk, letters)
        return as_one_pdf(letters, desk.press, is_trial or caller().is_test)
    return mark_trial(as_one_document(letters), is_trial)


def answer_file(document: Document, references: Sequence[str], problems: Sequence[Problem]) -> Response:
    """The answer that holds a file."""
    answer = Response(document.content, mimetype=document.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
    answer.headers["Letter-Id"] = ", ".join(references)
    if problems:
        answer.headers["Letter-Problems"] = _say_in_header(problems)
    return answer


def _say_in_header(problems: Sequence[Problem]) -> str:
    said = [f"{problem.code} {quote(problem.pointer, safe='/~')}" for problem in problems]
    more = ["more-problems /pupil"] if len(said) > MOST_PROBLEMS else []
    return ", ".join(said[:MOST_PROBLEMS] + more)

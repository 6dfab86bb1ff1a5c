"""POST /v1/letters: the letter that is due, as a file or as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import Response, current_app, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint
from werkzeug.exceptions import NotAcceptable

from service.attendance.reading.asked import LettersRequestSchema
from service.desk import Desk
from service.errors import Problem, RequestError
from service.issue import Issue, IssuedLetter, issue_letters
from service.letters.recipients import Recipient
from service.one_file import as_one_document, as_one_pdf, printable
from service.pupil import Pupil
from service.web.api.documentation import describe_body, describe_files, describe_headers, describe_problems
from service.web.api.schemas import LettersSchema
from service.web.api.undecided import what_is_missing
from service.web.requests import Asked, read_asked, read_body
from service.word.document import DOCX, PDF, Document

JSON = "application/json"
NO_PDF = "PDF is not to be had on this machine"
FORMATS = (DOCX, PDF, JSON)
MOST_PROBLEMS = 50
"""Problems in a header, which many programs read only up to a few thousand characters; JSON has them all."""
HEADERS = {
    "Letter-Id": "The references of the letters in the file, with commas between them.",
    "Letter-Problems": (
        "Only beside a file, and only when somebody who should be written to gets no letter: why, as the code and the "
        "percent-encoded pointer of each problem, with commas between them. As JSON the same stands under problems, in "
        f"sentences. After {MOST_PROBLEMS} comes more-problems /pupil."
    ),
}

blueprint = Blueprint("letters", __name__, url_prefix="/v1/letters", description="The letter that is due")


@blueprint.route("")
class Letters(MethodView):
    """Letters about one pupil."""

    @blueprint.doc(**describe_body(LettersRequestSchema), **describe_files(200, DOCX, PDF))
    @blueprint.response(
        200,
        LettersSchema,
        description="The letter, as the file or the text that was asked for.",
        headers=describe_headers(HEADERS),
    )
    @describe_problems(blueprint, 400, 406, 409, 413, 415, 422)
    def post(self) -> Response:
        """The letter that is due, or the one named

        As a Word document or a PDF by Accept, or with Accept: application/json as text with the decision. The header
        Letter-Id holds the letters' references; the header Letter-Problems is there when somebody else who should be
        written to gets no letter. Several recipients get one file, one letter after another; name one under recipient
        to get only that letter. A text message, and a decision without a letter, come as JSON where that is
        acceptable too.
        """
        wanted = request.accept_mimetypes.best_match(FORMATS, default="") if request.accept_mimetypes else DOCX
        if not wanted:
            raise NotAcceptable
        desk: Desk = current_app.extensions["desk"]
        asked = read_asked(desk, read_body(), LettersRequestSchema())
        pupil = asked.pupil(asked.pupils[0])
        issue = issue_letters(desk, pupil, asked.letter)
        letters = _choose(issue, asked)
        is_none_due = not issue.letters and not issue.problems
        is_only_text = bool(letters) and not any(letter.content for letter in letters)
        if wanted == JSON or ((is_none_due or is_only_text) and _accepts_json()):
            return _answer_json(issue, letters)
        if is_none_due:
            raise _say_why_none(pupil, issue)
        return _answer_file(desk, issue, letters, wanted)


def _accepts_json() -> bool:
    return not request.accept_mimetypes or bool(request.accept_mimetypes.best_match((JSON,)))


def _choose(issue: Issue, asked: Asked) -> tuple[IssuedLetter, ...]:
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


def _answer_json(issue: Issue, letters: Sequence[IssuedLetter]) -> Response:
    return jsonify(
        decision=issue.decision.as_json(),
        letters=[_letter_as_json(letter) for letter in letters],
        problems=[_problem_as_json(problem) for problem in _at_pupil(issue.problems)],
    )


def _letter_as_json(letter: IssuedLetter) -> dict[str, Any]:
    return {
        "letter": letter.letter,
        "label": letter.label,
        "recipient": letter.recipient.id,
        "recipient_name": letter.recipient.name,
        "reference": letter.reference,
        "must_be_posted": letter.must_be_posted,
        "enclosures": list(letter.enclosures),
        "notes": list(letter.notes),
        "text": letter.text,
    }


def _problem_as_json(problem: Problem) -> dict[str, str]:
    return {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}


def _at_pupil(problems: Sequence[Problem]) -> list[Problem]:
    return [replace(problem, pointer=f"/pupil{problem.pointer}") for problem in problems]


def _say_why_none(pupil: Pupil, issue: Issue) -> RequestError:
    if issue.decision.outcome == "undecided":
        return RequestError("not-decided", "It cannot be decided yet", what_is_missing(pupil, issue))
    sentence = "No letter is due for this pupil. Accept application/json to see the decision and its reasons."
    return RequestError("no-letter-due", "No letter is due", Problem("no-letter-due", sentence))


def _answer_file(desk: Desk, issue: Issue, letters: Sequence[IssuedLetter], wanted: str) -> Response:
    if not letters:
        raise RequestError("letter-not-made", "The letter cannot be made yet", _at_pupil(issue.problems))
    with_pages = [letter for letter in letters if letter.content]
    if not with_pages:
        sentence = "This letter is a short message without a document. Accept application/json to get its text."
        raise RequestError("only-text", "There is only text", Problem("only-text", sentence))
    document = _as_pdf(desk, with_pages) if wanted == PDF else as_one_document(with_pages)
    answer = Response(document.content, mimetype=document.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
    answer.headers["Letter-Id"] = ", ".join(letter.reference for letter in with_pages)
    if issue.problems:
        answer.headers["Letter-Problems"] = _say_in_header(_at_pupil(issue.problems))
    return answer


def _say_in_header(problems: Sequence[Problem]) -> str:
    said = [f"{problem.code} {quote(problem.pointer, safe='/~')}" for problem in problems]
    more = ["more-problems /pupil"] if len(said) > MOST_PROBLEMS else []
    return ", ".join(said[:MOST_PROBLEMS] + more)


def _as_pdf(desk: Desk, letters: Sequence[IssuedLetter]) -> Document:
    if reason := desk.press.why_not():
        problem = Problem("no-converter", f"PDFs cannot be made here. {reason}")
        raise RequestError("no-converter", NO_PDF, problem)
    if problems := [found for letter in letters if (found := desk.press.why_word_only(printable(letter)))]:
        raise RequestError(problems[0].code, NO_PDF, problems[:1])
    return as_one_pdf(letters, desk.press)

"""POST /v1/letters: the letter that is due, as a file or as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, current_app, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint

from service.attendance.reading.asked import LettersRequestSchema
from service.desk import Desk
from service.errors import FillError
from service.issue import Issue, IssuedLetter, issue_letters
from service.web.api.documentation import describe_body, describe_files, describe_headers, describe_problems, needs
from service.web.api.letter_answers import (
    FORMATS,
    JSON,
    MOST_PROBLEMS,
    accepts_json,
    answer_file,
    choose,
    letter_as_json,
    make_file,
)
from service.web.api.no_letter import at_pupil, refuse_no_file
from service.web.api.remembered_letters import issue_and_tell
from service.web.api.schemas import LettersSchema
from service.web.api.wishes_asked import wishes_for
from service.web.callers import caller
from service.web.once import PARAMETER
from service.web.problems import NoSuchFormat, problem_as_json
from service.web.remembering import pupil_of
from service.web.requests import Asked
from service.web.shaped import PARAMETERS, read_request_of_one
from service.word.document import DOCX, PDF

HEADERS = {
    "Letter-Id": "The references of the letters in the file, with commas between them.",
    "Letter-Problems": (
        "Only beside a file, and only when somebody who should be written to gets no letter: why, as the code and the "
        "percent-encoded pointer of each problem, with commas between them. As JSON the same stands under problems, in "
        f"sentences. After {MOST_PROBLEMS} comes more-problems /pupil."
    ),
}

SHAPE = LettersRequestSchema()
"""Made once: to copy its fields takes longer than to read a request with them."""

blueprint = Blueprint("letters", __name__, url_prefix="/v1/letters", description="The letter that is due")


@blueprint.route("")
class Letters(MethodView):
    """Letters about one pupil."""

    @blueprint.doc(
        **describe_body(LettersRequestSchema), **describe_files(200, DOCX, PDF), parameters=[PARAMETER, *PARAMETERS]
    )
    @blueprint.alt_response(201, schema=LettersSchema, description="The letters were issued, and are remembered.")
    @blueprint.response(
        200,
        LettersSchema,
        description="The letter, as the file or the text that was asked for.",
        headers=describe_headers(HEADERS),
    )
    @describe_problems(blueprint, 400, 406, 409, 413, 415, 422)
    @needs(blueprint, "issue")
    def post(self) -> Response:
        """The letter that is due, or the one named

        As a Word document or a PDF by Accept, or with Accept: application/json as text with the decision. The header
        Letter-Id holds the letters' references; the header Letter-Problems is there when somebody else who should be
        written to gets no letter. Several recipients get one file, one letter after another; name one under recipient
        to get only that letter. A text message, and a decision without a letter, come as JSON where that is acceptable
        too.

        A personal_sentence goes into the letter before its closing. Under recipients somebody is left out, or another
        contact added who may be written to, with the reason.

        With a key the letter is remembered: it is issued once on its occasion for each recipient, however often it is
        asked for, the pupil's earlier letters and whatever was recorded count, and the JSON comes with 201 and the
        addresses of the letters. A named recipient then only chooses the letter that is returned. Without a key, and
        with one that begins with al_test_, nothing is remembered. With ?shape= the body is what another system gives
        of one pupil.
        """
        wanted = request.accept_mimetypes.best_match(FORMATS, default="") if request.accept_mimetypes else DOCX
        if not wanted:
            raise NoSuchFormat(FORMATS)
        desk: Desk = current_app.extensions["desk"]
        asked = read_request_of_one(desk, SHAPE)
        if caller().remembers:
            return issue_and_tell(desk, asked, wanted)
        try:
            return _answer(desk, asked, wanted, fills=wanted != PDF)
        except FillError:  # a word that cannot stand in a PDF is told as it is of a Word document
            return _answer(desk, asked, wanted, fills=True)


def _answer(desk: Desk, asked: Asked, wanted: str, *, fills: bool) -> Response:
    """The answer to who is not remembered. Raises FillError with a word that is unusable, unless it `fills`."""
    pupil = pupil_of(asked, asked.pupils[0])
    pupil = replace(pupil, wishes=wishes_for(asked, pupil).over(pupil.wishes))
    issue = issue_letters(desk, pupil, asked.letter, fills=fills)
    letters = choose(issue, asked)
    is_none_due = not issue.letters and not issue.problems
    is_only_text = bool(letters) and not any(letter.word for letter in letters)
    if wanted == JSON or ((is_none_due or is_only_text) and accepts_json()):
        return _answer_json(issue, letters)
    refuse_no_file(pupil, issue, letters)
    with_pages = [letter for letter in letters if letter.word]
    document = make_file(desk, with_pages, wanted)
    return answer_file(document, [letter.reference for letter in with_pages], at_pupil(issue.problems))


def _answer_json(issue: Issue, letters: Sequence[IssuedLetter]) -> Response:
    return jsonify(
        decision=issue.decision.as_json(),
        letters=[letter_as_json(letter) for letter in letters],
        problems=[problem_as_json(problem) for problem in at_pupil(issue.problems)],
    )

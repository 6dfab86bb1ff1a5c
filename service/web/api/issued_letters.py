"""/v1/letters/…: the letters that were issued, each with its file, and taken back where it was a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, jsonify, make_response, request
from flask.views import MethodView
from flask_smorest import Blueprint

from service.attendance.reading.value_kinds import find_unusable
from service.attendance.wishes import NO_WISHES, Wishes
from service.desk import Desk
from service.errors import Problem, RequestError
from service.memory.access.doing_once import Turn
from service.memory.access.finding import find_issued, page_of_issued, wishes_of_letters
from service.memory.issuing import TEXT
from service.memory.reversing import TakenBack, read_again, take_back
from service.one_file import KeptLetter
from service.storage.database import Connection
from service.storage.stored import StoredLetter
from service.web.api.documentation import describe_body, describe_problems, needs
from service.web.api.letter_answers import make_file
from service.web.api.schemas import IssuedLetterSchema, IssuedPageSchema, ReversalSchema, TakenBackSchema
from service.web.api.wishes_asked import tell_wishes
from service.web.once import PARAMETER, Told, answer_once
from service.web.pages_of import PARAMETERS, read_after_number, read_limit, tagged
from service.web.problems import NoSuchFormat
from service.web.remembering import here
from service.web.requests import read_body, read_plain
from service.word.document import DOCX, PDF, Document

FILE = {"schema": {"type": "string", "format": "binary"}}

blueprint = Blueprint("issued", __name__, url_prefix="/v1/letters", description="Letters that were issued")


@blueprint.route("")
class IssuedLetters(MethodView):
    """The letters of a school."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.doc(parameters=PARAMETERS)
    @blueprint.response(200, IssuedPageSchema)
    @describe_problems(blueprint, 422)
    def get(self) -> Response:
        """The letters that were issued, in the order in which they were

        Those that were taken back are among them, and say so.
        """
        memory, school = here()
        found, more = page_of_issued(memory, school, read_after_number(), read_limit())
        wishes = wishes_of_letters(memory, school, [letter for letter, _, _ in found])
        items = [
            {**tell_letter(letter, wishes), "pupil_reference": reference or None, "upn": upn or None}
            for letter, reference, upn in found
        ]
        return tagged({"items": items, "next": str(found[-1][0].id) if more else None}, may_be_kept=False)


@blueprint.route("/<reference>")
class IssuedLetter(MethodView):
    """A letter."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.response(200, IssuedLetterSchema)
    @describe_problems(blueprint, 404)
    def get(self, reference: str) -> Response:
        """A letter that was issued"""
        letter = _find(reference)
        return jsonify(tell_letter(letter, wishes_of_letters(*here(), [letter])))


@blueprint.route("/<reference>/file")
class IssuedFile(MethodView):
    """A letter's file."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.doc(
        responses={
            200: {
                "description": "The letter.",
                "content": {**dict.fromkeys((DOCX, PDF), FILE), TEXT: {"schema": {"type": "string"}}},
            }
        }
    )
    @describe_problems(blueprint, 404, 406, 410)
    def get(self, reference: str) -> Response:
        """A letter again, byte for byte as it was issued

        With Accept: application/pdf it is turned into a PDF. A text message comes as text. Nothing is issued by it.
        """
        _find(reference)
        memory, school = here()
        letter, content = read_again(memory, school, reference)
        media_type = DOCX if content.startswith(b"PK") else TEXT
        kinds = (DOCX, PDF) if media_type == DOCX else (TEXT,)
        wanted = request.accept_mimetypes.best_match(kinds, default="") if request.accept_mimetypes else media_type
        if not wanted:
            raise NoSuchFormat(kinds)
        document = Document(f"{letter.reference}.{'docx' if media_type == DOCX else 'txt'}", media_type, content)
        if wanted == PDF:
            kept = KeptLetter(letter.reference, letter.label, content)
            document = make_file(_desk(), [kept], PDF)
        answer = Response(document.content, mimetype=document.media_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
        answer.headers["Letter-Id"] = letter.reference
        return answer


@blueprint.route("/<reference>/reversal")
class Reversal(MethodView):
    """A letter taken back."""

    @needs(blueprint, "record", remembered=True)
    @blueprint.doc(**describe_body(ReversalSchema), parameters=[PARAMETER])
    @blueprint.response(201, TakenBackSchema)
    @describe_problems(blueprint, 400, 404, 409, 413, 415, 422)
    def post(self, reference: str) -> Response:
        """Take back a letter that was issued by mistake

        It stays in the history with the reason, and can be issued again. Every recipient's letter is taken back.
        """
        letter = _find(reference)
        return reverse(letter.reference)


def reverse(what: str) -> Response:
    """Take back a letter or an event, once, with the reason of the request."""
    words = read_plain(read_body(), {"why": True, "by": False})
    memory, school = here()

    def do(turn: Turn | None) -> Told:
        told: dict[str, Any] = {}

        def keep(connection: Connection, taken: TakenBack, pupil: int) -> None:
            told.update(event=taken.event, references=list(taken.references))
            if turn:
                turn.keep(connection, told, pupil)

        take_back(memory, school, what, words["why"], words.get("by", ""), keep)
        return told

    return answer_once(do, lambda told: make_response(jsonify(told), 201))


def tell_letter(letter: StoredLetter, wishes: Mapping[int, Wishes]) -> dict[str, Any]:
    """A letter that was issued, as answers tell of it."""
    own = f"/v1/letters/{letter.reference}"
    return {
        **{word: getattr(letter, word) for word in ("reference", "letter", "label", "recipient", "state")},
        "on": letter.day.isoformat(),
        "issued_at": letter.noted_at,
        **tell_wishes(wishes.get(letter.decision, NO_WISHES)),
        "links": {"self": own, "file": f"{own}/file", "reversal": f"{own}/reversal"},
    }


def _find(reference: str) -> StoredLetter:
    """The letter with a reference. Raises RequestError when the school has none."""
    letter = None if find_unusable(reference) else find_issued(*here(), reference)
    if letter is None:
        sentence = "No letter with this reference was issued. Check it: it is printed on the letter."
        problem = Problem("unknown-reference", sentence)
        raise RequestError("unknown-reference", "There is no such letter", problem)
    return letter


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk

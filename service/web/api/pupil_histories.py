"""/v1/pupils/…/history: what was sent and done about a pupil, and what people write down."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import Response, jsonify, make_response
from flask.views import MethodView
from flask_smorest import Blueprint

from service.errors import Problem, RecordError, RequestError
from service.memory.access.doing_once import Turn
from service.memory.access.finding import has_event
from service.memory.reading_notes import Notes, read_event
from service.memory.recording import write_down
from service.memory.told_history import Told as History
from service.memory.told_history import tell_history
from service.storage.database import Connection
from service.storage.stored import StoredEvent
from service.web.api.documentation import describe_body, describe_problems, needs
from service.web.api.issued_letters import reverse, tell_letter
from service.web.api.schemas import HistorySchema, NewEventSchema, RecordedSchema, ReversalSchema, TakenBackSchema
from service.web.callers import web_memory
from service.web.once import PARAMETER, Told, answer_once
from service.web.remembering import here, number_here
from service.web.requests import read_body, read_plain

WORDS = {"on": True, "event": True, **dict.fromkeys(("outcome", "recipient", "by", "method", "note"), False)}

blueprint = Blueprint("pupils", __name__, url_prefix="/v1/pupils", description="What was sent and done")


@blueprint.route("/<pupil_reference>/history")
class PupilHistory(MethodView):
    """A pupil's history."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.response(200, HistorySchema)
    @describe_problems(blueprint, 404)
    def get(self, pupil_reference: str) -> Response:
        """What was sent and done about a pupil, by UPN or reference

        Events, letters and corrected marks, in the order in which they happened; what was taken back is among them.
        """
        number_here(pupil_reference)
        return jsonify(_tell_history(tell_history(*here(), pupil_reference)))

    @needs(blueprint, "record", remembered=True)
    @blueprint.doc(**describe_body(NewEventSchema), parameters=[PARAMETER])
    @blueprint.response(201, RecordedSchema)
    @describe_problems(blueprint, 400, 404, 409, 413, 415, 422)
    def post(self, pupil_reference: str) -> Response:
        """Write down what was done: a contact, a meeting, evidence, a step that was taken

        It counts for the decisions of that day and later. The number is what it is taken back by.
        """
        memory, school = here()
        pupil = number_here(pupil_reference)
        happened = _read_event(read_plain(read_body(), WORDS))

        def do(turn: Turn | None) -> Told:
            told: dict[str, Any] = {}

            def keep(connection: Connection, number: int) -> None:
                told.update(number=number)
                if turn:
                    turn.keep(connection, told, pupil)

            write_down(memory, school, pupil, Notes(event=happened), keep)
            return told

        return answer_once(do, lambda told: make_response(jsonify(told), 201))


@blueprint.route("/<pupil_reference>/history/<int:number>/reversal")
class EventReversal(MethodView):
    """An event taken back."""

    @needs(blueprint, "record", remembered=True)
    @blueprint.doc(**describe_body(ReversalSchema), parameters=[PARAMETER])
    @blueprint.response(201, TakenBackSchema)
    @describe_problems(blueprint, 400, 404, 409, 413, 415, 422)
    def post(self, pupil_reference: str, number: int) -> Response:
        """Take back what was written down by mistake; it stays in the history with the reason"""
        if not has_event(*here(), number_here(pupil_reference), number):
            sentence = "This pupil's history has no event of that number. The history shows the numbers."
            raise RequestError("unknown-event", "There is no such event", Problem("unknown-event", sentence))
        return reverse(str(number))


def _read_event(words: dict[str, str]) -> Any:
    """The event of a request. Raises RequestError with every fault under its pointer."""
    policies = web_memory().desk.policies.values()
    try:
        return read_event(words, frozenset[str]().union(*(policy.events for policy in policies)))
    except RecordError as error:
        problems = [replace(item, column="", pointer=f"/{item.column}") for item in error.problems]
        raise RequestError("request-problem", "Some of this request needs correcting", problems) from None


def _tell_history(told: History) -> dict[str, Any]:
    return {
        "events": [_tell_event(event) for event in told.events],
        "letters": [tell_letter(letter, told.wishes) for letter in told.letters],
        "corrections": [
            {
                "date": mark.day.isoformat(),
                "session": mark.session,
                "before": mark.before or None,
                "after": mark.after or None,
                "noted_at": noted_at,
            }
            for mark, noted_at in told.corrections
        ],
    }


def _tell_event(stored: StoredEvent) -> dict[str, Any]:
    words = {word: f"{value}" if value else None for word, value in asdict(stored.event).items() if word != "on"}
    reversal = {"at": stored.reversed_at, "by": stored.reversed_by or None, "why": stored.reversed_why}
    return {
        "number": stored.id,
        "on": stored.event.on.isoformat(),
        **words,
        "source": stored.source,
        "noted_at": stored.noted_at or None,
        "reversal": None if stored.counts else reversal,
    }

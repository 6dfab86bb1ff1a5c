"""POST /v1/decisions: what pupils are due, and why; stores nothing, unless a batch is preferred."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, current_app, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from service.attendance.reading.asked import DecisionsRequestSchema
from service.desk import Desk
from service.errors import AttendanceLettersError, Problem
from service.faults import note_pupil_fault
from service.web.api.batched.batch_schemas import BatchStepSchema
from service.web.api.batched.beginning import STEP_HEADERS, begin_batch
from service.web.api.batched.cohorts_sent import sent_to_decide
from service.web.api.documentation import describe_body, describe_problems, needs
from service.web.api.preferences import PARAMETER as PREFER
from service.web.api.preferences import may_become_batch
from service.web.api.schemas import DecisionsSchema
from service.web.once import PARAMETER as ONCE
from service.web.once import check_key
from service.web.problems import problem_as_json
from service.web.remembering import pupil_of
from service.web.requests import Asked
from service.web.shaped import PARAMETERS, read_request

_BATCH = "The batch that was preferred, where it could be had."
SHAPE = DecisionsRequestSchema()
"""Made once: to copy its fields takes longer than to read a request with them."""

blueprint = Blueprint("decisions", __name__, url_prefix="/v1/decisions", description="What is due, and why")


@blueprint.route("")
class Decisions(MethodView):
    """Decisions about pupils."""

    @blueprint.doc(**describe_body(DecisionsRequestSchema), parameters=[PREFER, ONCE, *PARAMETERS])
    @blueprint.alt_response(202, schema=BatchStepSchema, headers=STEP_HEADERS, description=_BATCH)
    @blueprint.response(200, DecisionsSchema)
    @describe_problems(blueprint, 400, 409, 413, 415, 422)
    @needs(blueprint, "decide")
    def post(self) -> Response:
        """What each pupil is due, and why

        Nothing is stored. A pupil whose record is faulty gets no decision, and what is wrong stands under problems,
        each fault under its JSON pointer; the others are decided about. Where nobody could be decided about, and with
        partial false, the answer is 422 with every fault of every record. With ?shape= the body is what another system
        gives; what was noticed while it was read stands under notices.

        With Prefer: respond-async and a live key that may issue, the pupils become a batch, as with POST /v1/batches:
        they are taken into the school's memory, the batch's items say what each is due, and a release would issue it.
        """
        desk: Desk = current_app.extensions["desk"]
        check_key()
        asked = read_request(desk, SHAPE)
        if asked.pupils and may_become_batch():
            return begin_batch(sent_to_decide(asked))
        decisions, faults = _decide(asked)
        problems = [problem_as_json(problem) for problem in (*asked.faults, *faults)]
        return jsonify(decisions=decisions, problems=problems, partial=bool(problems), notices=list(asked.notices))


def _decide(asked: Asked) -> tuple[list[dict[str, Any] | None], list[Problem]]:
    """Each pupil's decision, in the order of the request, and the faults of ours that cost one of them.

    Where a fault costs all of them, or one too many, it is raised.
    """
    decisions: list[dict[str, Any] | None] = [None] * asked.total
    faults: list[Problem] = []
    for place, record in zip(asked.places, asked.pupils, strict=True):
        try:
            decisions[place] = pupil_of(asked, record).decide().as_json()
        except AttendanceLettersError:
            raise
        except Exception as error:
            if not asked.may_be_partial or len(faults) + 1 == len(asked.pupils):
                raise
            faults.append(replace(note_pupil_fault(error), pointer=f"/pupils/{place}"))
    return decisions, faults

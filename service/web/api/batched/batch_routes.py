"""/v1/batches: started from a cohort, listed, and looked at while they work."""

from __future__ import annotations

from flask import Response, request
from flask.views import MethodView
from flask_smorest import Blueprint

from service.attendance.reading.asked import BatchRequestSchema
from service.batches.stored.looking import find_or_gone, page_of_batches, page_of_rows
from service.batches.stored.progress import tell_progress
from service.batches.stored.releasing import look
from service.errors import Problem, RequestError
from service.storage.batched.batch_values import WORKING
from service.web.api.batched.batch_schemas import (
    BatchFilesSchema,
    BatchItemsSchema,
    BatchPageSchema,
    BatchSchema,
    BatchStepSchema,
)
from service.web.api.batched.beginning import LOOK_SECONDS, STEP_HEADERS, begin_batch
from service.web.api.batched.cohorts_sent import FILES, read_sent
from service.web.api.batched.telling_batches import ROW_STATES, tell_batch, tell_item, tell_listed
from service.web.api.documentation import describe_problems, needs
from service.web.once import PARAMETER
from service.web.pages_of import IF_NONE_MATCH, LIMIT, PARAMETERS, read_after_number, read_limit, tagged
from service.web.remembering import here
from service.web.shaped import BY, NOTHING_SENT
from service.web.shaped import PARAMETERS as SHAPED

STATUS = {
    "in": "query",
    "name": "status",
    "description": "Only rows with this status.",
    "schema": {"type": "string", "enum": list(ROW_STATES)},
    "example": "held",
}
AFTER_ROW = {
    "in": "query",
    "name": "after",
    "description": "The value of next on the page before; left out for the first page.",
    "schema": {"type": "string", "maxLength": 20},
    "example": "50",
}
_COHORT = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": BatchRequestSchema}, FILES: {"schema": BatchFilesSchema}},
    }
}

blueprint = Blueprint("batches", __name__, url_prefix="/v1/batches", description="Many letters, looked at first")


@blueprint.route("")
class Batches(MethodView):
    """The batches of a school."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.doc(parameters=PARAMETERS)
    @blueprint.response(200, BatchPageSchema)
    @describe_problems(blueprint, 422)
    def get(self) -> Response:
        """The batches of the school, the latest first"""
        memory, school = here()
        found, more = page_of_batches(memory, school, read_after_number(), read_limit())
        following = str(found[-1].id) if more else None
        return tagged({"items": [tell_listed(batch) for batch in found], "next": following}, may_be_kept=False)

    @needs(blueprint, "issue", remembered=True)
    @blueprint.doc(**_COHORT, parameters=[PARAMETER, *SHAPED, NOTHING_SENT, BY])
    @blueprint.response(202, BatchStepSchema, headers=STEP_HEADERS)
    @describe_problems(blueprint, 400, 409, 413, 415, 422)
    def post(self) -> Response:
        """Start a batch from a cohort, as JSON or as CSV, Excel or JSON files

        The cohort is taken into the school's memory and each pupil is decided about; nothing is issued until the batch
        is released. A row that cannot be used is among the items as not_used, with what is wrong, and stops no other.
        Where no pupil of the JSON can be used, the answer is 422 with every fault. With ?shape= the JSON is what
        another system gives.
        """
        return begin_batch(read_sent())


@blueprint.route("/<int:batch>")
class Batch(MethodView):
    """A batch."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.doc(parameters=[IF_NONE_MATCH])
    @blueprint.response(200, BatchSchema)
    @describe_problems(blueprint, 404, 410, 422)
    def get(self, batch: int) -> Response:
        """How far a batch is, what became of its rows, and what a release must name

        While it is at work Retry-After says when to look again. seen stands for exactly what a release would issue.
        """
        memory, school = here()
        find_or_gone(memory, school, batch)
        answer = tagged(
            tell_batch(tell_progress(memory, school, batch), look(memory, school, batch)), may_be_kept=False
        )
        if find_or_gone(memory, school, batch).state in WORKING:
            answer.headers["Retry-After"] = str(LOOK_SECONDS)
        return answer


@blueprint.route("/<int:batch>/items")
class BatchItems(MethodView):
    """The rows of a batch."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.doc(parameters=[STATUS, AFTER_ROW, LIMIT, IF_NONE_MATCH])
    @blueprint.response(200, BatchItemsSchema)
    @describe_problems(blueprint, 404, 410, 422)
    def get(self, batch: int) -> Response:
        """What is due to each pupil of a batch, or what became of it, in the order of the rows"""
        memory, school = here()
        find_or_gone(memory, school, batch)
        found, more = page_of_rows(memory, school, batch, _read_status(), read_after_number(), read_limit())
        following = str(found[-1][0].number) if more else None
        items = [tell_item(memory, school, *one) for one in found]
        return tagged({"items": items, "next": following}, may_be_kept=False)


def _read_status() -> str:
    """The state of the rows that are asked for; "" for all. Raises RequestError when there is none of that name."""
    text = request.args.get("status", "")
    if text and text not in ROW_STATES:
        sentence = f"Use one of {', '.join(ROW_STATES)}."
        raise RequestError("unknown-status", "There is no such status", Problem("unknown-status", sentence, "/status"))
    return ROW_STATES.get(text, "")

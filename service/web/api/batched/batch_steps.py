"""/v1/batches/…/release, cancel and retry: what people let a batch do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from service.batches.stored import releasing
from service.batches.stored.looking import find_or_gone
from service.batches.stored.releasing import SHORT, Keep
from service.errors import Problem, RequestError
from service.memory.access.doing_once import Turn
from service.storage.batched.batches_kept import read_batch
from service.web.api.batched.batch_schemas import BatchStepSchema, CancellationSchema, ReleaseSchema
from service.web.api.batched.beginning import STEP_HEADERS, answer_step
from service.web.api.batched.telling_batches import tell_step
from service.web.api.documentation import describe_body, describe_problems, needs
from service.web.once import PARAMETER, Told, answer_once
from service.web.remembering import here
from service.web.requests import read_body, read_optional_body, read_plain

blueprint = Blueprint("batch-steps", __name__, url_prefix="/v1/batches", description="What people let a batch do")


@blueprint.route("/<int:batch>/release")
class BatchRelease(MethodView):
    """A batch released."""

    @needs(blueprint, "issue", remembered=True)
    @blueprint.doc(**describe_body(ReleaseSchema), parameters=[PARAMETER])
    @blueprint.response(202, BatchStepSchema, headers=STEP_HEADERS)
    @describe_problems(blueprint, 400, 404, 409, 410, 413, 415, 422)
    def post(self, batch: int) -> Response:
        """Issue the letters of a batch that were looked at

        seen is what the batch itself said when it was looked at: where anything has changed since, nothing is issued,
        and the answer is 409. The letters are made by themselves, whatever stops in between.
        """
        memory, school = here()
        find_or_gone(memory, school, batch)
        words = read_plain(read_body(), {"seen": True, "by": False})
        if len(words["seen"]) < SHORT:
            sentence = f"Send under seen what the batch says under seen, at least its first {SHORT} characters."
            raise RequestError("not-seen", "What was looked at?", Problem("not-seen", sentence, "/seen"))

        def go(keep: Keep) -> None:
            releasing.release(memory, school, batch, words["seen"], words.get("by", ""), keep)

        return _once(batch, go, answer_step)


@blueprint.route("/<int:batch>/cancel")
class BatchCancellation(MethodView):
    """A batch cancelled."""

    @needs(blueprint, "issue", remembered=True)
    @blueprint.doc(**describe_body(CancellationSchema, is_needed=False), parameters=[PARAMETER])
    @blueprint.response(200, BatchStepSchema)
    @describe_problems(blueprint, 400, 404, 409, 410, 413, 415, 422)
    def post(self, batch: int) -> Response:
        """Issue nothing more of a batch; letters that are issued stay"""
        memory, school = here()
        find_or_gone(memory, school, batch)
        words = read_plain(read_optional_body(), {"why": False, "by": False})

        def go(keep: Keep) -> None:
            releasing.cancel(memory, school, batch, words.get("why", ""), words.get("by", ""), keep)

        return _once(batch, go, jsonify)


@blueprint.route("/<int:batch>/retry")
class BatchRetry(MethodView):
    """A batch tried again."""

    @needs(blueprint, "issue", remembered=True)
    @blueprint.doc(parameters=[PARAMETER])
    @blueprint.response(202, BatchStepSchema, headers=STEP_HEADERS)
    @describe_problems(blueprint, 400, 404, 409, 410, 413, 422)
    def post(self, batch: int) -> Response:
        """Decide again what a batch could not issue, to be looked at and released; the request has no body"""
        memory, school = here()
        find_or_gone(memory, school, batch)

        def go(keep: Keep) -> None:
            releasing.retry(memory, school, batch, keep)

        return _once(batch, go, answer_step)


def _once(number: int, go: Callable[[Keep], Any], tell: Callable[[Told], Response]) -> Response:
    """Let a batch go a step, once, and tell how it stands right after."""
    school = here()[1]

    def do(turn: Turn | None) -> Told:
        told: dict[str, Any] = {}

        def keep(connection: Any) -> None:
            now = read_batch(connection, school.id, number)
            told.update(tell_step(number, now.state if now else ""))
            if turn:
                turn.keep(connection, told)

        go(keep)
        return told

    return answer_once(do, tell)

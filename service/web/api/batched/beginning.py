"""A batch begun by a request, once, and the answer to whatever lets a batch go on."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from service.batches.stored.starting import start_batch
from service.memory.access.doing_once import Turn
from service.storage.batched.batch_values import UPLOADED
from service.storage.database import Connection
from service.web.api.batched.cohorts_sent import Sent
from service.web.api.batched.telling_batches import tell_step
from service.web.api.documentation import describe_headers
from service.web.api.preferences import MEANING, note_preference
from service.web.once import Told, answer_once
from service.web.remembering import here

LOOK_SECONDS = 2
"""After how many seconds it is worth while to look again."""
STEP_HEADERS = describe_headers(
    {"Location": "The batch's address.", "Retry-After": "Seconds after which to look there.", **MEANING}
)


def begin_batch(sent: Sent) -> Response:
    """Start a batch from a cohort that was sent, and answer where it is."""
    memory, school = here()

    def do(turn: Turn | None) -> Told:
        told: dict[str, Any] = {}

        def keep(connection: Connection, number: int) -> None:
            told.update(tell_step(number, UPLOADED))
            if turn:
                turn.keep(connection, told)

        start_batch(memory, school, sent.asked, sent.keep(memory, school), keep)
        return told

    return answer_once(do, answer_step, sent.content)


def answer_step(told: Told) -> Response:
    """The answer to a request that lets a batch go on."""
    answer: Response = jsonify(told)
    answer.status_code = 202
    answer.headers["Location"] = told["links"]["self"]
    answer.headers["Retry-After"] = str(LOOK_SECONDS)
    return note_preference(answer)

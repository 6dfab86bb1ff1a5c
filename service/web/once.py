"""Idempotency-Key: a request that a program sends again, because it got no answer, is done once."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from service.errors import Problem, RequestError
from service.memory.access.doing_once import Turn, take_turn
from service.web.callers import caller
from service.word.document import PDF

HEADER = "Idempotency-Key"
MEANING = (
    "A word of your own for this request, for example a UUID: sent again with the same body within 24 hours, it gets "
    "the same answer, and nothing is done twice."
)
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "description": MEANING,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "7f0d2c9e-5a3b-4a57-9d1e-1f3c5b0a9d42",
}
_KEY = re.compile(r"[!-~]{1,255}")
Told = Mapping[str, Any]


def answer_once(
    do: Callable[[Turn | None], Told], tell: Callable[[Told], Response], content: bytes | None = None
) -> Response:
    """Do what is asked and tell it; a request that was done before is only told again.

    `do` keeps what is told with what it writes, where it is given a turn; what it tells is kept afterwards where it
    wrote nothing. `content` tells the request from another where the bytes of its body differ each time.
    """
    key = request.headers.get(HEADER)
    if key is None or caller().is_test:
        return tell(do(None))
    turn = take_turn(caller().memory(), caller().school(), _checked(key), _what_is_asked(content))
    if not isinstance(turn, Turn):
        return tell(turn)
    try:
        told = do(turn)
    except BaseException:
        turn.give_up()
        raise
    answer = tell(told)
    if answer.mimetype == PDF:  # another conversion would give other bytes
        turn.keep_alone({**told, "pdf": b64encode(answer.get_data()).decode()}, told.get("pupil"))
    return answer


def check_key() -> None:
    """Raises RequestError for a key that could not be one, where nothing is done that could be done twice."""
    if HEADER in request.headers:
        _checked(request.headers[HEADER])


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        sentence = f"Write {HEADER} in 1 to 255 plain characters without spaces, for example a UUID."
        raise RequestError(
            "wrong-idempotency-key", "This key cannot be used", Problem("wrong-idempotency-key", sentence)
        )
    return key


def _what_is_asked(content: bytes | None) -> bytes:
    """The request as far as its answer depends on it."""
    asked = (request.method, request.full_path, request.headers.get("Accept", ""))
    return "\n".join(asked).encode() + b"\n" + (request.get_data() if content is None else content)

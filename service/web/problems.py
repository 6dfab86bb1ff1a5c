"""Errors -> application/problem+json (RFC 9457), every fault of a request at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app
from flask_smorest import Api
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotAcceptable,
    RequestEntityTooLarge,
    SecurityError,
)

from service.errors import AttendanceLettersError, Problem
from service.faults import say_fault

PROBLEM_JSON = "application/problem+json"
_SENTENCES = {
    400: "The request cannot be read.",
    404: "There is nothing at this address. The page /v1/docs lists every address.",
    405: "This address does not accept that method.",
    406: "None of the formats in Accept can be given here.",
    408: "The request took too long to arrive.",
    413: "The request is larger than this service accepts.",
    415: "Send the request in a format that the document names for this address; for most, application/json.",
    503: "The service is stopping, or has too many connections. Try again in a few seconds.",
}
_NOT_HERE = "Ask for this service as 127.0.0.1 or localhost: on this machine it answers under no other name."

_STATUSES = {
    "not-json": 400,
    "unknown-version": 400,
    "unknown-query": 400,
    "too-many-requests": 429,
    "no-key": 401,
    "wrong-key": 401,
    "not-allowed": 403,
    "test-key": 403,
    "unknown-form": 404,
    "only-text": 406,
    "no-such-format": 406,
    "not-decided": 409,
    "no-letter-due": 409,
    "issued-already": 409,
    "issued-today": 409,
    "waits-for-approval": 409,
    "pupil-changes": 409,
    "changed": 409,
    "ended": 409,
    "at-work": 409,
    "nothing-to-print": 409,
    "still-running": 409,
    "taken-back": 409,
    "unknown-pupil": 404,
    "unknown-event": 404,
    "unknown-reference": 404,
    "unknown-template": 404,
    "unknown-key": 404,
    "unknown-batch": 404,
    "unknown-webhook": 404,
    "unknown-delivery": 404,
    "batch-gone": 410,
    "missing-file": 410,
    "issued-without-pdf": 503,
    "database-trouble": 503,
    "no-converter": 503,
    "needs-libreoffice": 503,
    "not-printed": 503,
}
"""The HTTP status of each code that is not answered with 422."""


_SOON = {"at-work": 2, "pupil-changes": 1, "still-running": 1, "database-trouble": 5, "issued-without-pdf": 5}
"""Seconds after which trying again may help, of each code for which it may."""


class NoSuchFormat(NotAcceptable):
    """None of the formats that somebody accepts can be given here; `formats` are those that can."""

    def __init__(self, formats: Iterable[str]) -> None:
        super().__init__()
        self.formats = tuple(formats)


class ProblemApi(Api):
    """flask-smorest with problem+json in place of its own error answers, in the document as well."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def handle_http_exception(self, error: HTTPException) -> Response:
        """The answer to an error of the web's own."""
        return answer_http_error(error)


def register_problems(app: Flask) -> None:
    """Answer every error of an application with problem+json."""
    app.register_error_handler(AttendanceLettersError, answer_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(Exception, answer_unexpected)


def answer_error(error: AttendanceLettersError) -> Response:
    """The answer to what the service refuses on purpose."""
    problems = [problem_as_json(problem) for problem in error.problems]
    answer = _answer(_STATUSES.get(error.code, 422), error.code, error.title, error.detail, problems)
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if wait := getattr(error, "wait", 0) or _SOON.get(error.code, 0):
        answer.headers["Retry-After"] = str(wait)
    return answer


def answer_http_error(error: HTTPException) -> Response:
    """The answer to an error that the web framework found."""
    if error.response is not None and error.code is None:
        return error.response  # type: ignore[return-value]  # a redirect that werkzeug made itself
    status, _, body = write_http_problem(error.code or 500, _say_exactly(error))
    answer = Response(body, status, mimetype=PROBLEM_JSON)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _say_exactly(error: HTTPException) -> str:
    """What to do about an error, where more is known than its status."""
    if isinstance(error, SecurityError):
        return _NOT_HERE
    if isinstance(error, NoSuchFormat):
        return f"Send one of these under Accept: {', '.join(error.formats)}."
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return f"Use one of these methods at this address: {', '.join(sorted(error.valid_methods))}."
    if isinstance(error, RequestEntityTooLarge):
        most = current_app.config["MAX_CONTENT_LENGTH"] / 2**20
        return f"Send at most {most:.3g} MB in one request: fewer pupils at once, or smaller files."
    return ""


def write_http_problem(status: int, sentence: str = "") -> tuple[int, str, bytes]:
    """The status, its title and the body of a problem that HTTP itself has a name for."""
    phrase = HTTPStatus(status).phrase
    code, detail = phrase.lower().replace(" ", "-"), sentence or _SENTENCES.get(status, f"{phrase}.")
    return status, phrase, _write(status, code, phrase, detail, [])


def answer_unexpected(error: Exception) -> Response:
    """The answer to a fault of ours: a number to report."""
    return _answer(500, "unexpected-error", "Something went wrong", say_fault(error), [])


def _answer(status: int, code: str, title: str, detail: str, problems: list[dict[str, Any]]) -> Response:
    return Response(_write(status, code, title, detail, problems), status, mimetype=PROBLEM_JSON)


def _write(status: int, code: str, title: str, detail: str, problems: list[dict[str, Any]]) -> bytes:
    """The problem as JSON; half a surrogate pair of a request is written as JSON escapes it."""
    body = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail, "problems": problems}
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """A problem as answers hold it."""
    return {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}

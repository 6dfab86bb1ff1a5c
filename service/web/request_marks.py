"""What every answer carries beside its content: the number of its request, and the version of this interface."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, request

from service.errors import Problem, RequestError

REQUEST_ID, VERSION_HEADER = "Request-Id", "API-Version"
VERSION = "2026-11-26"
"""The day from which answers are as they are; a later one that could break a program gets a new day."""
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def mark_requests(app: Flask) -> None:
    """Give every request a number and every answer its marks."""
    app.before_request(_begin)
    app.after_request(_mark)


def _begin() -> None:
    given = request.headers.get(REQUEST_ID, "")
    g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
    wanted = request.headers.get(VERSION_HEADER, VERSION)
    if wanted != VERSION and request.path.startswith("/v1/"):
        sentence = f"This service speaks the version {VERSION}. Send that under {VERSION_HEADER}, or leave it out."
        raise RequestError("unknown-version", "There is no such version", Problem("unknown-version", sentence))


def _mark(answer: Response) -> Response:
    answer.headers[REQUEST_ID] = g.get("request_id") or secrets.token_hex(8)
    answer.headers[VERSION_HEADER] = VERSION
    return answer

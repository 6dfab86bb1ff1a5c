"""What every answer carries beside its content: the number of its request, and the version of this interface."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, request

from service.errors import Problem, RequestError

REQUEST_ID, VERSION_HEADER = "Request-Id", "API-Version"
VERSION = "2026-11-26"
"""The day from which answers are as they are; a later one that could break a program gets a new day."""


class Going(NamedTuple):
    """A route that goes: since when programs should leave it, and when it is gone."""

    since: date
    gone: date


GOING: Mapping[str, Going] = {}
"""Routes that go, as "GET /v1/…", for at least a year: their answers have the headers Deprecation and Sunset."""
MEANING = (
    f"Every answer says under {VERSION_HEADER} from which day answers are as they are; send it back under the same "
    "name, and a service that answers otherwise refuses, instead of being misunderstood. Words may be added to answers "
    f"without a new version. {REQUEST_ID} is the number of the request: yours, where you send one of 1 to 64 letters, "
    "digits and . _ -. An address that goes is answered for a year longer, with the headers Deprecation (RFC 9745) and "
    "Sunset (RFC 8594)."
)
PARAMETER = {
    "in": "header",
    "name": VERSION_HEADER,
    "description": "The version that the program was written for; another one is refused with 400.",
    "schema": {"type": "string", "enum": [VERSION]},
}
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def mark_requests(app: Flask) -> None:
    """Give every request a number and every answer its marks."""
    app.config.setdefault("GOING", GOING)
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
    going: Mapping[str, Going] = current_app.config["GOING"]
    if request.url_rule and (found := going.get(f"{request.method} {request.url_rule.rule}")):
        answer.headers["Deprecation"] = f"@{_midnight(found.since).timestamp():.0f}"
        answer.headers["Sunset"] = f"{_midnight(found.gone):%a, %d %b %Y %H:%M:%S} GMT"
    return answer


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def describe_version(paths: Mapping[str, Mapping[str, Any]]) -> None:
    """Let every route of the document take the version."""
    for path, item in paths.items():
        for verb, route in item.items():
            if verb != "parameters" and path.startswith("/v1/"):
                route.setdefault("parameters", []).append(PARAMETER)

"""What the OpenAPI document says of requests and problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema

from service.attendance.reading.records import describe_windowed_figures
from service.web.api.schemas import ProblemAnswerSchema
from service.web.problems import PROBLEM_JSON

_ANY_ROUTE = (408, 500, 503)
_WHEN = {
    400: "The request is not JSON that can be read.",
    404: "There is nothing with that name.",
    406: "None of the formats in Accept can be given.",
    409: "Only a file was asked for, and no letter is due (no-letter-due) or the pupil is undecided (not-decided).",
    413: "The request is too large.",
    415: "The request is not application/json.",
    422: "Something in the request needs correcting; the answer names every fault.",
    408: "The request took too long to arrive.",
    500: "Something went wrong on our side; the answer has a number to report.",
    503: "Not now: the service is stopping, is too busy (see Retry-After), or makes no PDF on this machine.",
}

View = Callable[..., Any]


def describe_windows(schemas: dict[str, dict[str, Any]]) -> None:
    """Add to a pupil's schema the figures with a window, of which there are too many to name each."""
    schemas["Pupil"]["patternProperties"] = describe_windowed_figures()


def describe_body(schema: type[Schema]) -> dict[str, Any]:
    """The part of the document that describes a request's body."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def describe_files(status: int, *media_types: str) -> dict[str, Any]:
    """The part of the document that names the files a route answers with beside JSON."""
    return {"responses": {status: {"content": {media_type: {} for media_type in media_types}}}}


def describe_headers(meanings: Mapping[str, str]) -> dict[str, Any]:
    """The part of the document that says what an answer's headers hold."""
    return {name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in meanings.items()}


def describe_problems(blueprint: Blueprint, *statuses: int) -> Callable[[View], View]:
    """Describe the problems that a route answers with, besides those of every route."""

    def decorate(view: View) -> View:
        for status in (*statuses, *_ANY_ROUTE):
            view = blueprint.alt_response(
                status, schema=ProblemAnswerSchema, content_type=PROBLEM_JSON, description=_WHEN[status]
            )(view)
        return view

    return decorate

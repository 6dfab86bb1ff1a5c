"""What the OpenAPI document says of requests and problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema

from service.attendance.reading.records import describe_windowed_figures
from service.attendance.reading.strict_json import LONGEST_KEY
from service.decisions.bounds.assumptions import LEAVE_OUT
from service.web.api.schemas import ProblemAnswerSchema, answer_words
from service.web.problems import PROBLEM_JSON

_PRINTED = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]*$"
"""Keys without a character that cannot be printed, as `strict_json` reads them."""
_ANY_ROUTE = (400, 401, 403, 408, 429, 500, 503)
_WHEN = {
    401: "A key is needed, or the one that was sent is not in force.",
    403: "The key may not do this; the answer says what it would have to be allowed.",
    400: "The request is not JSON that can be read, asks for another version of this interface, or has an unknown "
    "word after the ? of its address.",
    429: "The key sends too many requests; Retry-After says for how many seconds to wait.",
    404: "There is nothing with that name.",
    406: "None of the formats in Accept can be given.",
    409: (
        "Only a file was asked for, and no letter is due (no-letter-due) or the pupil is undecided (not-decided); or "
        "it was done already (issued-already, issued-today, taken-back), or is being done (still-running, at-work), or "
        "a signatory of the school approves it first (waits-for-approval): it is issued then, without another request. "
        "Of a batch: it is not what was looked at any more (changed), or has ended."
    ),
    410: "It was kept as long as the school keeps letters, and is gone.",
    413: "The request is too large.",
    415: "The request is in another format than this address takes.",
    422: "Something in the request needs correcting; the answer names every fault.",
    408: "The request took too long to arrive.",
    500: "Something went wrong on our side; the answer has a number to report.",
    503: "Not now: the service is stopping, is too busy (see Retry-After), or makes no PDF on this machine.",
}

View = Callable[..., Any]


def _names(word: str) -> dict[str, Any]:
    return {"required": [word], "properties": {word: {"type": "string", "pattern": r"\S"}}}


_ONE_OF_TWO = {"if": {"not": _names("upn")}, "then": _names("pupil_reference")}
"""One word of two identifies a pupil; generators of clients turn anyOf into two half pupils, but pass over this."""
_MAY_BE_LEFT_OUT = {"Letter": ("links",)}
"""What answers hold only where letters are remembered."""


def describe_values(schemas: dict[str, dict[str, Any]]) -> None:
    """Add what a schema's own words cannot say.

    That is a pupil's figures with a window, of which there are too many to name each; that one of two words has to
    identify the pupil; what a key may be where a school chooses its keys; what can be left out; and what is in every
    answer.
    """
    keys = {"pattern": _PRINTED, "maxLength": LONGEST_KEY}
    schemas["School"]["properties"]["senders"]["propertyNames"] = keys
    schemas["PreviewRequest"] |= {"propertyNames": keys, "additionalProperties": {"type": ["string", "null"]}}
    schemas["Pupil"] |= {"patternProperties": describe_windowed_figures(), **_ONE_OF_TWO}
    for schema in schemas.values():
        said = schema.get("properties", {}).get("leave_out")
        if said and said["items"]["type"] == "string":  # where they are figures, and not contacts
            said["items"]["enum"] = list(LEAVE_OUT)
    for name, words in answer_words().items():
        if name in schemas:
            schemas[name]["required"] = [word for word in words if word not in _MAY_BE_LEFT_OUT.get(name, ())]


def describe_body(schema: type[Schema], is_needed: bool = True) -> dict[str, Any]:
    """The part of the document that describes a request's body."""
    return {"requestBody": {"required": is_needed, "content": {"application/json": {"schema": schema}}}}


def describe_files(status: int, *media_types: str) -> dict[str, Any]:
    """The part of the document that names the files a route answers with beside JSON."""
    return {"responses": {status: {"content": {media_type: {} for media_type in media_types}}}}


def describe_headers(meanings: Mapping[str, str]) -> dict[str, Any]:
    """The part of the document that says what an answer's headers hold."""
    return {name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in meanings.items()}


def needs(blueprint: Blueprint, scope: str, remembered: bool = False) -> Callable[[View], View]:
    """What a key has to be allowed for a route; without any key in force, this machine needs none.

    `remembered`: the route shows or changes what is remembered, so a key for trying is refused.
    """

    def decorate(view: View) -> View:
        view.scope = scope  # type: ignore[attr-defined]
        view.remembered = remembered  # type: ignore[attr-defined]
        described: View = blueprint.doc(security=[{"key": [scope]}, {}])(view)
        return described

    return decorate


def describe_problems(blueprint: Blueprint, *statuses: int) -> Callable[[View], View]:
    """Describe the problems that a route answers with, besides those of every route."""

    def decorate(view: View) -> View:
        described = view
        for status in sorted({*statuses, *_ANY_ROUTE}):
            described = blueprint.alt_response(
                status, schema=ProblemAnswerSchema, content_type=PROBLEM_JSON, description=_WHEN[status]
            )(described)
        view._apidoc = described._apidoc  # type: ignore[attr-defined]  # a call need not go through all of them
        return view

    return decorate

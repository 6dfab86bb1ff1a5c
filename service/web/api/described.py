"""What the OpenAPI document says of every field: its meaning with its unit, and an example."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.attendance.reading.strict_toml import read_toml
from service.attendance.words import EVENTS, FACTS, OUTCOMES
from service.web.example import EXAMPLES, PLACES

_FILE = Path(__file__).with_name("meanings.toml")
_LINE = re.compile(r"(?P<whose>school|local_authority)?_?address_line_(?P<number>\d)")
_WHOSE = {"school": " of the school's address", "local_authority": " of the council's address"}
_NOT_OURS = ("Error", "PaginationMetadata")
"""Schemas that the library adds and no route uses."""
_ENUMERATED = {"event": tuple(EVENTS), "outcome": tuple(OUTCOMES)}
_ABOUT_EVENTS = ("Event", "NewEvent")


OPERATIONS = {
    "POST /v1/decisions": "decide",
    "POST /v1/letters": "writeLetter",
    "GET /v1/letters": "listLetters",
    "GET /v1/letters/{reference}": "getLetter",
    "GET /v1/letters/{reference}/file": "getLetterFile",
    "POST /v1/letters/{reference}/reversal": "takeLetterBack",
    "GET /v1/batches": "listBatches",
    "POST /v1/batches": "startBatch",
    "GET /v1/batches/{batch}": "getBatch",
    "GET /v1/batches/{batch}/items": "listBatchItems",
    "POST /v1/batches/{batch}/release": "releaseBatch",
    "POST /v1/batches/{batch}/cancel": "cancelBatch",
    "POST /v1/batches/{batch}/retry": "retryBatch",
    "GET /v1/batches/{batch}/letters.zip": "getBatchLetters",
    "GET /v1/batches/{batch}/print.pdf": "getBatchPrint",
    "GET /v1/batches/{batch}/messages.csv": "getBatchMessages",
    "GET /v1/batches/{batch}/index.csv": "getBatchIndex",
    "GET /v1/pupils/{pupil_reference}/history": "getHistory",
    "POST /v1/pupils/{pupil_reference}/history": "recordEvent",
    "POST /v1/pupils/{pupil_reference}/history/{number}/reversal": "takeEventBack",
    "GET /v1/webhooks": "listWebhooks",
    "POST /v1/webhooks": "addWebhook",
    "DELETE /v1/webhooks/{webhook}": "removeWebhook",
    "POST /v1/webhooks/{webhook}/secret": "changeWebhookSecret",
    "GET /v1/webhooks/{webhook}/deliveries": "listDeliveries",
    "POST /v1/webhooks/{webhook}/deliveries/{delivery}/resend": "resendDelivery",
    "GET /v1/policies": "listPolicies",
    "GET /v1/templates": "listTemplates",
    "GET /v1/templates/{template}/fields": "getTemplateFields",
    "POST /v1/templates/{template}/preview": "previewTemplate",
    "POST /v1/templates/check": "checkTemplate",
    "GET /v1/forms": "listForms",
    "GET /v1/forms/{form}/fields": "getFormFields",
    "POST /v1/forms/{form}": "fillForm",
    "GET /v1/events": "listEvents",
    "GET /health": "getHealth",
    "GET /ready": "getReady",
}
"""What each route is called in a generated client; a name stays the same."""
_PLACES = {
    "reference": "The letter's reference, which is printed on it.",
    "pupil_reference": "The pupil's reference or UPN.",
    "number": "The event's number in the pupil's history.",
    "batch": "The batch's number.",
    "webhook": "The webhook's number.",
    "delivery": "The delivery's number.",
    "form": "The form's word, from GET /v1/forms.",
    "template": "The template's name, from GET /v1/templates.",
}


def describe_routes(paths: dict[str, dict[str, Any]]) -> None:
    """Give every route its name, its places in the address their meaning, and its body an example."""
    for path, item in paths.items():
        for parameter in item.get("parameters", ()):
            _describe_place(parameter)
        for verb, route in item.items():
            if verb == "parameters":
                continue
            route["operationId"] = OPERATIONS[f"{verb.upper()} {path}"]
            for parameter in route.get("parameters", ()):
                if parameter["in"] == "path":
                    _describe_place(parameter)
                if parameter["name"] == "If-None-Match":
                    route["responses"]["304"] = {"description": "Nothing has changed since that ETag."}
            if as_json := route.get("requestBody", {}).get("content", {}).get("application/json"):
                as_json["example"] = EXAMPLES[path]


def _describe_place(parameter: dict[str, Any]) -> None:
    parameter["description"] = _PLACES[parameter["name"]]
    parameter["example"] = PLACES[parameter["name"]]


def describe_fields(schemas: dict[str, dict[str, Any]]) -> None:
    """Say of every field of every schema what it means, and give an example."""
    for name in _NOT_OURS:
        schemas.pop(name, None)
    for name, schema in schemas.items():
        for word, field in schema.get("properties", {}).items():
            _describe(name, word, field)


def _describe(schema: str, word: str, field: dict[str, Any]) -> None:
    meaning, example = meaning_of(schema, word)
    field.setdefault("description", meaning)
    if "$ref" not in field:
        field.setdefault("examples", [example])
    if schema in _ABOUT_EVENTS and word in _ENUMERATED:
        field["enum"] = [*_ENUMERATED[word], *([None] if "null" in field.get("type", "") else [])]


def meaning_of(schema: str, word: str) -> tuple[str, Any]:
    """What a field of a schema means, and an example. Raises KeyError for one that nobody has described."""
    known = _meanings()
    found = known.get(schema, {}).get(word) or known["words"].get(word)
    if found:
        return found[0], found[1]
    if word in FACTS:
        return f"{FACTS[word].question} null, or left out: nobody has said.", False
    line = _LINE.fullmatch(word)
    if line is None:
        raise KeyError(f"{schema}.{word}")
    whose = _WHOSE.get(line["whose"] or "", " of the address")
    return f"Line {line['number']}{whose}.", "Long Row"


@lru_cache(maxsize=1)
def _meanings() -> dict[str, Any]:
    return read_toml(_FILE)

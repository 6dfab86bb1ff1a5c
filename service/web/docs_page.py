"""The OpenAPI document as a page that needs no script to be read; on this machine its routes can be tried."""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import Blueprint, Response, current_app, render_template

from service.desk import Desk
from service.web.callers import open_to_anybody

CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Nothing in a page may run or load anything, unless the page itself says otherwise."""
pages = Blueprint("docs", __name__, template_folder="templates")


@pages.get("/v1/docs")
@open_to_anybody
def show_docs() -> Response:
    """Every route with its fields and answers; on this machine alone each can be tried."""
    spec: dict[str, Any] = current_app.extensions["openapi"].spec.to_dict()
    desk: Desk = current_app.extensions["desk"]
    nonce = "" if desk.settings.is_public else secrets.token_urlsafe(16)
    page = render_template("docs.html", spec=spec, schema_name=schema_name, nonce=nonce, example=_write)
    answer = Response(page, mimetype="text/html")
    if nonce:
        own = f"script-src 'nonce-{nonce}'; connect-src 'self'"
        answer.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; {own}"
    return answer


def _write(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def schema_name(schema: dict[str, Any]) -> str:
    """What a field holds, in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        return f"list of {schema_name(schema.get('items', {}))}"
    kind = schema.get("type", "any value")
    return " or ".join(kind) if isinstance(kind, list) else str(schema.get("format", kind))

"""The OpenAPI document as a page that can be read without a script or another server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, render_template

from service.web.callers import open_to_anybody

pages = Blueprint("docs", __name__, template_folder="templates")


@pages.get("/v1/docs")
@open_to_anybody
def show_docs() -> Response:
    """Every route with its fields and answers."""
    spec: dict[str, Any] = current_app.extensions["openapi"].spec.to_dict()
    return Response(render_template("docs.html", spec=spec, schema_name=schema_name), mimetype="text/html")


def schema_name(schema: dict[str, Any]) -> str:
    """What a field holds, in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        return f"list of {schema_name(schema.get('items', {}))}"
    kind = schema.get("type", "any value")
    return " or ".join(kind) if isinstance(kind, list) else str(schema.get("format", kind))

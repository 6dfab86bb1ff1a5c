"""GET /health: the service is alive. GET /ready: what it can do at the moment, each part by name."""

from __future__ import annotations

import shutil
import tempfile

from flask import Response, current_app, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from service.desk import Desk
from service.web.api.schemas import HealthSchema, ReadySchema
from service.web.callers import open_to_anybody

FREE_BYTES = 100_000_000
"""Free space without which documents cannot be made safely."""

blueprint = Blueprint("health", __name__, description="Is it alive, and what can it do?")


@blueprint.route("/health")
class Health(MethodView):
    """Whether the service answers."""

    @blueprint.response(200, HealthSchema)
    @open_to_anybody
    def get(self) -> dict[str, str]:
        """Whether the service is alive"""
        return {"status": "ok"}


@blueprint.route("/ready")
class Ready(MethodView):
    """What the service can do."""

    @blueprint.response(200, ReadySchema)
    @blueprint.alt_response(503, schema=ReadySchema, description="Something is missing; the answer says what.")
    @open_to_anybody
    def get(self) -> Response:
        """What the service can do at the moment, each part by name

        Without LibreOffice only templates that need it give no PDF. Without free space the answer is 503.
        """
        desk: Desk = current_app.extensions["desk"]
        free = shutil.disk_usage(tempfile.gettempdir()).free
        answer = jsonify(
            status="ready" if free >= FREE_BYTES else "not ready",
            policies=", ".join(sorted(desk.policies)),
            pdf=desk.press.why_not() or "ready",
            libreoffice=desk.press.office.why_not() or "ready",
            disk="ready" if free >= FREE_BYTES else f"Only {free // 1_000_000} MB are free.",
        )
        answer.status_code = 200 if free >= FREE_BYTES else 503
        return answer

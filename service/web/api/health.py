"""GET /health: the service is alive. GET /ready: what it can do at the moment, each part by name."""

from __future__ import annotations

from flask import Response, current_app, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from service.desk import Desk
from service.web.api.schemas import HealthSchema, ReadySchema
from service.web.callers import open_to_anybody
from service.web.watching.readiness import NEEDED, READY, look_at_parts

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

        Each part says ready, or in a sentence what to do. Without the database, the place for letters' files or free
        space the answer is 503; without another part the service does less: without LibreOffice only templates that
        need it give no PDF, and without workers a batch waits.
        """
        desk: Desk = current_app.extensions["desk"]
        parts = look_at_parts(desk, current_app.extensions["memory"])
        is_ready = all(parts[name] == READY for name in NEEDED)
        status = READY if is_ready else "not ready"
        answer = jsonify(status=status, policies=", ".join(sorted(desk.policies)), **parts)
        answer.status_code = 200 if is_ready else 503
        return answer

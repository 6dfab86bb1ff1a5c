"""GET /health: the service is alive."""

from __future__ import annotations

from flask.views import MethodView
from flask_smorest import Blueprint

from service.web.api.schemas import HealthSchema

blueprint = Blueprint("health", __name__, url_prefix="/health", description="Is it alive?")


@blueprint.route("")
class Health(MethodView):
    """Whether the service answers."""

    @blueprint.response(200, HealthSchema)
    def get(self) -> dict[str, str]:
        """Whether the service is alive"""
        return {"status": "ok"}

"""POST /v1/decisions: what pupils are due, and why; stores nothing."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from service.attendance.reading.asked import DecisionsRequestSchema
from service.desk import Desk
from service.web.api.documentation import describe_body, describe_problems
from service.web.api.schemas import DecisionsSchema
from service.web.requests import read_asked, read_body

blueprint = Blueprint("decisions", __name__, url_prefix="/v1/decisions", description="What is due, and why")


@blueprint.route("")
class Decisions(MethodView):
    """Decisions about pupils."""

    @blueprint.doc(**describe_body(DecisionsRequestSchema))
    @blueprint.response(200, DecisionsSchema)
    @describe_problems(blueprint, 400, 413, 415, 422)
    def post(self) -> Response:
        """What each pupil is due, and why

        Nothing is stored. Every fault of every record is answered at once, each under its JSON pointer.
        """
        desk: Desk = current_app.extensions["desk"]
        asked = read_asked(desk, read_body(), DecisionsRequestSchema())
        decisions: list[dict[str, Any]] = [asked.pupil(record).decide().as_json() for record in asked.pupils]
        return jsonify(decisions=decisions)

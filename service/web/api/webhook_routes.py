"""/v1/webhooks: where a school's programs are told of what happened."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response
from flask.views import MethodView
from flask_smorest import Blueprint

from service.errors import Problem, RequestError
from service.memory.hooks.webhooks import (
    EVENTS,
    add_webhook,
    change_secret,
    deliveries_of,
    remove_webhook,
    resend,
    webhooks_of,
)
from service.storage.hooks.deliveries import WAITING, Delivery
from service.storage.hooks.hooks_kept import StoredHook
from service.web.api.documentation import describe_body, describe_problems, needs
from service.web.api.webhook_schemas import (
    DeliveriesSchema,
    NewWebhookSchema,
    SecretSchema,
    WebhookMadeSchema,
    WebhooksSchema,
)
from service.web.pages_of import PARAMETERS, read_after_number, read_limit, tagged
from service.web.remembering import here
from service.web.requests import read_body

blueprint = Blueprint("webhooks", __name__, url_prefix="/v1/webhooks", description="Being told of what happened")


@blueprint.route("")
class Webhooks(MethodView):
    """The webhooks of a school."""

    @needs(blueprint, "administer", remembered=True)
    @blueprint.response(200, WebhooksSchema)
    @describe_problems(blueprint)
    def get(self) -> Response:
        """The school's webhooks"""
        return jsonify({"items": [_tell(hook) for hook in webhooks_of(*here())]})

    @needs(blueprint, "administer", remembered=True)
    @blueprint.doc(**describe_body(NewWebhookSchema))
    @blueprint.response(201, WebhookMadeSchema)
    @describe_problems(blueprint, 400, 413, 415, 422)
    def post(self) -> Response:
        """Be told of what happens, at an address; all events where none are named

        The answer holds the secret that messages are signed with; it is shown this once.
        """
        hook, secret = add_webhook(*here(), *_read_new(read_body()))
        return make_response(jsonify({**_tell(hook), "secret": secret}), 201)


@blueprint.route("/<int:webhook>")
class Webhook(MethodView):
    """One webhook."""

    @needs(blueprint, "administer", remembered=True)
    @blueprint.response(204)
    @describe_problems(blueprint, 404)
    def delete(self, webhook: int) -> Response:
        """Remove a webhook; what it was not told yet is not sent"""
        remove_webhook(*here(), webhook)
        return Response(status=204)


@blueprint.route("/<int:webhook>/secret")
class WebhookSecret(MethodView):
    """Another secret for a webhook."""

    @needs(blueprint, "administer", remembered=True)
    @blueprint.response(201, SecretSchema)
    @describe_problems(blueprint, 404)
    def post(self, webhook: int) -> Response:
        """Change a webhook's secret; for a day messages are signed with the one before as well"""
        return make_response(jsonify({"secret": change_secret(*here(), webhook)}), 201)


@blueprint.route("/<int:webhook>/deliveries")
class Deliveries(MethodView):
    """What a webhook was told."""

    @needs(blueprint, "administer", remembered=True)
    @blueprint.doc(parameters=PARAMETERS)
    @blueprint.response(200, DeliveriesSchema)
    @describe_problems(blueprint, 404, 422)
    def get(self, webhook: int) -> Response:
        """What a webhook was or will be told in the last month, the latest first"""
        most = read_limit()
        found = deliveries_of(*here(), webhook, read_after_number(), most + 1)
        following = str(found[most - 1].id) if len(found) > most else None
        return tagged({"items": [_tell_delivery(one) for one in found[:most]], "next": following}, may_be_kept=False)


@blueprint.route("/<int:webhook>/deliveries/<int:delivery>/resend")
class Resend(MethodView):
    """A delivery sent again."""

    @needs(blueprint, "administer", remembered=True)
    @blueprint.response(202)
    @describe_problems(blueprint, 404)
    def post(self, webhook: int, delivery: int) -> Response:
        """Send a message again, with the same number"""
        resend(*here(), webhook, delivery)
        return Response(status=202)


def _read_new(values: Any) -> tuple[str, list[str]]:
    """The address and events of a request. Raises RequestError for what has another shape."""
    problems = []
    if not isinstance(values, dict):
        sentence = "Send an object with: address, events."
        raise RequestError("wrong-shape", "The request has the wrong shape", Problem("wrong-shape", sentence))
    address, events = values.get("address"), values.get("events", list(EVENTS))
    if not isinstance(address, str):
        problems.append(Problem("wrong-address", "Give the address as text, beginning with https://.", "/address"))
    if not isinstance(events, list) or not all(isinstance(event, str) for event in events):
        problems.append(
            Problem("no-event", "Give the events as a list of texts, or leave them out for all.", "/events")
        )
    unknown = sorted(set(values) - {"address", "events"})[:20]
    problems += [
        Problem("unknown-word", "Leave this out: a webhook has an address and events.", f"/{word}") for word in unknown
    ]
    if problems or not isinstance(address, str):
        raise RequestError("request-problem", "Some of this request needs correcting", problems)
    return address, events


def _tell(hook: StoredHook) -> dict[str, Any]:
    return {"webhook": hook.id, "address": hook.address, "events": hook.events.split(), "added_at": hook.added_at}


def _tell_delivery(one: Delivery) -> dict[str, Any]:
    return {
        "delivery": one.id,
        "event": one.event,
        "state": one.state,
        "attempts": one.attempts,
        "answer": one.answer or None,
        "at": one.made_at,
        "due_at": one.due_at if one.state == WAITING else None,
        "ended_at": one.ended_at or None,
    }

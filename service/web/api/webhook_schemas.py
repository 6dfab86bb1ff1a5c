"""The shapes of what is said of webhooks."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.memory.hooks.webhooks import EVENTS, LONGEST_ADDRESS


class NewWebhookSchema(Schema):
    """Where a program wants to be told, and of what."""

    address = fields.String(required=True, validate=validate.Length(1, LONGEST_ADDRESS))
    events = fields.List(
        fields.String(validate=validate.OneOf(tuple(EVENTS))), validate=validate.Length(1, len(EVENTS))
    )


class WebhookSchema(Schema):
    """An address that is told of what happened."""

    webhook = fields.Integer()
    address = fields.String()
    events = fields.List(fields.String(validate=validate.OneOf(tuple(EVENTS))))
    added_at = fields.String()


class WebhookMadeSchema(WebhookSchema):
    """A new webhook, with its secret."""

    secret = fields.String()


class WebhooksSchema(Schema):
    """A school's webhooks."""

    items = fields.List(fields.Nested(WebhookSchema))


class SecretSchema(Schema):
    """A webhook's new secret."""

    secret = fields.String()


class DeliverySchema(Schema):
    """What a webhook was or will be told."""

    delivery = fields.Integer()
    event = fields.String(validate=validate.OneOf(tuple(EVENTS)))
    state = fields.String(validate=validate.OneOf(("waiting", "taken", "given up")))
    attempts = fields.Integer()
    answer = fields.String(allow_none=True)
    at = fields.String()
    due_at = fields.String(allow_none=True)
    ended_at = fields.String(allow_none=True)


class DeliveriesSchema(Schema):
    """A page of deliveries, the latest first."""

    items = fields.List(fields.Nested(DeliverySchema))
    next = fields.String(allow_none=True)

"""The shapes of answers, for the OpenAPI document; those of requests are what reads them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class ReasonSchema(Schema):
    """Why a rule held or did not."""

    rule = fields.String()
    held = fields.Boolean(allow_none=True)
    text = fields.String(metadata={"description": "A sentence that can be read aloud to a parent."})
    reference = fields.String(metadata={"description": "The paragraph that the rule comes from."})
    measure = fields.String()
    window = fields.String()
    value = fields.Raw(allow_none=True)
    comparison = fields.String()
    limit = fields.Raw(allow_none=True)


class DecisionSchema(Schema):
    """What a policy suggests for a pupil; a person decides."""

    policy = fields.String()
    policy_version = fields.Date()
    on = fields.Date()
    pupil_reference = fields.String(allow_none=True)
    upn = fields.String(allow_none=True)
    stage = fields.String()
    outcome = fields.String(validate=validate.OneOf(("letter", "action", "monitor", "none", "undecided")))
    rule = fields.String(allow_none=True)
    letter = fields.String(allow_none=True)
    letter_label = fields.String(allow_none=True)
    variant = fields.String(allow_none=True)
    actions = fields.List(fields.String())
    to_do = fields.List(fields.String(), metadata={"description": "A sentence for each action."})
    documents = fields.List(fields.String())
    returns = fields.List(fields.String())
    cautions = fields.List(fields.String())
    checklist = fields.List(fields.String())
    review_on = fields.Date(allow_none=True)
    missing = fields.List(fields.String())
    not_assessed = fields.List(
        fields.String(), metadata={"description": "Figures without which a statutory return is not settled."}
    )
    choices = fields.List(
        fields.String(), metadata={"description": "Letters of other wordings that could be sent instead."}
    )
    figures = fields.Dict(keys=fields.String(), values=fields.Float())
    reasons = fields.List(fields.Nested(ReasonSchema))


class DecisionsSchema(Schema):
    """Decisions in the order of the pupils asked about."""

    decisions = fields.List(fields.Nested(DecisionSchema))


class ProblemSchema(Schema):
    """One thing that is wrong, and what to do."""

    pointer = fields.String(metadata={"description": "Where in the request it is (RFC 6901)."})
    code = fields.String()
    detail = fields.String()


class ProblemAnswerSchema(Schema):
    """Everything that is wrong with a request (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    problems = fields.List(fields.Nested(ProblemSchema))


class LetterSchema(Schema):
    """A letter for one recipient."""

    letter = fields.String()
    label = fields.String()
    recipient = fields.String(metadata={"description": "The contact's number; several share an envelope as 1-2."})
    recipient_name = fields.String()
    reference = fields.String()
    must_be_posted = fields.Boolean()
    enclosures = fields.List(fields.String())
    notes = fields.List(fields.String(), metadata={"description": "What to think of before sending; not printed."})
    text = fields.String()


class LettersSchema(Schema):
    """The decision and the letters of it."""

    decision = fields.Nested(DecisionSchema)
    letters = fields.List(fields.Nested(LetterSchema))
    problems = fields.List(fields.Nested(ProblemSchema))


class HealthSchema(Schema):
    """The service is alive."""

    status = fields.String()


class ReadySchema(Schema):
    """What the service can do at the moment."""

    status = fields.String()
    policies = fields.String()
    pdf = fields.String(metadata={"description": "ready, or what to install."})
    libreoffice = fields.String(metadata={"description": "ready, or what to install for templates that need it."})
    disk = fields.String()

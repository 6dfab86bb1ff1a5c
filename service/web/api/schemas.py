"""The shapes of requests and answers, for the OpenAPI document."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.attendance.reading import record_schema
from service.attendance.school import SCHOOL_FLAGS, SCHOOL_OPTIONS, SCHOOL_WORDS


class CalendarEntrySchema(Schema):
    """A term, or days on which the school is closed."""

    from_ = fields.Date(data_key="from", required=True)
    to = fields.Date(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("term", "closed")))
    name = fields.String()


SchoolSchema = Schema.from_dict(
    {
        **{word: fields.String() for word in SCHOOL_WORDS if word != "logo"},
        "policy": fields.String(),
        **{word: fields.String(validate=validate.OneOf(options)) for word, options in SCHOOL_OPTIONS.items()},
        **{word: fields.Boolean() for word in SCHOOL_FLAGS},
        "lessons_per_day": fields.Integer(validate=validate.Range(0, 12)),
        "senders": fields.Dict(keys=fields.String(), values=fields.String()),
    },
    name="School",
)


class _AskedSchema(Schema):
    on = fields.Date(required=True, metadata={"description": "The day to decide for."})
    policy = fields.String(metadata={"description": "bradford, primary, academy or stockport; else the school's own."})
    calendar = fields.List(fields.Nested(CalendarEntrySchema))
    school = fields.Nested(SchoolSchema())


class DecisionsRequestSchema(_AskedSchema):
    """Pupils to decide about."""

    pupils = fields.List(fields.Nested(record_schema(False)), required=True)


class LettersRequestSchema(_AskedSchema):
    """One pupil to write about."""

    pupil = fields.Nested(record_schema(False), required=True)
    letter = fields.String(allow_none=True, metadata={"description": "This letter instead of the one that is due."})
    recipient = fields.String(
        allow_none=True, metadata={"description": "Only this contact: its number in the record, from 1."}
    )


class FormRequestSchema(_AskedSchema):
    """One pupil to fill a form for."""

    pupil = fields.Nested(record_schema(False), required=True)
    flat = fields.Boolean(metadata={"description": "As ink on paper, which nobody can type into; PDF only."})


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
    not_assessed = fields.List(fields.String())
    figures = fields.Dict(keys=fields.String(), values=fields.Float())
    reasons = fields.List(fields.Nested(ReasonSchema))


class DecisionsSchema(Schema):
    """Decisions in the order of the pupils asked about."""

    decisions = fields.List(fields.Nested(DecisionSchema))


class ProblemSchema(Schema):
    """One thing that is wrong, and what to do."""

    pointer = fields.String(metadata={"description": "Where it stands in the request (RFC 6901)."})
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
    libreoffice = fields.String(metadata={"description": "ready, or what to install."})
    disk = fields.String()

"""The shapes of answers, for the OpenAPI document; those of requests are what reads them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.web.api.issued_schemas import IssuedLetterSchema as IssuedLetterSchema
from service.web.api.issued_schemas import IssuedPageSchema as IssuedPageSchema
from service.web.api.issued_schemas import LinksSchema as LinksSchema
from service.web.api.issued_schemas import ListedLetterSchema as ListedLetterSchema


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


class ProblemSchema(Schema):
    """One thing that is wrong, and what to do."""

    pointer = fields.String(metadata={"description": "Where in the request it is (RFC 6901)."})
    code = fields.String()
    detail = fields.String()


class DecisionsSchema(Schema):
    """Decisions in the order of the pupils asked about; null for a pupil whose record is faulty."""

    decisions = fields.List(fields.Nested(DecisionSchema, allow_none=True))
    problems = fields.List(
        fields.Nested(ProblemSchema), metadata={"description": "What is wrong with the pupils without a decision."}
    )
    partial = fields.Boolean(  # type: ignore[assignment]  # our word; marshmallow has an attribute of that name
        metadata={"description": "Whether there are pupils without a decision."}
    )
    notices = fields.List(fields.String())


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
    links = fields.Nested(LinksSchema)


class LettersSchema(Schema):
    """The decision and the letters of it."""

    decision = fields.Nested(DecisionSchema)
    letters = fields.List(fields.Nested(LetterSchema))
    problems = fields.List(fields.Nested(ProblemSchema))


class ReversalSchema(Schema):
    """Why something is taken back."""

    why = fields.String(required=True, metadata={"pattern": r"\S"})
    by = fields.String(allow_none=True)


class TakenBackSchema(Schema):
    """What was taken back."""

    event = fields.String()
    references = fields.List(fields.String())


class NewEventSchema(Schema):
    """Something that was done."""

    on = fields.Date(required=True)
    event = fields.String(required=True)
    outcome = fields.String(allow_none=True)
    recipient = fields.String(allow_none=True)
    by = fields.String(allow_none=True)
    method = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class RecordedSchema(Schema):
    """The event that was written down."""

    number = fields.Integer()


class EventReversalSchema(Schema):
    """When an event was taken back, by whom and why."""

    at = fields.DateTime()
    by = fields.String(allow_none=True)
    why = fields.String()


class HistoryEventSchema(Schema):
    """An event of a pupil's history."""

    number = fields.Integer()
    on = fields.Date()
    event = fields.String()
    outcome = fields.String(allow_none=True)
    recipient = fields.String(allow_none=True)
    by = fields.String(allow_none=True)
    method = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    period_start = fields.Date(allow_none=True)
    period_end = fields.Date(allow_none=True)
    source = fields.String(validate=validate.OneOf(("issued", "recorded", "imported")))
    noted_at = fields.DateTime(allow_none=True)
    reversal = fields.Nested(EventReversalSchema, allow_none=True)


class CorrectionSchema(Schema):
    """A mark that was changed."""

    date = fields.Date()
    session = fields.String(validate=validate.OneOf(("AM", "PM")))
    before = fields.String(allow_none=True)
    after = fields.String(allow_none=True)
    noted_at = fields.DateTime()


class HistorySchema(Schema):
    """What was sent and done about a pupil."""

    events = fields.List(fields.Nested(HistoryEventSchema))
    letters = fields.List(fields.Nested(IssuedLetterSchema))
    corrections = fields.List(fields.Nested(CorrectionSchema))


class PolicyLetterSchema(Schema):
    """A letter of a policy."""

    letter = fields.String()
    label = fields.String()


class PolicySchema(Schema):
    """A policy that decisions can be made by."""

    policy = fields.String()
    title = fields.String()
    source = fields.String()
    begins = fields.Date()
    letters = fields.List(fields.Nested(PolicyLetterSchema))


class PoliciesSchema(Schema):
    """A page of policies."""

    items = fields.List(fields.Nested(PolicySchema))
    next = fields.String(allow_none=True)


class TemplateLinksSchema(Schema):
    """Where a template's fields and preview are."""

    fields_ = fields.String(data_key="fields")
    preview = fields.String()


class TemplateSchema(Schema):
    """A letter's template."""

    template = fields.String()
    letter = fields.String()
    policy = fields.String(allow_none=True)
    title = fields.String()
    sent_by = fields.String()
    is_message = fields.Boolean()
    must_be_posted = fields.Boolean()
    enclosures = fields.List(fields.String())
    links = fields.Nested(TemplateLinksSchema)


class TemplatesSchema(Schema):
    """A page of templates."""

    items = fields.List(fields.Nested(TemplateSchema))
    next = fields.String(allow_none=True)


class PreviewRequestSchema(Schema):
    """Words to show in a preview in place of invented ones: any text that the template's fields name."""

    known_as = fields.String(allow_none=True)

    class Meta:
        """Further words are those of the template."""

        unknown = "include"


class TemplateCheckedSchema(Schema):
    """What was found in a letter template."""

    is_right = fields.Boolean()
    problems = fields.List(fields.Nested(ProblemSchema))
    notes = fields.List(fields.String())


class FormSchema(Schema):
    """A form that can be filled."""

    form = fields.String()
    title = fields.String()
    goes_to = fields.String(allow_none=True)


class FormsListSchema(Schema):
    """A page of forms."""

    items = fields.List(fields.Nested(FormSchema))
    next = fields.String(allow_none=True)


class EventKindSchema(Schema):
    """Something that can stand in a history."""

    event = fields.String()
    title = fields.String()
    is_letter = fields.Boolean()
    needs_recipient = fields.Boolean()
    outcomes = fields.List(fields.String())


class EventKindsSchema(Schema):
    """A page of kinds of event."""

    items = fields.List(fields.Nested(EventKindSchema))
    next = fields.String(allow_none=True)


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
    database = fields.String()
    files = fields.String()
    queue = fields.String()


_ASKED = (ReversalSchema, NewEventSchema, PreviewRequestSchema)  # the shapes here that are of requests


def answer_words() -> dict[str, list[str]]:
    """The words of every shape of answers, by its name in the document."""
    shapes = {shape for shape in globals().values() if isinstance(shape, type) and issubclass(shape, Schema)}
    return {
        shape.__name__.removesuffix("Schema"): [field.data_key or word for word, field in shape().fields.items()]
        for shape in shapes - {Schema, *_ASKED}
    }

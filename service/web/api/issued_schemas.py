"""The shapes of answers about letters that were issued."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class LinksSchema(Schema):
    """Where a remembered letter is found."""

    self = fields.String()
    file = fields.String()
    reversal = fields.String()


class IssuedLetterSchema(Schema):
    """A letter that was issued."""

    reference = fields.String()
    letter = fields.String()
    label = fields.String()
    recipient = fields.String()
    state = fields.String(validate=validate.OneOf(("issued", "printed", "sent", "reversed")))
    on = fields.Date()
    issued_at = fields.DateTime()
    personal_sentence = fields.String(allow_none=True)
    personal_sentence_by = fields.String(allow_none=True)
    recipients_why = fields.String(allow_none=True)
    recipients_by = fields.String(allow_none=True)
    links = fields.Nested(LinksSchema)


class ListedLetterSchema(IssuedLetterSchema):
    """A letter that was issued, in a list of the school's."""

    pupil_reference = fields.String(allow_none=True)
    upn = fields.String(allow_none=True)


class IssuedPageSchema(Schema):
    """A page of issued letters."""

    items = fields.List(fields.Nested(ListedLetterSchema))
    next = fields.String(allow_none=True)

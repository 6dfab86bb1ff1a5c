"""The shapes of answers about batches, and of what is sent to them, for the OpenAPI document."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.batches.stored.releasing import SHORT
from service.cohort.shapes.shape_file import shipped_shapes
from service.web.api.batched.telling_batches import BATCH_STATES, ROW_STATES

_STATE = validate.OneOf(BATCH_STATES)
_STATUS = validate.OneOf(ROW_STATES)


class BatchFilesSchema(Schema):
    """A cohort as files."""

    files = fields.List(fields.Raw(metadata={"type": "string", "format": "binary"}), required=True)
    on = fields.Date(required=True)
    policy = fields.String()
    shape = fields.String(validate=validate.OneOf([shape.name for shape in shipped_shapes()]))
    nothing_sent = fields.String(validate=validate.OneOf(("true", "false")))
    by = fields.String()
    meetings = fields.Raw(metadata={"type": "string", "format": "binary"})


class BatchLinksSchema(Schema):
    """Where what belongs to a batch is found."""

    self = fields.String()
    items = fields.String()
    release = fields.String()
    cancel = fields.String()
    retry = fields.String()
    letters = fields.String()
    print = fields.String()
    messages = fields.String()
    index = fields.String()


class BatchStepSchema(Schema):
    """A batch that has begun its next step."""

    id = fields.Integer()
    state = fields.String(validate=_STATE)
    links = fields.Nested(BatchLinksSchema)


class ListedBatchSchema(BatchStepSchema):
    """A batch in a list of the school's."""

    on = fields.Date()
    policy = fields.String()
    started_at = fields.DateTime()
    started_by = fields.String(allow_none=True)
    released_at = fields.DateTime(allow_none=True)
    released_by = fields.String(allow_none=True)
    ended_at = fields.DateTime(allow_none=True)
    ended_by = fields.String(allow_none=True)
    ended_why = fields.String(allow_none=True)


class BatchPageSchema(Schema):
    """A page of batches."""

    items = fields.List(fields.Nested(ListedBatchSchema))
    next = fields.String(allow_none=True)


class BatchLettersSchema(Schema):
    """How many rows of a batch have the same letter and status."""

    label = fields.String()
    status = fields.String(validate=_STATUS)
    count = fields.Integer()


class BatchSchema(ListedBatchSchema):
    """A batch: how far it is, and what came of its rows."""

    total = fields.Integer()
    problems = fields.Integer()
    percent = fields.Integer(validate=validate.Range(0, 100))
    seconds_left = fields.Integer(allow_none=True)
    seen = fields.String(allow_none=True)
    counts = fields.Nested(
        Schema.from_dict({state: fields.Integer() for state in ROW_STATES}, name="BatchCounts"),
    )
    letters = fields.List(fields.Nested(BatchLettersSchema))


class BatchItemSchema(Schema):
    """A row of a batch: one pupil, or a row of the export that could not be used."""

    number = fields.Integer()
    status = fields.String(validate=_STATUS)
    pupil_reference = fields.String(allow_none=True)
    upn = fields.String(allow_none=True)
    letter = fields.String(allow_none=True)
    label = fields.String(allow_none=True)
    why = fields.String(allow_none=True)
    stopped_by = fields.String(allow_none=True)
    references = fields.List(fields.String())


class BatchItemsSchema(Schema):
    """A page of a batch's rows."""

    items = fields.List(fields.Nested(BatchItemSchema))
    next = fields.String(allow_none=True)


class ReleaseSchema(Schema):
    """What was looked at, and is to be issued."""

    seen = fields.String(required=True, validate=validate.Length(min=SHORT))
    by = fields.String(allow_none=True)


class CancellationSchema(Schema):
    """Why nothing more of a batch is to be issued."""

    why = fields.String(allow_none=True)
    by = fields.String(allow_none=True)

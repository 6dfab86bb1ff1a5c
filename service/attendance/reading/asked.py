"""What a request or a file about pupils says: the one reader, from which the OpenAPI document is made too.

Pupils are only held apart here, and read once the policy and with it the events of a record are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, missing, validate

from service.attendance.reading.calendar_lines import Calendar
from service.attendance.reading.loading import flatten_messages
from service.attendance.reading.records import record_schema
from service.attendance.reading.strict_json import pointer_part
from service.attendance.reading.value_kinds import EARLIEST, LATEST, Fault, read_exact_day, refuse
from service.attendance.school import (
    SCHOOL_CHOICES,
    SCHOOL_FLAGS,
    SCHOOL_NUMBERS,
    SCHOOL_OPTIONS,
    SCHOOL_TABLES,
    SCHOOL_WORDS,
    School,
    read_school,
)
from service.attendance.wishes import ChosenRecipients
from service.did_you_mean import did_you_mean
from service.errors import Problem, SettingsError, first_problems

MOST_PUPILS = 5_000
"""Pupils in one request; a larger cohort is a batch, or a command."""


@dataclass(frozen=True, slots=True)
class GivenSchool:
    """What a request says of the school, as far as it says anything."""

    words: Mapping[str, str]
    choices: Mapping[str, Any]

    def over(self, school: School) -> School:
        """A school with these words and choices in place of its own."""
        return replace(school.with_words(self.words), **self.choices)


class _Asked(fields.Field[Any]):
    """A word of a request that has one sentence for everything that can be wrong with it."""

    def __init__(self, *args: Any, fault: Fault, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fault = fault

    def _validate_missing(self, value: Any) -> None:
        if (value is missing and self.required) or (value is None and not self.allow_none):
            raise ValidationError([self.fault])

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, *args: Any, **kwargs: Any
    ) -> Any:
        read = self._read(value)
        if read is None:
            raise ValidationError([self.fault])
        return read

    def _read(self, value: Any) -> Any:
        """What a value means; None when it is of the wrong shape."""
        raise NotImplementedError


class _Day(_Asked, fields.Date):
    def _read(self, value: Any) -> Any:
        day = read_exact_day(value)
        return day if day and EARLIEST <= day <= LATEST else None


class _Words(_Asked, fields.String):
    def _read(self, value: Any) -> Any:
        return value if isinstance(value, str) else None


class _WordsOrNumber(_Asked, fields.String):
    def _read(self, value: Any) -> Any:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return str(value) if is_number or isinstance(value, str) else None


class _Names(_Asked, fields.List[Any]):
    def _read(self, value: Any) -> Any:
        is_one = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return tuple(value) if is_one else None


class _Flag(_Asked, fields.Boolean):
    def _read(self, value: Any) -> Any:
        return value if isinstance(value, bool) else None


SchoolSchema = Schema.from_dict(
    {
        **{word: fields.String() for word in SCHOOL_WORDS if word != "logo"},
        "policy": fields.String(),
        **{word: fields.String(validate=validate.OneOf(options)) for word, options in SCHOOL_OPTIONS.items()},
        **{word: fields.Boolean() for word in SCHOOL_FLAGS},
        **{word: fields.Integer(validate=validate.Range(0, most)) for word, (most, _) in SCHOOL_NUMBERS.items()},
        "senders": fields.Dict(keys=fields.String(), values=fields.String()),
    },
    name="School",
)


class _School(_Asked, fields.Nested):
    def _read(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return None
        try:
            given = read_school(value)
        except SettingsError as error:
            raise ValidationError({item.column: [Fault(item.code, item.detail)] for item in error.problems}) from None
        for word in ("logo", *SCHOOL_TABLES):
            if word in value:
                what = "the logo into the school's own file; a request cannot bring one"
                sentence = f"Put {what if word == 'logo' else f'[{word}] into school.toml'}."
                raise ValidationError({word: [Fault("no-files", sentence)]})
        choices = {word: getattr(given, word) for word in SCHOOL_CHOICES if value.get(word, "") != ""}
        return GivenSchool(given.words, choices)


class _Pupil(_Asked, fields.Nested):
    def _read(self, value: Any) -> Any:
        return value if isinstance(value, dict) else None


class _Pupils(_Asked, fields.List[Any]):
    def _read(self, value: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            return None
        if len(value) > MOST_PUPILS:
            refuse("too-many-pupils", f"Send at most {MOST_PUPILS:,} pupils at once; there are {len(value):,}.")
        return value


class _Rows(_Asked, fields.List[Any]):
    """The pupils of a file, each of which is refused or read by itself."""

    fewest: ClassVar[int] = 0

    def _read(self, value: Any) -> Any:
        return value if isinstance(value, list) and len(value) >= self.fewest else None


class _SomeRows(_Rows):
    """Pupils of whom there must be one at least."""

    fewest = 1


class _Recipients(_Asked, fields.Nested):
    """Who is left out and who is added, by their number in the record, and why."""

    def _read(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return None
        faults = {
            word: [Fault("wrong-shape", _NUMBERS)] for word in ("leave_out", "add") if not _has_numbers(value, word)
        }
        if not isinstance(value.get("why", ""), str):
            faults["why"] = [_TEXT]
        for word in value.keys() - RecipientsSchema().fields.keys():
            near = did_you_mean(word, RecipientsSchema().fields)
            faults[word] = [Fault("unknown-word", f'"{word}" is not a field of recipients.{near}')]
        if faults:
            raise ValidationError(faults)
        left_out, added = (frozenset(value.get(word, ())) for word in ("leave_out", "add"))
        return ChosenRecipients(left_out, added, value.get("why", ""))


def _has_numbers(value: Mapping[str, Any], word: str) -> bool:
    given = value.get(word, [])
    return isinstance(given, list) and all(type(one) is int and 0 < one <= MOST_CONTACTS for one in given)


MOST_CONTACTS = 50
_NUMBERS = "Give a list of contacts by their number in the record, from 1."
RecipientsSchema = Schema.from_dict(
    {
        **{
            word: fields.List(fields.Integer(validate=validate.Range(1, MOST_CONTACTS)))
            for word in ("leave_out", "add")
        },
        "why": fields.String(),
    },
    name="ChosenRecipients",
)
_TEXT = Fault("not-text", "Enter text in quotation marks.")
_PUPIL = Fault("wrong-shape", "Give pupil as an object.")
_TRUE_OR_FALSE = Fault("not-true-or-false", "Answer true or false.")
_NO_DATE = Fault("not-a-date", "Enter a real date, for example 2026-11-20.")


class AskedSchema(Schema):
    """What every request about pupils says."""

    noun: ClassVar[str] = "this request"

    on = _Day(
        required=True,
        fault=Fault("not-a-date", 'Say for which day: "on": "2026-11-20".'),
        metadata={"description": "The day to decide for."},
    )
    policy = _Words(
        allow_none=True,
        fault=Fault("not-text", "Enter the policy's name."),
        metadata={"description": "The policy's name, for example bradford; else the school's own."},
    )
    calendar = Calendar()
    school = _School(SchoolSchema(), fault=Fault("wrong-shape", "Give the school as an object."))
    period_is_window = _Flag(fault=_TRUE_OR_FALSE)
    leave_out = _Names(fields.String(), fault=Fault("wrong-shape", "Give leave_out as a list of names."))
    decided_by = _Words(allow_none=True, fault=_TEXT)


class DecisionsRequestSchema(AskedSchema):
    """Pupils to decide about."""

    pupils = _Pupils(
        fields.Nested(record_schema(False)),
        required=True,
        validate=validate.Length(max=MOST_PUPILS),
        fault=Fault("wrong-shape", "Give pupils as a list of objects."),
    )
    partial = _Flag(  # type: ignore[assignment]  # our word; marshmallow has an attribute of that name
        fault=_TRUE_OR_FALSE,
        metadata={
            "description": "Whether the others are decided about when a pupil's record is faulty (true, as without "
            "this word), or the whole request is refused (false)."
        },
    )


class LettersRequestSchema(AskedSchema):
    """One pupil to write about."""

    pupil = _Pupil(record_schema(False), required=True, fault=_PUPIL)
    letter = _Words(
        allow_none=True, fault=_TEXT, metadata={"description": "This letter instead of the one that is due."}
    )
    recipient = _WordsOrNumber(
        allow_none=True,
        fault=_TEXT,
        metadata={
            "type": ["string", "integer"],
            "description": "Only this contact: its number in the record, from 1.",
        },
    )
    personal_sentence = _Words(allow_none=True, fault=_TEXT)
    recipients = _Recipients(
        RecipientsSchema(), allow_none=True, fault=Fault("wrong-shape", "Give recipients as an object.")
    )
    by = _Words(allow_none=True, fault=_TEXT)


class FormRequestSchema(AskedSchema):
    """One pupil to fill a form for."""

    pupil = _Pupil(record_schema(False), required=True, fault=_PUPIL)
    flat = _Flag(
        fault=_TRUE_OR_FALSE,
        metadata={"description": "A PDF that cannot be typed into."},
    )


MeetingSlotSchema = Schema.from_dict(
    {word: fields.String() for word in ("date", "time", "place", "with")}, name="MeetingSlot"
)


class BatchRequestSchema(AskedSchema):
    """A cohort to issue letters to as a batch."""

    class Meta:
        """The school is the key's own."""

        exclude = ("school",)

    pupils = _SomeRows(
        fields.Nested(record_schema(False)),
        required=True,
        validate=validate.Length(min=1),
        fault=Fault("wrong-shape", "Give pupils as a list of at least one object."),
    )
    nothing_sent = _Flag(fault=_TRUE_OR_FALSE)
    by = _Words(allow_none=True, fault=_TEXT)
    meetings = _Rows(
        fields.Nested(MeetingSlotSchema), fault=Fault("wrong-shape", "Give meetings as a list of objects.")
    )


class CohortFileSchema(Schema):
    """A file with the pupils of a cohort."""

    noun: ClassVar[str] = "a cohort"

    on = _Day(allow_none=True, fault=_NO_DATE)
    calendar = Calendar()
    pupils = _Rows(fields.Raw(), required=True, fault=Fault("missing", "Give the pupils as a list."))


class PupilFileSchema(Schema):
    """A file with one pupil and what belongs to it."""

    noun: ClassVar[str] = "this file"

    on = _Day(allow_none=True, fault=_NO_DATE)
    calendar = Calendar()
    pupil = _Pupil(record_schema(False), required=True, fault=_PUPIL)


Shape = AskedSchema | CohortFileSchema | PupilFileSchema


def read_words(shape: Shape, values: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """The words of a request or file that could be read; what is wrong with the others goes to `problems`."""
    try:
        loaded = shape.load(values)
    except ValidationError as error:
        problems += first_problems(_problems_of(error.messages_dict, shape))
        loaded = error.valid_data
    return dict(loaded) if isinstance(loaded, Mapping) else {}


def _problems_of(messages: Mapping[str, Any], shape: Shape) -> Iterator[Problem]:
    for path, fault in flatten_messages(messages):
        pointer = "".join(f"/{pointer_part(part)}" for part in path if part != "_schema")
        if isinstance(fault, Fault):
            yield Problem(fault.code, str(fault), pointer)
        else:
            near = did_you_mean(path[0], shape.fields)
            yield Problem("unknown-word", f'"{path[0]}" is not a field of {shape.noun}.{near}', pointer)
